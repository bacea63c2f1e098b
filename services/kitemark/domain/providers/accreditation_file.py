"""A file of accreditations as the keeper of a standard's list writes it: read row by row, nothing guessed."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.errors import Conflict, Unprocessable

COLUMNS = ("id", "ukprn", "name", "standard", "edition", "valid_from", "valid_to", "withdrawn_on")
NEEDED = ("id", "ukprn", "standard", "valid_from", "valid_to")
MOST_ROWS = 10_000
LONGEST_CELL = 300
LONGEST_ID = 64
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_BRITISH = re.compile(r"([0-9]{2})[-/]([0-9]{2})[-/]([0-9]{4})")


class AccreditationFileNotReadable(Unprocessable):
    """This file of accreditations cannot be read: {reason}."""


class AccreditationFileOlder(Conflict):
    """A file of {keeper} as of {as_of} was read already: an older one would undo what it says."""


class AccreditationFileOfTheFuture(Unprocessable):
    """A file says how things stood on a day that is over: {as_of} has not come yet."""


class RowOutcome(StrEnum):
    """What became of a row."""

    RECORDED = "recorded"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class FileRow:
    """What one row tells; ``line`` is that of the file, ``name`` that of the provider where it is given."""

    line: int
    own_id: str
    ukprn: str
    name: str | None
    standard: str
    edition: str | None
    valid_from: date
    valid_to: date | None
    withdrawn_on: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class UnreadableRow:
    """A row that cannot be read, and why; ``own_id`` where that much can be read."""

    line: int
    own_id: str | None
    problem: str


class _Wrong(ValueError):
    """What is wrong with a row, in a sentence."""


def read_file(content: bytes) -> Sequence[FileRow | UnreadableRow]:
    """Return the rows of a CSV file in UTF-8 whose columns are found by name.

    A row that cannot be read leaves the others as they are. Raises AccreditationFileNotReadable where it is
    no such file, a column that is needed is missing, or the file ends in the middle of a quoted cell.
    """
    if b"\x00" in content:
        raise AccreditationFileNotReadable(reason="it contains NUL characters")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise AccreditationFileNotReadable(reason="save it as UTF-8") from None
    return list(_rows(csv.reader(io.StringIO(text), strict=True)))


def _rows(reader: Iterator[list[str]]) -> Iterator[FileRow | UnreadableRow]:
    try:
        header = _header(next(reader, []))
        count = 0
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            count += 1
            if count > MOST_ROWS:
                raise AccreditationFileNotReadable(
                    reason=f"it has more than {MOST_ROWS} rows: send two files"
                )
            yield _row(header, cells, line=getattr(reader, "line_num", 0))
    except csv.Error as fault:
        raise AccreditationFileNotReadable(reason=f"it ends or breaks inside a row ({fault})") from None


def _header(cells: Sequence[str]) -> Sequence[str]:
    names = [cell.strip().lower().replace(" ", "_") for cell in cells]
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise AccreditationFileNotReadable(
            reason=f"its first line names no column {', '.join(missing)}; there are {', '.join(COLUMNS)}"
        )
    twice = sorted({name for name in names if names.count(name) > 1 and name in COLUMNS})
    if twice:
        raise AccreditationFileNotReadable(reason=f"two of its columns are called {', '.join(twice)}")
    return names


def _row(header: Sequence[str], cells: Sequence[str], *, line: int) -> FileRow | UnreadableRow:
    told = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
    own_id = told.get("id", "")[:LONGEST_ID] or None
    try:
        if len(cells) != len(header):
            raise _Wrong(f"The row has {len(cells)} cells and the first line {len(header)}.")
        return _read(told, line=line)
    except _Wrong as wrong:
        return UnreadableRow(line=line, own_id=own_id, problem=str(wrong))


def _read(told: dict[str, str], *, line: int) -> FileRow:
    first = _day(told, "valid_from")
    if first is None:
        raise _Wrong("“valid_from” is missing.")
    return FileRow(
        line=line,
        own_id=_text(told, "id", most=LONGEST_ID),
        ukprn=_text(told, "ukprn", most=LONGEST_CELL),
        name=_text(told, "name", most=LONGEST_CELL) if told.get("name") else None,
        standard=_text(told, "standard", most=LONGEST_CELL),
        edition=_text(told, "edition", most=LONGEST_CELL) if told.get("edition") else None,
        valid_from=first,
        valid_to=_day(told, "valid_to"),
        withdrawn_on=_day(told, "withdrawn_on"),
    )


def _text(told: dict[str, str], name: str, *, most: int) -> str:
    text = told[name]
    if not text:
        raise _Wrong(f"“{name}” is missing.")
    if len(text) > most or not text.isprintable():
        raise _Wrong(f"“{name}” is longer than {most} characters, or has some that cannot be shown.")
    return text


def _day(told: dict[str, str], name: str) -> date | None:
    """Read a day as 2026-11-21, 21-11-2026 or 21/11/2026; an empty cell is None."""
    text = told.get(name, "")
    if not text:
        return None
    if iso := _ISO.fullmatch(text):
        year, month, of_month = iso.groups()
    elif british := _BRITISH.fullmatch(text):
        of_month, month, year = british.groups()
    else:
        raise _Wrong(f"“{name}” is written as 2026-11-21 or 21-11-2026.")
    try:
        day = date(int(year), int(month), int(of_month))
    except ValueError:
        raise _Wrong(f"“{name}” is no day of the calendar.") from None
    if not 1900 <= day.year <= 2999:
        raise _Wrong(f"“{name}” lies outside the years from 1900 to 2999.")
    return day
