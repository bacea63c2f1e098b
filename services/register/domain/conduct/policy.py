"""The dated numbers of conduct: days to act in, a panel's quorum, what an appeal stays, what is published."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from services.register.domain.conduct.decision import SANCTION_OF, ComplaintOutcome
from services.register.domain.policy_fields import PolicyNotUnderstood
from services.register.domain.sanction import SanctionKind

_NUMBERS = {
    "acknowledge_days": 1,
    "answer_days": 1,
    "appeal_days": 1,
    "panel_quorum": 2,
    "alert_days": 1,
    "recent_membership_days": 0,
}
_KEYS = {"version", "effective_from", "stayed_by_appeal", "published_days", "source", *_NUMBERS}
_PUBLISHABLE = tuple(outcome for outcome in ComplaintOutcome if outcome is not ComplaintOutcome.NO_ACTION)


@dataclass(frozen=True, kw_only=True, slots=True)
class ConductPolicy:
    """One version of the terms of complaints and alerts.

    ``published_days`` count from the day on which a decision is final: 0 is never, None without end.
    """

    version: str
    effective_from: date
    acknowledge_days: int
    answer_days: int
    appeal_days: int
    panel_quorum: int
    stayed_by_appeal: frozenset[SanctionKind]
    published_days: Mapping[ComplaintOutcome, int | None]
    alert_days: int
    recent_membership_days: int
    source: str

    def stays(self, outcome: ComplaintOutcome) -> bool:
        """Tell whether what the outcome imposes waits until no appeal is possible any more."""
        return SANCTION_OF.get(outcome) in self.stayed_by_appeal

    def publication(self, outcome: ComplaintOutcome, *, final_on: date) -> tuple[date, date | None] | None:
        """Return the first and last day of publication, None for the last where it has no end; or None."""
        count = self.published_days.get(outcome, 0)
        if count == 0:
            return None
        return final_on, None if count is None else final_on + timedelta(days=count - 1)

    def as_dict(self) -> dict[str, Any]:
        """Return the policy as JSON that `parse_conduct_policy` reads back unchanged."""
        return {
            "version": self.version,
            "effective_from": self.effective_from.isoformat(),
            **{name: getattr(self, name) for name in _NUMBERS},
            "stayed_by_appeal": sorted(self.stayed_by_appeal),
            "published_days": {each.value: self.published_days[each] for each in _PUBLISHABLE},
            "source": self.source,
        }


def parse_conduct_policy(data: Mapping[str, Any]) -> ConductPolicy:
    """Return the policy that the JSON describes, or say what cannot be read."""
    if set(data) != _KEYS:
        raise PolicyNotUnderstood(reason=f"the policy needs exactly {', '.join(sorted(_KEYS))}")
    for name, least in _NUMBERS.items():
        if not _is_count(data[name], least):
            raise PolicyNotUnderstood(reason=f"“{name}” must be a whole number, {least} or more")
    return ConductPolicy(
        version=_text(data, "version"),
        effective_from=_day(data),
        **{name: data[name] for name in _NUMBERS},
        stayed_by_appeal=_stayed(data["stayed_by_appeal"]),
        published_days=_published(data["published_days"]),
        source=_text(data, "source"),
    )


def _stayed(value: object) -> frozenset[SanctionKind]:
    """Return the kinds that wait for an appeal; a removal always does, since it cannot be lifted again."""
    possible = set(SANCTION_OF.values())
    if not isinstance(value, list) or not set(value) <= possible:
        raise PolicyNotUnderstood(
            reason=f"“stayed_by_appeal” must be a list of {', '.join(sorted(possible))}"
        )
    if SanctionKind.REMOVAL not in value:
        raise PolicyNotUnderstood(reason="a removal cannot be lifted, so it has to wait for the appeal")
    return frozenset(SanctionKind(each) for each in value)


def _published(value: object) -> dict[ComplaintOutcome, int | None]:
    counted = isinstance(value, Mapping) and set(value) == set(_PUBLISHABLE)
    if not isinstance(value, Mapping) or not counted:
        raise PolicyNotUnderstood(reason=f"“published_days” needs exactly {', '.join(_PUBLISHABLE)}")
    if not all(days is None or _is_count(days, 0) for days in value.values()):
        raise PolicyNotUnderstood(reason="“published_days” are whole numbers, or null for without end")
    return {outcome: value[outcome] for outcome in _PUBLISHABLE}


def _is_count(value: object, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= 36_500


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data[key]
    if not isinstance(value, str) or not value.strip():
        raise PolicyNotUnderstood(reason=f"“{key}” must be text")
    return value


def _day(data: Mapping[str, Any]) -> date:
    try:
        return date.fromisoformat(_text(data, "effective_from"))
    except ValueError:
        raise PolicyNotUnderstood(reason="“effective_from” must be a day such as 2026-11-21") from None
