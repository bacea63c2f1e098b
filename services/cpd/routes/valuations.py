"""One log valued by the rules of several associations, over HTTP."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Query, Request
from pydantic import BaseModel, BeforeValidator, StringConstraints

from services.cpd.domain.counting import Worth
from services.cpd.domain.cycle import Cycle, Membership
from services.cpd.domain.policy import MembershipLevel
from services.cpd.domain.valuation import Appraisal, Valuation
from services.cpd.operations import valuations
from services.cpd.operations.standings import Axes
from services.cpd.operations.valuations import Joining, SeenValuations
from services.cpd.routes.axes import KnownAt, ValidAt, only_these_parameters, parse_day
from services.cpd.routes.fields import Number
from shared.errors import FieldError
from shared.problems import InputNotValid
from shared.web import Db, Now, Who, guarded_router, needs

router = guarded_router("standing")

JoinAssociation = Annotated[
    Annotated[str, StringConstraints(pattern="^[A-Z][A-Z0-9-]{1,19}$")] | None,
    Query(description="Value the entries as if the person were a member of this association as well."),
]
JoinLevel = Annotated[
    MembershipLevel | None, Query(description="The level of that membership; goes with `association`.")
]
JoinSince = Annotated[
    date | None,
    BeforeValidator(lambda given: None if given is None else parse_day(given)),
    Query(
        description=(
            "The first day of that membership. If not said, two years before the day asked about, so that "
            "both years that are open are valued whole; say today to see what joining today would do."
        )
    ),
]


class YearOut(BaseModel):
    """A year of CPD, both days included."""

    first: date
    last: date

    @classmethod
    def of(cls, cycle: Cycle | None) -> "YearOut | None":
        """Return the year as it is shown, or None for none."""
        return None if cycle is None else cls(first=cycle.first, last=cycle.last)


class ValuationOut(BaseModel):
    """What an entry counts for in one association and in which of its years, and why.

    `policy_version` and `level` are those of the day on which the activity was done, null where the person
    was no member then. `supposed` marks what would be, were the person a member.
    """

    association: str
    supposed: bool
    policy_version: str | None
    level: MembershipLevel | None
    cycle: YearOut | None
    counted: float
    reasons: list[Worth]

    @classmethod
    def of(cls, valuation: Valuation) -> "ValuationOut":
        """Return the valuation as it is shown."""
        policy = valuation.policy
        return cls(
            association=valuation.association,
            supposed=valuation.supposed,
            policy_version=policy.version if policy else None,
            level=policy.level if policy else None,
            cycle=YearOut.of(valuation.cycle),
            counted=float(valuation.counted),
            reasons=list(valuation.reasons),
        )


class AppraisalOut(BaseModel):
    """One entry and what it counts for. Of another association's entry only the hours are told."""

    id: int | None
    association: str | None
    done_on: date | None
    hours: float
    valuations: list[ValuationOut]

    @classmethod
    def of(cls, appraisal: Appraisal, *, in_full: bool) -> "AppraisalOut":
        """Return the entry as far as the reader may see it."""
        activity = appraisal.activity
        return cls(
            id=activity.entry_id if in_full else None,
            association=activity.association if in_full else None,
            done_on=activity.done_on if in_full else None,
            hours=float(activity.hours),
            valuations=[ValuationOut.of(each) for each in appraisal.valuations],
        )


class SupposedOut(BaseModel):
    """The membership that is only supposed."""

    association: str
    level: MembershipLevel
    since: date

    @classmethod
    def of(cls, supposed: Membership | None) -> "SupposedOut | None":
        """Return the membership as it is shown, or None for none."""
        if supposed is None:
            return None
        return cls(association=supposed.association, level=supposed.level, since=supposed.valid_from)


class ValuationsOut(BaseModel):
    """A person's entries of the last years in the order of their days, and what the answer rests on."""

    number: str
    supposed: SupposedOut | None
    valid_at: date
    known_at: datetime
    register_position: int
    entries: list[AppraisalOut]

    @classmethod
    def of(cls, seen: SeenValuations) -> "ValuationsOut":
        """Return the valuations as they are shown."""
        return cls(
            number=seen.number,
            supposed=SupposedOut.of(seen.supposed),
            valid_at=seen.valid_at,
            known_at=seen.known_at,
            register_position=seen.register_position,
            entries=[
                AppraisalOut.of(each, in_full=seen.own in (None, each.activity.association))
                for each in seen.appraisals
            ],
        )


@router.get(
    "/v1/standing/{number}/valuations",
    operation_id="getValuations",
    response_model=ValuationsOut,
    openapi_extra=needs("cpd:write", "cpd:audit", "register:decide"),
)
async def get_valuations(
    number: Number,
    request: Request,
    db: Db,
    who: Who,
    now: Now,
    association: JoinAssociation = None,
    level: JoinLevel = None,
    since: JoinSince = None,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
) -> ValuationsOut:
    """Say what each entry counts for in every association of a person, and in one that they might join."""
    only_these_parameters(request, "association", "level", "since", "valid_at", "known_at")
    axes = Axes(valid_at=valid_at, known_at=known_at)
    joining = _joining(association, level, since)
    seen = await valuations.get(db, number=number, joining=joining, axes=axes, actor=who, now=now)
    return ValuationsOut.of(seen)


def _joining(association: str | None, level: MembershipLevel | None, since: date | None) -> Joining | None:
    """Return the membership to suppose; a level or a day alone supposes nothing that could be valued."""
    if association is not None and level is not None:
        return Joining(association=association, level=level, since=since)
    if (association, level, since) == (None, None, None):
        return None
    missing = "association" if association is None else "level"
    sentence = "To suppose a membership, give “association” and “level”, and “since” where you like."
    raise InputNotValid(errors=[FieldError(f"query:/{missing}", "missing", sentence)])
