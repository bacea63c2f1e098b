"""The dated numbers of CPD: who is obliged, from when to when, to how much, and what an entry has to show.

Nothing here is a constant of the code: every value is data with a version, a day from which it holds and a
source, so that last year is still judged by last year's number.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from shared.errors import Unprocessable

HUNDREDTH = Decimal("0.01")


class PolicyNotUnderstood(Unprocessable):
    """This CPD policy cannot be read: {reason}."""


class MembershipLevel(StrEnum):
    """The levels of membership of the alliance, as the register has them."""

    PROFESSIONAL = "professional"
    ASSOCIATE = "associate"
    AFFILIATE = "affiliate"


class Obligation(StrEnum):
    """Whether a level is obliged to CPD: compulsory and audited, obliged by one's own word, or free."""

    COMPULSORY = "compulsory"
    SELF_DECLARED = "self_declared"
    NONE = "none"


class CycleStart(StrEnum):
    """From which day on a person's years of CPD are counted."""

    JOINING_REGISTER = "joining_register"
    JOINING_ASSOCIATION = "joining_association"
    FIXED_DAY = "fixed_day"


class Evidence(StrEnum):
    """What an entry has to show in order to count."""

    OUTCOME = "outcome"
    STANDARD = "standard"
    REFLECTION = "reflection"


class CommitmentAsk(StrEnum):
    """How an association asks its members to declare their commitment to CPD."""

    INVITED = "invited"
    REQUIRED = "required"


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """One version of what CPD asks of one level of membership, of all associations or of one.

    ``minimum_hours`` are hours a year; None where no source and no association gives a number. ``fixed_day``
    is month and day where the years begin on a day for everybody. ``return_days`` after a year's end it has
    to be accounted for, ``grace_days`` later it is short. ``caps`` are the hours a year that a type of
    activity counts for at the most. ``carry_forward`` are the hours beyond what a year asked that may count
    in the next one, None where none may. ``themes`` are codes of standards and specialisms, each of which
    some counted entry of the year has to be about.
    """

    version: str
    association: str | None
    level: MembershipLevel
    effective_from: date
    obligation: Obligation
    audited: bool
    starts: CycleStart
    fixed_day: tuple[int, int] | None
    minimum_hours: Decimal | None
    minimum_outcomes: int
    asks: frozenset[Evidence]
    caps: Mapping[str, Decimal] = field(hash=False)
    carry_forward: Decimal | None
    themes: frozenset[str]
    pro_rata: bool
    return_days: int
    grace_days: int
    commitment: CommitmentAsk
    source: str

    def __post_init__(self) -> None:
        """Refuse a policy that contradicts itself."""
        if (self.starts is CycleStart.FIXED_DAY) is (self.fixed_day is None):
            raise PolicyNotUnderstood(
                reason="“fixed_day” goes with years that begin on a fixed day, and only there"
            )
        if self.audited and self.obligation is not Obligation.COMPULSORY:
            raise PolicyNotUnderstood(reason="only members whose CPD is compulsory are audited")
        if self.obligation is Obligation.COMPULSORY and (self.minimum_hours is None or not self.asks):
            raise PolicyNotUnderstood(
                reason="compulsory CPD needs hours and evidence: hours alone never comply"
            )

    def as_dict(self) -> dict[str, Any]:
        """Return the policy as JSON that ``parse_policy`` reads back unchanged."""
        return {
            "version": self.version,
            "association": self.association,
            "level": self.level.value,
            "effective_from": self.effective_from.isoformat(),
            "obligation": self.obligation.value,
            "audited": self.audited,
            "starts": self.starts.value,
            "fixed_day": None if self.fixed_day is None else "{:02}-{:02}".format(*self.fixed_day),
            "minimum_hours": None if self.minimum_hours is None else str(self.minimum_hours),
            "minimum_outcomes": self.minimum_outcomes,
            "asks": sorted(self.asks),
            "caps": {kind: str(hours) for kind, hours in sorted(self.caps.items())},
            "carry_forward": None if self.carry_forward is None else str(self.carry_forward),
            "themes": sorted(self.themes),
            "pro_rata": self.pro_rata,
            "return_days": self.return_days,
            "grace_days": self.grace_days,
            "commitment": self.commitment.value,
            "source": self.source,
        }


def parse_policy(data: Mapping[str, Any]) -> Policy:
    """Return the policy that the JSON describes, or say what cannot be read.

    Policies published before these could be said carry nothing forward and ask for no themes.
    """
    try:
        return Policy(
            version=data["version"],
            association=data["association"],
            level=MembershipLevel(data["level"]),
            effective_from=date.fromisoformat(data["effective_from"]),
            obligation=Obligation(data["obligation"]),
            audited=data["audited"],
            starts=CycleStart(data["starts"]),
            fixed_day=None if data["fixed_day"] is None else _month_and_day(data["fixed_day"]),
            minimum_hours=None if data["minimum_hours"] is None else Decimal(data["minimum_hours"]),
            minimum_outcomes=data["minimum_outcomes"],
            asks=frozenset(Evidence(each) for each in data["asks"]),
            caps={kind: Decimal(hours) for kind, hours in data["caps"].items()},
            carry_forward=None if data.get("carry_forward") is None else Decimal(data["carry_forward"]),
            themes=frozenset(data.get("themes", ())),
            pro_rata=data["pro_rata"],
            return_days=data["return_days"],
            grace_days=data["grace_days"],
            commitment=CommitmentAsk(data["commitment"]),
            source=data["source"],
        )
    except (KeyError, TypeError, ValueError, ArithmeticError) as fault:
        raise PolicyNotUnderstood(reason=str(fault)) from None


def in_force(
    policies: Iterable[Policy], *, association: str, level: MembershipLevel, day: date
) -> Policy | None:
    """Return the newest policy for a level on a day: the association's own, else everybody's."""
    begun = [
        policy
        for policy in policies
        if policy.level is level
        and policy.association in (None, association)
        and policy.effective_from <= day
    ]
    return max(
        begun,
        key=lambda policy: (policy.association is not None, policy.effective_from, policy.version),
        default=None,
    )


def themes_of(policies: Iterable[Policy]) -> frozenset[str]:
    """Return every theme that some policy asks for."""
    return frozenset(theme for policy in policies for theme in policy.themes)


def _month_and_day(text: str) -> tuple[int, int]:
    """Return month and day of ``04-01``; the 29th of February would be missing in most years."""
    day = date.fromisoformat(f"2001-{text}")
    return day.month, day.day
