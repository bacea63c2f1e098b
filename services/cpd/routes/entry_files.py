"""Files of entries over HTTP: CSV however it was saved, or a workbook, and what became of each row."""

from collections import Counter
from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import BaseModel

from services.cpd.domain import entry_file as rules
from services.cpd.domain.access import own_association
from services.cpd.operations import entry_files
from services.cpd.operations.entries import Item
from services.cpd.operations.entry_files import RowOutcome, RowResult
from services.cpd.routes.entry_bodies import EntryProblem, item, problem
from shared.errors import Refusal
from shared.sheets.outcomes import OutcomeFormat, as_csv
from shared.sheets.reading import REQUEST_BODY, FileRow, read
from shared.sheets.text import LARGEST_FILE
from shared.web import Db, Now, Who, guarded_router, needs

router = guarded_router("log")
PATH = "/v1/entry-files"


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
    openapi_extra=needs("cpd:write", largest_body=LARGEST_FILE) | {"requestBody": REQUEST_BODY},
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
    rows = await read(
        await request.body(), rules.FORM, key="entry_id", own=column or [], most=rules.MOST_ROWS
    )
    items = [_item(each) for each in rows]
    results = await entry_files.take(db, items=items, dry_run=dry_run, actor=who, now=now)
    judged = [(row.number, result) for row, result in zip(rows, results, strict=True)]
    if form is OutcomeFormat.CSV:
        told = ((number, each.entry_id, each.outcome.value, each.refusal) for number, each in judged)
        return Response(as_csv("entry_id", told), media_type="text/csv; charset=utf-8")
    shown = [_row(number, each) for number, each in judged]
    counts = Counter(each.outcome for each in shown)
    said = EntryFileOut(dry_run=dry_run, counts={each: counts[each] for each in RowOutcome}, rows=shown)
    return Response(said.model_dump_json(), media_type="application/json")


def _item(row: FileRow) -> Item:
    if isinstance(row.told, Refusal):
        return Item(entry_id=row.key, entry=row.told)
    return item(rules.as_entry(row.told), entry_id=row.key)


def _row(number: int, result: RowResult) -> FileRowOut:
    refusal = result.refusal
    return FileRowOut(
        row=number,
        entry_id=result.entry_id,
        outcome=result.outcome,
        problem=None if refusal is None else problem(refusal),
    )
