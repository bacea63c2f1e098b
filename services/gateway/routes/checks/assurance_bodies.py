"""Checks of all three strands as they are sent and shown."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

from services.gateway.domain.assurance import Holds, Overall, Strand
from services.gateway.domain.checks.check import Check
from services.gateway.operations.checks.assurances import AssuranceQuestion
from services.gateway.routes.checks.bodies import Body, CheckOut, Code, Day, Instant, NumberText

Text = Annotated[str, StringConstraints(min_length=1, max_length=20, pattern="^[0-9A-Za-z:-]+$")]


class AssuranceCheckIn(Body):
    """What is to be assured, and what for: a school, with everybody who works there, or whom you name."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"school": "999901", "purpose": "assurance"}]},
    )

    purpose: Code
    school: Text | None = None
    adviser: NumberText | None = None
    provider: Text | None = None
    valid_at: Day | None = None
    known_at: Instant | None = None

    def question(self) -> AssuranceQuestion:
        """Return what is asked."""
        return AssuranceQuestion(**self.model_dump())


class StrandOut(BaseModel):
    """One strand of one subject; `word` is the service's own, null where it gave no answer."""

    strand: Strand
    subject: str
    holds: Holds
    word: str | None
    sentence: str
    reasons: list[str]
    source: str


class AssuranceCheckOut(CheckOut):
    """A check of all three strands as it is kept. The receipt holds the digest of `strands`."""

    overall: Overall
    strands: list[StrandOut]

    @classmethod
    def of(cls, check: Check, *, issuer: str) -> "AssuranceCheckOut":
        """Return the check as it is shown to who made it."""
        one: dict[str, Any] = CheckOut.of(check, issuer=issuer).model_dump()
        strands = [StrandOut.model_validate(row) for row in check.rows or ()]
        return cls(**one, overall=Overall(check.said["overall"]), strands=strands)
