"""Retirements over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import Response
from pydantic import BaseModel

from services.register.domain.rights.disclosure import Purpose
from services.register.operations import retirements
from services.register.operations.retirements import Retirement, Wish
from services.register.routes.fields import Body, Day, MemberId, NumberText, Sentence
from shared.disclosures import PRIVATE, discloses
from shared.web import Db, Now, OncePerRequest, Who, guarded_router, needs, said

router = guarded_router("retirements")


class RetirementIn(Body):
    """Who retires, by registration number or by the association's own member id, and from which day on."""

    number: NumberText | None = None
    member_id: MemberId | None = None
    retired_on: Day
    reason: Sentence | None = None


class RetirementOut(BaseModel):
    """A retirement: from `retired_on` the person is no longer on the register."""

    number: str
    retired_on: date
    reason: Annotated[str | None, PRIVATE]

    @classmethod
    def of(cls, retirement: Retirement) -> "RetirementOut":
        """Return the retirement as it is shown."""
        return cls(number=retirement.number, retired_on=retirement.retired_on, reason=retirement.reason)


@router.post(
    "/v1/retirements",
    operation_id="retire",
    status_code=201,
    response_model=RetirementOut,
    openapi_extra=needs("members:write", "register:decide") | discloses(Purpose.MEMBERSHIP),
)
async def retire(body: RetirementIn, maker: OncePerRequest, db: Db, who: Who, now: Now) -> Response:
    """Retire somebody from the register: an association its own member, a registrar anyone."""
    once = maker.rendering(RetirementOut.of, location=lambda retirement: f"/v1/licences/{retirement.number}")
    wish = Wish(number=body.number, member_id=body.member_id, retired_on=body.retired_on, reason=body.reason)
    await retirements.retire(db, once, wish=wish, actor=who, now=now)
    return said(once)
