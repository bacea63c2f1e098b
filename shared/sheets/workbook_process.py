"""A workbook read in a process of its own: standard input to JSON on standard output.

A few bytes can claim more cells than any memory holds, and the library then ends its process at once; so it
never reads in ours. Run by path with nothing of ours importable and no environment; it limits its own
memory and time.
"""

import datetime
import io
import json
import resource
import sys

import python_calamine

MOST_MEMORY = 2 * 1024**3
MOST_SECONDS = 60
# A text that is kept once and named by every cell makes a small file claim more than anybody typed.
MOST_CHARACTERS = 50_000_000
LOCKED, UNREADABLE, EMPTY, TOO_LARGE = 10, 11, 12, 13


def main() -> int:
    """Write the first visible sheet that has cells, row by row from the top, as lists of texts."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        rows = _first_filled(book)
    except python_calamine.PasswordError:
        return LOCKED
    except (python_calamine.CalamineError, ValueError, OSError):
        return UNREADABLE
    if rows is None:
        return EMPTY
    if sum(len(cell) for row in rows for cell in row) > MOST_CHARACTERS:
        return TOO_LARGE
    json.dump(rows, sys.stdout)
    return 0


def _first_filled(book: python_calamine.CalamineWorkbook) -> list[list[str]] | None:
    for sheet in book.sheets_metadata:
        if sheet.visible is not python_calamine.SheetVisibleEnum.Visible:
            continue
        if sheet.typ is not python_calamine.SheetTypeEnum.WorkSheet:
            continue
        # The empty rows above are kept, so that a row has the number that Excel shows.
        rows = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
        if rows:
            return [[_text(cell) for cell in row] for row in rows]
    return None


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(" ")
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    return str(cell)


if __name__ == "__main__":
    sys.exit(main())
