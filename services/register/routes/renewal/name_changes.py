"""Changes of name over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import Response
from pydantic import BaseModel, Field

from services.register.operations.renewal import name_changes
from services.register.operations.renewal.name_changes import NewName, Renamed
from services.register.routes.fields import Body, Day, Line, MemberId, NumberText
from shared.web import Db, Now, OncePerRequest, Who, guarded_router, needs, said

router = guarded_router("name-changes")


class NameChangeIn(Body):
    """Who goes by which name from which day on, by registration number or by the association's member id."""

    number: NumberText | None = None
    member_id: MemberId | None = None
    given_names: Line
    family_name: Line
    changed_on: Day
    evidence_reference: Annotated[Line, Field(min_length=1)]


class ChangedNameOut(BaseModel):
    """A name."""

    given_names: str
    family_name: str


class NameChangeOut(BaseModel):
    """A change of name: the name from `changed_on` on, and the one that is a previous name now."""

    number: str
    name: ChangedNameOut
    previous_name: ChangedNameOut
    changed_on: date

    @classmethod
    def of(cls, renamed: Renamed) -> "NameChangeOut":
        """Return the change as it is shown."""
        name, previous = (
            ChangedNameOut(given_names=each.given_names, family_name=each.family_name)
            for each in (renamed.name, renamed.previous)
        )
        return cls(number=renamed.number, name=name, previous_name=previous, changed_on=renamed.changed_on)


@router.post(
    "/v1/name-changes",
    operation_id="changeName",
    status_code=201,
    response_model=NameChangeOut,
    openapi_extra=needs("members:write", "register:decide"),
)
async def change_name(body: NameChangeIn, maker: OncePerRequest, db: Db, who: Who, now: Now) -> Response:
    """Record that somebody goes by another name: an association its own member, a registrar anyone."""
    once = maker.rendering(NameChangeOut.of, location=lambda renamed: f"/v1/practitioners/{renamed.number}")
    wanted = NewName(
        number=body.number,
        member_id=body.member_id,
        given_names=body.given_names,
        family_name=body.family_name,
        changed_on=body.changed_on,
        evidence_reference=body.evidence_reference,
    )
    await name_changes.change(db, once, wanted=wanted, actor=who, now=now)
    return said(once)
