"""A file of rows, whatever it was saved as, read against what its rows may tell."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shared.errors import Refusal, TooLarge, Unprocessable
from shared.sheets.table import Form, columns_of, named, told
from shared.sheets.text import LARGEST_FILE, FileTooLarge, read_text
from shared.sheets.workbooks import is_workbook, read_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REQUEST_BODY = {
    "required": True,
    "content": {
        "text/csv": {"schema": {"type": "string"}},
        XLSX: {"schema": {"type": "string", "format": "binary"}},
    },
}


class FileHasNoRows(Unprocessable):
    """There are no rows under the names of the columns."""


class FileHasTooManyRows(TooLarge):
    """This file may have at most {most} rows: send it in parts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FileRow:
    """A row by its number as a spreadsheet counts, and what it tells or why it cannot be read.

    ``key`` is the text of the column that names the row, as far as it goes.
    """

    number: int
    key: str
    told: dict[str, Any] | Refusal


async def read(content: bytes, form: Form, *, key: str, own: Sequence[str], most: int) -> list[FileRow]:
    """Return the rows of a CSV file or a workbook under its header; ``own`` are names as ``Theirs=ours``.

    Raises what is wrong with the file as a whole.
    """
    if len(content) > LARGEST_FILE:
        raise FileTooLarge
    if is_workbook(content):
        rows = await read_workbook(content)
    else:
        rows = await asyncio.to_thread(read_text, content)
    return await asyncio.to_thread(_understood, rows, form, key, named(form, own), most)


def _understood(
    rows: Sequence[Sequence[str]], form: Form, key: str, own: dict[str, str], most: int
) -> list[FileRow]:
    filled = [(number, row) for number, row in enumerate(rows, start=1) if "".join(row).strip()]
    if not filled:
        raise FileHasNoRows
    header = [name.strip() for name in filled[0][1]]
    while header and not header[-1]:
        header.pop()
    columns = columns_of(form, header, own)
    if len(filled) == 1:
        raise FileHasNoRows
    if len(filled) > most + 1:
        raise FileHasTooManyRows(most=most)
    place = columns.index(key)
    return [
        FileRow(
            number=number,
            key=row[place].strip()[:64] if place < len(row) else "",
            told=_told(form, columns, row),
        )
        for number, row in filled[1:]
    ]


def _told(form: Form, columns: Sequence[str], row: Sequence[str]) -> dict[str, Any] | Refusal:
    try:
        return told(form, columns, row)
    except Refusal as refusal:
        return refusal
