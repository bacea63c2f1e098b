"""Deaths over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import Response
from pydantic import BaseModel, Field

from services.register.operations.renewal import deaths
from services.register.operations.renewal.deaths import Death
from services.register.routes.fields import Body, Day, Line, NumberText
from shared.web import Db, Now, OncePerRequest, Who, guarded_router, needs, said

router = guarded_router("deaths")


class DeathIn(Body):
    """Who has died, on which day, and where the evidence is."""

    number: NumberText
    died_on: Day
    evidence_reference: Annotated[Line, Field(min_length=1)]


class DeathOut(BaseModel):
    """A death as it was recorded: the entry and the licence end with the day."""

    number: str
    died_on: date

    @classmethod
    def of(cls, death: Death) -> "DeathOut":
        """Return the death as it is shown."""
        return cls(number=death.number, died_on=death.died_on)


@router.post(
    "/v1/deaths",
    operation_id="recordDeath",
    status_code=201,
    response_model=DeathOut,
    openapi_extra=needs("register:decide"),
)
async def record_death(body: DeathIn, maker: OncePerRequest, db: Db, who: Who, now: Now) -> Response:
    """Record that somebody has died. Nobody is reminded of anything about them afterwards."""
    once = maker.rendering(DeathOut.of, location=lambda death: f"/v1/licences/{death.number}")
    await deaths.record_death(
        db,
        once,
        number=body.number,
        died_on=body.died_on,
        evidence_reference=body.evidence_reference,
        actor=who,
        now=now,
    )
    return said(once)
