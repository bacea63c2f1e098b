"""Reference data as it is listed, each entry with where it comes from; and a policy as it is sent."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, Field, StrictBool, StrictInt, StringConstraints

from services.cpd.domain.policy import (
    CommitmentAsk,
    CycleStart,
    Evidence,
    MembershipLevel,
    Obligation,
    Policy,
    parse_policy,
)
from services.cpd.routes.fields import Body, Code, Day, Hours, Line

Item = TypeVar("Item")


class ListOut(BaseModel, Generic[Item]):
    """A page of a list, and the cursor of the next one where there is one."""

    items: list[Item]
    next: str | None


class Provenance(BaseModel):
    """Where an entry comes from: tags of `GET /v1/sources`, and what has to be said of them."""

    ref: str
    note: str | None = None


class SourceOut(BaseModel):
    """A document that reference data were taken from."""

    code: str
    title: str
    address: str | None


class Titled(BaseModel):
    """An entry with a title, its days, both included and null where not known, and its provenance."""

    code: str
    title: str
    effective_from: date | None
    effective_to: date | None
    source: Provenance


class SpecialismOut(Titled):
    """A specialism, as the register has it."""

    aliases: list[str]


class SuiteOut(Titled):
    """A suite of competence standards; `complete` says whether all of its standards are listed."""

    complete: bool


class StandardOut(Titled):
    """A competence standard of a suite."""

    suite: str


class WordingOut(Titled):
    """A wording of the commitment to CPD."""

    text: str


class TermsOut(BaseModel):
    """What CPD asks of a level of membership: of all associations, or of one. Hours are hours a year."""

    version: str
    association: str | None
    level: MembershipLevel
    effective_from: date
    obligation: Obligation
    audited: bool
    starts: CycleStart
    fixed_day: str | None
    minimum_hours: float | None
    minimum_outcomes: int
    asks: list[Evidence]
    caps: dict[str, float]
    carry_forward: float | None = None
    themes: list[str] = []
    pro_rata: bool
    return_days: int
    grace_days: int
    commitment: CommitmentAsk
    source: str


class PolicyOut(Titled):
    """A version of what CPD asks."""

    policy: TermsOut


class AuditTermsOut(BaseModel):
    """Rates, exclusions and days of the audit. Shares are texts, so that they are exact."""

    version: str
    effective_from: date
    rate: str
    rates: dict[str, str]
    tolerable_rate: str
    confidence: str
    newly_registered_days: int
    recently_audited_days: int
    period_days: int
    evidence_days: int
    most_extension_days: int
    silence_days: int
    more_information_days: int
    time_given_days: int
    appeal_days: int
    described_activities: int
    gap_days: int
    least_count: int
    freeze_minutes_before: int
    reminders_days_before: list[int]
    source: str


class AuditPolicyOut(Titled):
    """A version of the terms of the audit."""

    policy: AuditTermsOut


class PolicyIn(Body):
    """What CPD asks of a level from a later day on; without `association` of all of them.

    `fixed_day` such as `04-01` goes with `starts: fixed_day`. `caps` lead from a type of activity to the
    hours a year that it counts for at the most. `carry_forward` are the hours that may count in the next
    year, where more was done than the year asked; none where it is left out. Of `themes`, codes of standards
    and specialisms, each has to be met by a counted entry of the year.
    """

    version: Code
    title: Annotated[Line, Field(min_length=1)]
    association: Annotated[str, StringConstraints(pattern="^[A-Z][A-Z0-9-]{1,19}$")] | None = None
    level: MembershipLevel
    effective_from: Day
    obligation: Obligation
    audited: StrictBool = False
    starts: CycleStart
    fixed_day: Annotated[str, StringConstraints(pattern="^[0-9]{2}-[0-9]{2}$")] | None = None
    minimum_hours: Hours | None = None
    minimum_outcomes: Annotated[StrictInt, Field(ge=0, le=1000)] = 0
    asks: Annotated[list[Evidence], Field(max_length=3)]
    caps: Annotated[dict[Code, Hours], Field(default_factory=dict, max_length=20)]
    carry_forward: Hours | None = None
    themes: Annotated[list[Code], Field(default_factory=list, max_length=20)]
    pro_rata: StrictBool = True
    return_days: Annotated[StrictInt, Field(ge=0, le=366)]
    grace_days: Annotated[StrictInt, Field(ge=0, le=366)]
    commitment: CommitmentAsk = CommitmentAsk.INVITED
    source: Annotated[Line, Field(min_length=1)]

    def read(self) -> Policy:
        """Return the policy, or refuse one that contradicts itself."""
        hours = {"minimum_hours", "caps", "carry_forward"}
        content: dict[str, Any] = self.model_dump(mode="json", exclude={"title", *hours})
        return parse_policy(
            {
                **content,
                "minimum_hours": _exact(self.minimum_hours),
                "carry_forward": _exact(self.carry_forward),
                "caps": {kind: str(hours) for kind, hours in self.caps.items()},
            }
        )


def _exact(hours: Decimal | None) -> str | None:
    """Return hours as policies are stored, exactly."""
    return None if hours is None else str(hours)
