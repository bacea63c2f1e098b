"""Member files as they are sent: bytes to rows of text, with where each row stands in the file."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from services.register.domain.member_cells import member_id_of
from services.register.domain.member_file import (
    Field,
    FileHasNoRows,
    FileMapping,
    Layout,
    find_header,
    lay_out,
)
from shared.sheets.text import LARGEST_FILE, MOST_ROWS, FileTooLarge, read_text
from shared.sheets.workbooks import is_workbook, read_workbook


class FileRow(NamedTuple):
    """One row: its number as a spreadsheet shows it, and the row above that has the same member number."""

    number: int
    repeats: int | None
    cells: list[str]


@dataclass(frozen=True, slots=True)
class MemberFile:
    """A file whose columns are understood, with its rows."""

    layout: Layout
    rows: Sequence[FileRow]


async def read_member_file(content: bytes, mapping: FileMapping) -> MemberFile:
    """Read a CSV file or an Excel workbook; raises what is wrong with the file as a whole."""
    if len(content) > LARGEST_FILE:
        raise FileTooLarge
    if is_workbook(content):
        rows = await read_workbook(content)
        return await asyncio.to_thread(_understood, rows, mapping)
    return await asyncio.to_thread(lambda: _understood(read_text(content), mapping))


def _understood(rows: list[list[str]], mapping: FileMapping) -> MemberFile:
    header = find_header(rows, mapping)
    layout = lay_out(rows[header], mapping)
    found = list(_filled(rows, header + 1, layout))
    if not found:
        raise FileHasNoRows
    if len(found) > MOST_ROWS:
        raise FileTooLarge
    return MemberFile(layout=layout, rows=found)


def _filled(rows: Sequence[list[str]], start: int, layout: Layout) -> Iterator[FileRow]:
    place = layout.place(Field.MEMBER_ID)
    first: dict[str, int] = {}
    width = len(layout.columns)
    for number, cells in enumerate(rows[start:], start=start + 1):
        if not "".join(cells).strip():
            continue
        member = member_id_of(cells[place]) if place is not None and place < len(cells) else ""
        repeats = first.setdefault(member, number) if member else number
        # A workbook pads every row to its widest; a row that is longer than the columns is shown as it is.
        kept = cells if len(cells) <= width or any(cells[width:]) else cells[:width]
        yield FileRow(number, repeats if repeats != number else None, kept)
