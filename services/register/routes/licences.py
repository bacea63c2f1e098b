"""Licences over HTTP: the described route, which takes a day and an instant."""

from typing import Annotated, Any

from fastapi import Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.register.domain.person import parse_number
from services.register.domain.verdict import VerdictCode
from services.register.operations import verdicts
from services.register.operations.verdicts import Axes
from services.register.routes.axes import KnownAt, ValidAt, only_these_parameters
from services.register.routes.licence_lookup import PATH, answer
from shared.web import Db, Now, guarded_router

router = guarded_router("licences")

EXAMPLE: dict[str, Any] = {
    "number": "CR12345672",
    "verdict": "licensed",
    "may_give_personal_guidance": True,
    "scopes": ["personal_guidance"],
    "membership_level": "professional",
    "specialisms": ["stem"],
    "conditions": [],
    "sanctions": [],
    "valid_from": "2026-01-01",
    "valid_to": "2026-12-31",
    "kept_number": None,
    "reasons": ["licence-in-force"],
    "sentence": "This person is licensed to practise until the end of 31 December 2026 and may give personal "
    "careers guidance: nothing more is needed, but check again after that day.",
}
SAID: dict[str, Any] = {
    "valid_at": "2026-11-21",
    "known_at": "2026-11-21T09:30:00Z",
    "journal_position": 4711,
}
MERGED: dict[str, Any] = {
    **EXAMPLE,
    "verdict": "merged",
    "may_give_personal_guidance": False,
    "scopes": [],
    "membership_level": None,
    "specialisms": [],
    "valid_from": None,
    "valid_to": None,
    "kept_number": "CR00000017",
    "reasons": ["merged-into-kept-number"],
    "sentence": "This number was joined to CR00000017: look that number up, it holds the record.",
}


class PublicSanctionOut(BaseModel):
    """A sanction as the public may know it; both days are included, and an end of null is open."""

    model_config = ConfigDict(populate_by_name=True)

    kind: str
    public_reason: str
    from_: str = Field(alias="from")
    to: str | None


class VerdictOut(BaseModel):
    """What the register says of one number, in the closed vocabulary that it uses everywhere."""

    number: str | None = Field(description="The canonical number; null where none could be read.")
    verdict: VerdictCode
    may_give_personal_guidance: bool
    scopes: list[str]
    membership_level: str | None
    specialisms: list[str]
    conditions: list[str] = Field(description="The public text of each condition in force.")
    sanctions: list[PublicSanctionOut]
    valid_from: str | None = Field(description="The first day of the licence that is spoken of.")
    valid_to: str | None = Field(description="Its last day, in Europe/London, to the end of that day.")
    kept_number: str | None = Field(description="After a merge, the number that holds the record.")
    reasons: list[str] = Field(description="Stable codes that say why.")
    sentence: str = Field(description="What it means and what to do next, in plain words.")


class LicenceOut(VerdictOut):
    """A verdict, the day and the instant that it is about, and how far the journal had come."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE | SAID]})

    valid_at: str
    known_at: str
    journal_position: int


def _example(summary: str, content: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": summary,
        "model": LicenceOut,
        "content": {"application/json": {"example": content}},
        "headers": {"ETag": {"schema": {"type": "string"}}},
    }


@router.get(
    PATH,
    operation_id="getLicence",
    response_model=LicenceOut,
    responses={
        200: _example("The verdict for a number that was issued.", EXAMPLE | SAID),
        304: {"description": "The answer is the one whose ETag was sent in If-None-Match."},
        308: _example("The record was merged into another: Location leads to it.", MERGED | SAID),
    },
)
async def get_licence(
    request: Request,
    number: Annotated[
        str, Path(description="A registration number; case, spaces and hyphens do not matter.")
    ],
    db: Db,
    now: Now,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
) -> Response:
    """Say whether somebody is licensed to practise, on a day, as it was known at an instant.

    Without parameters, it is today and now. A day or an instant to come is answered from what is known now,
    and `reasons` says so: `valid-at-is-in-the-future`, `known-at-is-in-the-future`.
    """
    only_these_parameters(request, "valid_at", "known_at")
    canonical = parse_number(number)
    axes = Axes.chosen(valid_at=valid_at, known_at=known_at, now=now)
    found = await verdicts.bodies(db, [canonical], axes=axes)
    text = found.by_number.get(canonical)
    if text is None:
        raise verdicts.not_issued(canonical)
    tags = request.headers.get("if-none-match")
    status, headers, body = answer(text, found, known_tags=tags, query=request.url.query)
    response = Response(body, status_code=status)
    response.raw_headers = headers
    return response
