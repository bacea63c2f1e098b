"""What a CPD audit found as the register hears of it, and what becomes of it here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from services.register.domain.policy_fields import check_keys, choice, day, text, whole
from shared.errors import Conflict, NotFound, Unprocessable


class NoSuchOutcome(NotFound):
    """There is no outcome of a CPD audit {outcome_id}."""


class OutcomeNotProposed(Conflict):
    """Nothing is proposed here any more: it was decided, or CPD has taken it back."""


class DecisionReasonsMissing(Unprocessable):
    """Say in a sentence why."""


class CpdFinding(StrEnum):
    """What CPD tells: a finding is final, an appeal against it was allowed, or it has been made good."""

    FAILED = "audit.failed"
    OVERTURNED = "audit.overturned"
    MADE_GOOD = "audit.made-good"


class CpdConsequence(StrEnum):
    """What follows from a finding: a condition at once, or a proposal that a registrar decides."""

    CONDITION = "condition"
    PROPOSAL = "proposal"


class Effect(StrEnum):
    """What was done about a line of CPD.

    ``nothing`` where there was nothing to do it to; ``left`` where a registrar has to look at what stands.
    """

    IMPOSED = "imposed"
    PROPOSED = "proposed"
    LIFTED = "lifted"
    LEFT = "left"
    NOTHING = "nothing"


class Ruling(StrEnum):
    """What a registrar decides on a proposal."""

    IMPOSE = "impose"
    NO_ACTION = "no_action"


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A line of CPD's journal that has a consequence here."""

    finding: CpdFinding
    case: int


@dataclass(frozen=True, kw_only=True, slots=True)
class OutcomePolicy:
    """A version of what follows from a failed audit.

    After ``rests_after_days`` the licence rests, by a suspension; None lets it run to its end, at which it is
    not renewed but lapses.
    """

    version: str
    effective_from: date
    consequence: CpdConsequence
    public_reason: str
    conditions: str
    rests_after_days: int | None
    source: str

    def rests_from(self, today: date) -> date | None:
        """Return the day from which the licence rests, None where it runs to its end."""
        return None if self.rests_after_days is None else today + timedelta(days=self.rests_after_days)


def read(event: str, facts: Mapping[str, Any]) -> Told | None:
    """Return what a line tells, or None where nothing follows from it here."""
    if event not in list(CpdFinding):
        return None
    return Told(finding=CpdFinding(event), case=int(facts["case"]))


def parse_outcome_policy(data: Mapping[str, Any]) -> OutcomePolicy:
    """Return the policy that the JSON describes, or say what cannot be read."""
    check_keys(
        data,
        "version effective_from consequence public_reason conditions rests_after_days source",
        "the policy",
    )
    return OutcomePolicy(
        version=text(data, "version"),
        effective_from=day(data, "effective_from"),
        consequence=choice(data, "consequence", CpdConsequence),
        public_reason=text(data, "public_reason"),
        conditions=text(data, "conditions"),
        rests_after_days=None
        if data["rests_after_days"] is None
        else whole(data, "rests_after_days", least=0),
        source=text(data, "source"),
    )


def check_reasons(reasons: str) -> str:
    """Return the reasons without spaces around them; raises DecisionReasonsMissing."""
    if not reasons.strip():
        raise DecisionReasonsMissing
    return reasons.strip()
