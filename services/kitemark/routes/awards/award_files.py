"""Files of awards over HTTP: CSV however it was saved, or a workbook, and what became of each row."""

from collections import Counter
from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import BaseModel

from services.kitemark.domain.awards import award_file as rules
from services.kitemark.operations.awards import award_files
from services.kitemark.operations.awards.award_files import RowOutcome, RowResult
from services.kitemark.operations.awards.awards import Item
from services.kitemark.operations.awards.records import own_body
from services.kitemark.routes.awards.award_bodies import ProblemOut, item
from shared.errors import Refusal
from shared.sheets.outcomes import OutcomeFormat, as_csv
from shared.sheets.reading import REQUEST_BODY, FileRow, read
from shared.sheets.text import LARGEST_FILE
from shared.web import Db, Now, Who, guarded_router, needs

router = guarded_router("awards")


class AwardRowOut(BaseModel):
    """What one row came to; `row` is as a spreadsheet counts."""

    row: int
    award_id: str
    outcome: RowOutcome
    problem: ProblemOut | None


class AwardFileOut(BaseModel):
    """What came of a file; of a dry run, what would."""

    dry_run: bool
    counts: dict[RowOutcome, int]
    rows: list[AwardRowOut]


@router.post(
    "/v1/award-files",
    operation_id="takeAwardFile",
    response_model=AwardFileOut,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
    openapi_extra=needs("awards:write", largest_body=LARGEST_FILE) | {"requestBody": REQUEST_BODY},
)
async def take_award_file(
    request: Request,
    db: Db,
    who: Who,
    now: Now,
    dry_run: bool = False,
    form: Annotated[OutcomeFormat, Query(alias="format")] = OutcomeFormat.JSON,
    column: Annotated[
        list[str] | None,
        Query(description="A column of yours and what it holds, such as `Grade=stage`; may be repeated."),
    ] = None,
) -> Response:
    """Bring many awards up to what the rows of a file tell, up to 5,000 rows at once.

    Each row is one award by your own id. A row that is refused leaves the others as they would be. The same
    file again changes nothing, so it needs no Idempotency-Key, and one that was cut off is sent again.
    """
    own_body(who)  # before a file of theirs is read
    content = await request.body()
    rows = await read(content, rules.FORM, key="award_id", own=column or [], most=rules.MOST_ROWS)
    items = [_item(each) for each in rows]
    results = await award_files.take(db, items=items, dry_run=dry_run, actor=who, now=now)
    judged = [(row.number, result) for row, result in zip(rows, results, strict=True)]
    if form is OutcomeFormat.CSV:
        told = ((number, each.award_id, each.outcome.value, each.refusal) for number, each in judged)
        return Response(as_csv("award_id", told), media_type="text/csv; charset=utf-8")
    shown = [_row(number, each) for number, each in judged]
    counts = Counter(each.outcome for each in shown)
    said = AwardFileOut(dry_run=dry_run, counts={each: counts[each] for each in RowOutcome}, rows=shown)
    return Response(said.model_dump_json(), media_type="application/json")


def _item(row: FileRow) -> Item:
    if isinstance(row.told, Refusal):
        return Item(external_id=row.key, told=row.told)
    return item(row.told, award_id=row.key)


def _row(number: int, result: RowResult) -> AwardRowOut:
    refusal = result.refusal
    return AwardRowOut(
        row=number,
        award_id=result.award_id,
        outcome=result.outcome,
        problem=None if refusal is None else ProblemOut.of(refusal),
    )
