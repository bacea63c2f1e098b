"""Subject access exports over HTTP: as JSON, or as a page that can be read and printed."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Request, Response
from pydantic import BaseModel

from services.register.domain.rights.disclosure import Purpose
from services.register.operations.rights import exports
from services.register.operations.rights.exports import Export
from services.register.routes.fields import Body, NumberText
from services.register.routes.rights.export_page import page_of_export
from shared.disclosures import PRIVATE, Rendered, discloses
from shared.idempotency import Answered
from shared.web import Db, Now, OncePerRequest, Who, guarded_router, needs, said

router = guarded_router("rights")
PAGE = "text/html"


class ExportIn(Body):
    """Whose record is asked for."""

    number: NumberText


class RecordsOut(BaseModel):
    """The rows of one table: each as it is stored, superseded versions too. `kept_days` null is for ever."""

    relation: str
    record_class: str
    kept_days: int | None
    rows: list[dict[str, Any]]


class ExportOut(BaseModel):
    """Everything held on a person; `association` names whose view it is, null is the whole."""

    number: str
    numbers: list[str]
    association: str | None
    made_at: datetime
    policy_version: str
    records: Annotated[list[RecordsOut], PRIVATE]

    @classmethod
    def of(cls, made: Export) -> "ExportOut":
        """Return the export as it is answered."""
        return cls(
            number=made.number,
            numbers=list(made.numbers),
            association=made.association,
            made_at=made.made_at,
            policy_version=made.policy_version,
            records=[
                RecordsOut(
                    relation=each.relation,
                    record_class=each.record_class,
                    kept_days=each.kept_days,
                    rows=each.rows,
                )
                for each in made.records
            ],
        )


@router.post(
    "/v1/subject-access-exports",
    operation_id="exportSubject",
    status_code=201,
    response_model=ExportOut,
    responses={201: {"content": {PAGE: {}}, "description": "The export, as the Accept header asks."}},
    openapi_extra=needs("register:decide", "members:write") | discloses(Purpose.SUBJECT_ACCESS),
)
async def export_subject(
    body: ExportIn, request: Request, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Give out everything that is held on a person: a registrar all of it, an association what it may see.

    With `Accept: text/html` it is a page for the person to read and print.
    """
    once = maker.rendering(ExportOut.of)
    as_page = PAGE in request.headers.get("accept", "")
    try:
        await exports.export(db, once, number=body.number, actor=who, now=now)
    except Answered as before:
        if not as_page:
            raise
        return _page(before.body)
    response = said(once)
    return _page(bytes(response.body).decode()) if as_page else response


def _page(answer: str) -> Response:
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    }
    page = page_of_export(ExportOut.model_validate_json(answer).model_dump(mode="json"))
    return Rendered(page, answer=answer, status_code=201, media_type=PAGE, headers=headers)
