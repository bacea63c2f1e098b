"""Duplicate awards over HTTP, for the body that told them and anybody who checks it."""

from datetime import date
from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import BaseModel, ConfigDict

from services.kitemark.operations.policing import duplicates
from services.kitemark.routes.axes import only_these_parameters
from shared.paging import After, Limit
from shared.web import Db, guarded_router, page_body

router = guarded_router("awards")


class ToldAsOut(BaseModel):
    """An award by its body's own id, and its first and last day."""

    model_config = ConfigDict(from_attributes=True)

    body: str
    external_id: str
    valid_from: date
    valid_to: date


class DuplicateOut(BaseModel):
    """Two awards that look like one; `earlier` was told first."""

    model_config = ConfigDict(from_attributes=True)

    school: str
    scheme: str
    stage: str
    earlier: ToldAsOut
    later: ToldAsOut


class DuplicatePage(BaseModel):
    """Some pairs, and the cursor of the next page where there is one."""

    items: list[DuplicateOut]
    next: str | None


@router.get("/v1/awards/duplicates", operation_id="listDuplicateAwards", response_model=DuplicatePage)
async def list_duplicate_awards(
    request: Request,
    response: Response,
    db: Db,
    body: Annotated[str | None, Query(max_length=100)] = None,
    limit: Limit = 50,
    after: After = None,
) -> DuplicatePage:
    """List awards of one school, scheme and stage whose days overlap under two ids, as they are known now.

    What was withdrawn is not listed, nor is an award beside the one that it says it reassesses.
    """
    only_these_parameters(request, "body", "limit", "after")
    found = await duplicates.page(db, body=body, after=after, limit=limit)
    items = [DuplicateOut.model_validate(each) for each in found.items]
    shown: DuplicatePage = page_body(
        request, response, DuplicatePage(items=items, next=found.next), next_cursor=found.next
    )
    return shown
