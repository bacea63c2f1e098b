"""Files of entries over HTTP: CSV however it was saved, or a workbook, and what became of each row."""

import asyncio
import csv
import io
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import BaseModel

from services.cpd.domain import entry_file as rules
from services.cpd.domain.access import own_association
from services.cpd.domain.entry_file import Column, FileHasNoRows
from services.cpd.operations import entry_files
from services.cpd.operations.entries import Item
from services.cpd.operations.entry_files import RowOutcome, RowResult
from services.cpd.routes.entry_bodies import EntryProblem, item, problem
from shared.errors import FieldError, Refusal
from shared.sheets.text import LARGEST_FILE, FileTooLarge, read_text
from shared.sheets.workbooks import is_workbook, read_workbook
from shared.web import Db, Now, Who, guarded_router, needs

router = guarded_router("log")
PATH = "/v1/entry-files"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 20_000
BODY = {
    "required": True,
    "content": {
        "text/csv": {"schema": {"type": "string"}},
        XLSX: {"schema": {"type": "string", "format": "binary"}},
    },
}


class OutcomeFormat(StrEnum):
    """How the outcomes are written."""

    JSON = "json"
    CSV = "csv"


class FileRowOut(BaseModel):
    """What one row came to; `row` is as a spreadsheet counts."""

    row: int
    entry_id: str
    outcome: RowOutcome
    problem: EntryProblem | None


class EntryFileOut(BaseModel):
    """What came of a file; of a dry run, what would."""

    dry_run: bool
    counts: dict[RowOutcome, int]
    rows: list[FileRowOut]


@router.post(
    PATH,
    operation_id="takeEntryFile",
    response_model=EntryFileOut,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
    openapi_extra=needs("cpd:write", largest_body=LARGEST_FILE) | {"requestBody": BODY},
)
async def take_entry_file(
    request: Request,
    db: Db,
    who: Who,
    now: Now,
    dry_run: bool = False,
    form: Annotated[OutcomeFormat, Query(alias="format")] = OutcomeFormat.JSON,
    column: Annotated[
        list[str] | None,
        Query(description="A column of yours and what it holds, such as `Claimed=hours`; may be repeated."),
    ] = None,
) -> Response:
    """Bring many entries up to what the rows of a file tell, up to 20,000 rows at once.

    Each row is one entry by your own id; lists stand in one cell with semicolons; codes may be written as
    their titles. A row that is refused leaves the others as they would be. The same file again changes
    nothing, so it needs no Idempotency-Key, and one that was cut off is sent again.
    """
    own_association(who)  # before a file of theirs is read
    rows, items = await _read(await request.body(), column or [])
    results = await entry_files.take(db, items=items, dry_run=dry_run, actor=who, now=now)
    shown = [_row(number, result) for number, result in zip(rows, results, strict=True)]
    if form is OutcomeFormat.CSV:
        return Response(_as_csv(shown), media_type="text/csv; charset=utf-8")
    counts = Counter(each.outcome for each in shown)
    said = EntryFileOut(dry_run=dry_run, counts={each: counts[each] for each in RowOutcome}, rows=shown)
    return Response(said.model_dump_json(), media_type="application/json")


async def _read(content: bytes, own: Sequence[str]) -> tuple[list[int], list[Item]]:
    """Return the numbers of the rows and what each tells."""
    if len(content) > LARGEST_FILE:
        raise FileTooLarge
    if is_workbook(content):
        rows = await read_workbook(content)
    else:
        rows = await asyncio.to_thread(read_text, content)
    return await asyncio.to_thread(_understood, rows, own)


def _understood(rows: Sequence[Sequence[str]], own: Sequence[str]) -> tuple[list[int], list[Item]]:
    filled = [(number, row) for number, row in enumerate(rows, start=1) if "".join(row).strip()]
    if not filled:
        raise FileHasNoRows
    header = [name.strip() for name in filled[0][1]]
    while header and not header[-1]:
        header.pop()
    columns = rules.columns_of(header, dict(_pair(each) for each in own))
    told = filled[1:]
    if not told:
        raise FileHasNoRows
    if len(told) > MOST_ROWS:
        raise rules.TooManyEntries(most=MOST_ROWS)
    return [number for number, _ in told], [_item(row, columns) for _, row in told]


def _pair(given: str) -> tuple[str, str]:
    theirs, mark, ours = given.rpartition("=")
    if not mark or ours.strip() not in set(Column):
        allowed = ", ".join(each.value for each in Column)
        error = FieldError("query:/column", "not-a-pair", f"Write Your name=ours; ours is one of: {allowed}.")
        raise rules.EntryColumnsNotUnderstood(errors=[error])
    return theirs.strip(), ours.strip()


def _item(row: Sequence[str], columns: Sequence[Column]) -> Item:
    place = columns.index(Column.ENTRY_ID)
    entry_id = row[place].strip()[:64] if place < len(row) else ""
    try:
        return item(rules.told(row, columns), entry_id=entry_id)
    except Refusal as refusal:
        return Item(entry_id=entry_id, entry=refusal)


def _row(number: int, result: RowResult) -> FileRowOut:
    refusal = result.refusal
    return FileRowOut(
        row=number,
        entry_id=result.entry_id,
        outcome=result.outcome,
        problem=None if refusal is None else problem(refusal),
    )


def _as_csv(rows: Sequence[FileRowOut]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["row", "entry_id", "outcome", "code", "message"])
    for each in rows:
        said = each.problem
        parts = [said.detail, *(f"{one.pointer}: {one.detail}" for one in said.errors)] if said else []
        code = said.code if said else ""
        writer.writerow([each.row, _inert(each.entry_id), each.outcome.value, code, _inert(" ".join(parts))])
    return text.getvalue()


def _inert(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
