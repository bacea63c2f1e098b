"""What a licence policy says of renewal: the window, the reminders, and what a standing in CPD means."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from services.register.domain.policy_fields import (
    PolicyNotUnderstood,
    check_keys,
    choice,
    listed,
    text,
    whole,
)

FURTHEST = 366


class CpdStanding(StrEnum):
    """How somebody stands with the CPD that is asked of them; unknown where nobody could say."""

    MET = "met"
    ON_TRACK = "on_track"
    SHORT = "short"
    DECLARED = "declared"
    NOT_REQUIRED = "not_required"
    DEFERRED = "deferred"
    UNDER_AUDIT = "under_audit"
    FAILED = "failed"
    UNKNOWN = "unknown"


class RenewalConsequence(StrEnum):
    """What a standing means for a renewal."""

    RENEWS = "renews"
    RENEWS_WITH_NOTICE = "renews_with_notice"
    REFUSED = "refused"


class OnLeaving(StrEnum):
    """What becomes of the licence of somebody who has left every association."""

    KEEPS_UNTIL_END = "keeps_until_end"
    RESTS_AFTER_DAYS = "rests_after_days"


@dataclass(frozen=True, kw_only=True, slots=True)
class RenewalRules:
    """When a licence may be renewed and what that takes.

    Reminders are due so many days before the last day of the licence, those below nought after it.
    `rests_after` is for how many days a licence holds without any membership, None to its end.
    """

    opens_days_before: int
    reminders_days_before: tuple[int, ...]
    cpd: Mapping[CpdStanding, RenewalConsequence]
    on_leaving: OnLeaving
    rests_after: int | None
    restoration_after_months: int
    source: str

    def as_dict(self) -> dict[str, Any]:
        """Return the rules as JSON that `parse_renewal_rules` reads back unchanged."""
        return {
            "opens_days_before": self.opens_days_before,
            "reminders_days_before": list(self.reminders_days_before),
            "cpd": {standing.value: self.cpd[standing].value for standing in CpdStanding},
            "on_leaving": {"rule": self.on_leaving.value, "days": self.rests_after},
            "restoration_after_months": self.restoration_after_months,
            "source": self.source,
        }


def parse_renewal_rules(data: Any) -> RenewalRules | None:
    """Return the rules that the JSON describes, None where there are none, or say what cannot be read."""
    if data is None:
        return None
    check_keys(
        data,
        "opens_days_before reminders_days_before cpd on_leaving restoration_after_months source",
        "“renewal”",
    )
    rule, days = _on_leaving(data["on_leaving"])
    return RenewalRules(
        opens_days_before=whole(data, "opens_days_before", least=0),
        reminders_days_before=_reminders(data),
        cpd=_cpd(data["cpd"]),
        on_leaving=rule,
        rests_after=days,
        restoration_after_months=whole(data, "restoration_after_months", least=0),
        source=text(data, "source"),
    )


def _cpd(data: Any) -> Mapping[CpdStanding, RenewalConsequence]:
    """Return what each standing means; none is left out, so that nothing has to be guessed."""
    check_keys(data, " ".join(CpdStanding), "“cpd”")
    return MappingProxyType(
        {standing: choice(data, standing, RenewalConsequence) for standing in CpdStanding}
    )


def _on_leaving(data: Any) -> tuple[OnLeaving, int | None]:
    check_keys(data, "rule days", "“on_leaving”")
    rule = choice(data, "rule", OnLeaving)
    if rule is OnLeaving.RESTS_AFTER_DAYS:
        return rule, whole(data, "days", least=0)
    if data["days"] is not None:
        raise PolicyNotUnderstood(reason="a licence kept until its end has no days after which it rests")
    return rule, None


def _reminders(data: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the reminders, earliest first."""
    given = listed(data, "reminders_days_before")
    if not all(type(each) is int and abs(each) <= FURTHEST for each in given):
        raise PolicyNotUnderstood(reason="“reminders_days_before” must be whole numbers within a year")
    if len(set(given)) != len(given):
        raise PolicyNotUnderstood(reason="“reminders_days_before” names a day twice")
    return tuple(sorted(given, reverse=True))
