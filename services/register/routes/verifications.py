"""Verifications over HTTP: up to 10,000 numbers in one request, one outcome for each row asked."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from services.register.domain.rights.disclosure import Purpose
from services.register.operations import verifications
from services.register.operations.verdicts import Axes
from services.register.operations.verifications import MOST_ROWS
from services.register.routes.licences import EXAMPLE, SAID, LicenceOut
from services.register.routes.verification_rows import LONGEST_NAME, LONGEST_REFERENCE, read_question
from shared.disclosures import purpose_of
from shared.problems import ContentTypeNotAccepted
from shared.web import Db, Now, Who, guarded_router

router = guarded_router("verifications")


class VerificationRow(BaseModel):
    """One number to check, and what else is known of the person."""

    model_config = ConfigDict(extra="forbid")

    number: str = Field(description="As it was given to you; what is no number gets the outcome malformed.")
    reference: Annotated[str, Field(max_length=LONGEST_REFERENCE)] | None = Field(
        None, description="Your own; it comes back with the outcome."
    )
    family_name: Annotated[str, Field(max_length=LONGEST_NAME)] | None = Field(
        None, description="Compared without regard to accents, case and hyphens; previous names count."
    )
    date_of_birth: str | None = Field(None, description="As in 1980-02-29.")


class VerificationsIn(BaseModel):
    """The rows to check, and the day and instant to check them for."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"rows": [{"reference": "row-1", "number": "CR12345672", "family_name": "Nobody"}]},
            ]
        },
    )

    rows: list[VerificationRow] = Field(max_length=MOST_ROWS)
    valid_at: str | None = Field(None, description="A day; today, or the day of known_at, if not said.")
    known_at: str | None = Field(None, description="An instant with its offset; now, if not said.")


class VerificationOut(LicenceOut):
    """What the register says of one row."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reference": "row-1"} | EXAMPLE | SAID]})

    reference: str | None = Field(description="The caller's own reference of the row.")


class VerificationsOut(BaseModel):
    """One outcome for each row asked, in the caller's order."""

    items: list[VerificationOut]


async def _each(pieces: list[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


def _request_body() -> dict[str, Any]:
    """Describe the body that is read by hand, whole and in one place."""
    schema = VerificationsIn.model_json_schema()
    schema["properties"]["rows"]["items"] = schema.pop("$defs")["VerificationRow"]
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


@router.post(
    "/v1/verifications", operation_id="verify", response_model=VerificationsOut, openapi_extra=_request_body()
)
async def verify(request: Request, db: Db, who: Who, now: Now) -> Response:
    """Check many numbers at once, each with a second fact if you have one.

    A second fact that differs is told, as `details_do_not_match`, only to callers with one of the scopes
    checks:write, people:match, members:write, register:decide or internal; all others read `never_issued`.
    A date of birth that is confirmed is written down as a disclosure; Disclosure-Purpose may say what for.
    Without a token, at most 100 rows; with one, at most 10,000.
    """
    if "application/json" not in request.headers.get("content-type", ""):
        raise ContentTypeNotAccepted
    question = read_question(await request.body())
    axes = Axes.chosen(valid_at=question.valid_at, known_at=question.known_at, now=now)
    purpose = purpose_of(request, Purpose.VERIFICATION)
    pieces = await verifications.verify(db, question.batch, axes=axes, purpose=purpose, actor=who, now=now)
    headers = {"Cache-Control": "no-store", "Content-Length": str(sum(map(len, pieces)))}
    return StreamingResponse(_each(pieces), media_type="application/json", headers=headers)
