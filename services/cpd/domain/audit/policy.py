"""The dated numbers of the audit: rates, exclusions, days, and what a pack has to hold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from services.cpd.domain.policy import PolicyNotUnderstood

_NUMBERS = {
    "newly_registered_days": 0,
    "recently_audited_days": 0,
    "period_days": 1,
    "evidence_days": 1,
    "most_extension_days": 0,
    "silence_days": 1,
    "more_information_days": 1,
    "time_given_days": 1,
    "appeal_days": 1,
    "described_activities": 1,
    "gap_days": 1,
    "least_count": 1,
    "freeze_minutes_before": 0,
}
_SHARES = ("rate", "tolerable_rate", "confidence")
_KEYS = {"version", "effective_from", "rates", "reminders_days_before", "source", *_NUMBERS, *_SHARES}
_MOST = 36_500


class NoAuditPolicy(PolicyNotUnderstood):
    """No policy of the audit is in force on {day}: load the reference data, or publish one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditPolicy:
    """One version of the terms of the audit. Days are calendar days; what is due moves to a working day.

    ``rates`` are those of single associations, ``rate`` is everybody else’s. Somebody newly registered, or
    audited at random not so many days ago, is not drawn. The audit looks at ``period_days`` before the draw.
    ``least_count`` is the smallest count that the public is shown. The list is frozen so many minutes before
    the seed, that freezing is over when the seed comes into being.
    """

    version: str
    effective_from: date
    rate: Decimal
    rates: Mapping[str, Decimal] = field(hash=False)
    tolerable_rate: Decimal
    confidence: Decimal
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
    reminders_days_before: tuple[int, ...]
    source: str

    def rate_of(self, association: str) -> Decimal:
        """Return the declared rate of an association."""
        return self.rates.get(association, self.rate)

    def period_before(self, day: date) -> tuple[date, date]:
        """Return the first and the last day of what an audit looks at that begins on a day."""
        return day - timedelta(days=self.period_days), day - timedelta(days=1)

    def as_dict(self) -> dict[str, Any]:
        """Return the policy as JSON that ``parse_audit_policy`` reads back unchanged."""
        return {
            "version": self.version,
            "effective_from": self.effective_from.isoformat(),
            **{name: str(getattr(self, name)) for name in _SHARES},
            "rates": {association: str(rate) for association, rate in sorted(self.rates.items())},
            **{name: getattr(self, name) for name in _NUMBERS},
            "reminders_days_before": list(self.reminders_days_before),
            "source": self.source,
        }


def parse_audit_policy(data: Mapping[str, Any]) -> AuditPolicy:
    """Return the policy that the JSON describes, or say what cannot be read."""
    if set(data) != _KEYS:
        raise PolicyNotUnderstood(reason=f"the policy needs exactly {', '.join(sorted(_KEYS))}")
    for name, least in _NUMBERS.items():
        if not _is_whole(data[name], least, _MOST):
            raise PolicyNotUnderstood(reason=f"“{name}” must be a whole number, {least} or more")
    if not all(_is_whole(each, -_MOST, _MOST) for each in data["reminders_days_before"]):
        raise PolicyNotUnderstood(reason="“reminders_days_before” must be whole numbers")
    try:
        return AuditPolicy(
            version=data["version"],
            effective_from=date.fromisoformat(data["effective_from"]),
            rate=_share("rate", data["rate"]),
            tolerable_rate=_share("tolerable_rate", data["tolerable_rate"]),
            confidence=_share("confidence", data["confidence"]),
            rates={association: _share("rates", rate) for association, rate in data["rates"].items()},
            **{name: data[name] for name in _NUMBERS},
            reminders_days_before=tuple(sorted(data["reminders_days_before"], reverse=True)),
            source=data["source"],
        )
    except (TypeError, ValueError, ArithmeticError, AttributeError) as fault:
        raise PolicyNotUnderstood(reason=str(fault)) from None


def audit_policy_on(policies: Iterable[AuditPolicy], day: date) -> AuditPolicy:
    """Return the policy in force on a day; raises NoAuditPolicy."""
    begun = [each for each in policies if each.effective_from <= day]
    if not begun:
        raise NoAuditPolicy(day=day.isoformat())
    return max(begun, key=lambda each: each.effective_from)


def _share(name: str, value: object) -> Decimal:
    share = Decimal(str(value))
    if not 0 < share < 1 and not (name in {"rate", "rates"} and share == 1):
        raise PolicyNotUnderstood(reason=f"“{name}” must lie between 0 and 1")
    return share


def _is_whole(value: object, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most
