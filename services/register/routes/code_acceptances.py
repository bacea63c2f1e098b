"""Acceptance of the code of ethics over HTTP."""

from datetime import date, datetime

from fastapi import Response
from pydantic import BaseModel

from services.register.operations import code_acceptances
from services.register.operations.code_acceptances import Accepted
from services.register.routes.fields import Body, Code, Day, MemberId
from shared.web import Db, Now, OncePerRequest, Who, guarded_router, needs, said

router = guarded_router("code acceptances")


class CodeAcceptanceIn(Body):
    """That a member of one's own accepted a version of the code of ethics."""

    member_id: MemberId
    code_version: Code
    accepted_on: Day


class CodeAcceptanceOut(BaseModel):
    """The acceptance as it stands: the first of a version, however often it is told."""

    registration_number: str
    code_version: str
    accepted_on: date
    recorded_at: datetime
    new: bool

    @classmethod
    def of(cls, accepted: Accepted) -> "CodeAcceptanceOut":
        """Return the acceptance as it is answered."""
        return cls(
            registration_number=accepted.number,
            code_version=accepted.acceptance.code_version,
            accepted_on=accepted.acceptance.accepted_on,
            recorded_at=accepted.acceptance.recorded_at,
            new=accepted.new,
        )


@router.post(
    "/v1/code-acceptances",
    operation_id="acceptCode",
    response_model=CodeAcceptanceOut,
    openapi_extra=needs("members:write"),
)
async def accept_code(body: CodeAcceptanceIn, maker: OncePerRequest, db: Db, who: Who, now: Now) -> Response:
    """Record that a member accepted a version of the code. Told again, it changes nothing."""
    once = maker.rendering(CodeAcceptanceOut.of, status=200)
    await code_acceptances.accept(
        db,
        member_id=body.member_id,
        code_version=body.code_version,
        accepted_on=body.accepted_on,
        actor=who,
        now=now,
        once=once,
    )
    return said(once)
