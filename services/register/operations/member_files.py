"""Member files as they are sent: bytes to rows of text, with where each row stands in the file."""

import asyncio
import csv
import io
import re
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
from services.register.operations.workbooks import is_workbook, read_workbook
from shared.errors import TooLarge, Unprocessable

LARGEST_FILE = 25 * 1024 * 1024
MOST_ROWS = 100_000
DELIMITERS = ",;\t|"

_TWO_BYTES = re.compile(rb"[\xc3-\xc5][\x80-\xbf]")
_BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


class FileTooLarge(TooLarge):
    """A member file may have at most 25 MB and 100,000 rows: send it in parts."""


class TextNotReadable(Unprocessable):
    """Line {line} of the file has characters that can be read neither as UTF-8 nor as Windows text. Save the
    file as “CSV UTF-8” and send it again."""


class TextMixed(Unprocessable):
    """Most of the file is UTF-8, but line {line} is not, so names would be spoilt. Save the file as
    “CSV UTF-8” and send it again."""


class QuotationNotClosed(Unprocessable):
    """A quotation mark in the row that begins on line {line} of the file is not closed, or stands inside a
    cell, where it has to be written twice."""


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


def read_text(content: bytes) -> list[list[str]]:
    """Return the rows of a CSV file: UTF-8, UTF-16 or Windows-1252; comma, semicolon, tab or bar."""
    text = decoded(content)
    try:
        return list(
            _limited(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True))
        )
    except csv.Error:
        line = _line_of_fault(text)
        raise QuotationNotClosed(line=line) from None


def decoded(content: bytes) -> str:
    """Return the text of a file; raises TextMixed or TextNotReadable rather than spoil a name."""
    for mark, encoding in _BOMS.items():
        if content.startswith(mark) and encoding == "utf-16":
            return _strictly(content, encoding)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        if _TWO_BYTES.search(content):
            raise TextMixed(line=content.count(b"\n", 0, fault.start) + 1) from None
    return _strictly(content, "cp1252")


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as fault:
        raise TextNotReadable(line=content.count(b"\n", 0, fault.start) + 1) from None


def _delimiter(text: str) -> str:
    """Return what divides the cells: what occurs most often outside quotation marks in the first lines."""
    start = "\n".join(text[:20_000].splitlines()[:10])
    bare = re.sub(r'"[^"]*"', "", start)
    return max(DELIMITERS, key=lambda mark: (bare.count(mark), -DELIMITERS.index(mark)))


def _limited(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    for place, row in enumerate(reader):
        # The header and a title may stand above the rows.
        if place > MOST_ROWS + 20:
            raise FileTooLarge
        yield row


def _line_of_fault(text: str) -> int:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    start = 1
    try:
        for _ in reader:
            start = reader.line_num + 1
    except csv.Error:
        pass
    return start


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
