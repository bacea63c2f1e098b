"""The dated numbers of a person's rights: how long a class of record is kept, how often a number is tried."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from services.register.domain.policy_fields import PolicyNotUnderstood


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptFor:
    """How many days a class of record is kept, counted from what the policy says; None is for ever."""

    record_class: str
    days: int | None
    counts_from: str
    source: str

    def ends(self, after: date) -> date | None:
        """Return the last day on which a record is kept that counts from ``after``; None is never."""
        return None if self.days is None else after + timedelta(days=self.days)


@dataclass(frozen=True, kw_only=True, slots=True)
class RetentionPolicy:
    """How long each class of record is kept; a class that is not named is kept for ever."""

    version: str
    effective_from: date
    classes: Mapping[str, KeptFor]

    def of(self, record_class: str) -> KeptFor:
        """Return what holds for a class."""
        nowhere = KeptFor(record_class=record_class, days=None, counts_from="never", source="not named")
        return self.classes.get(record_class, nowhere)


@dataclass(frozen=True, kw_only=True, slots=True)
class JoiningPolicy:
    """How many refused attempts to join a person who has a number are taken in a day."""

    version: str
    effective_from: date
    refused_per_association_and_day: int
    refused_per_number_and_day: int
    source: str


def parse_retention_policy(data: Mapping[str, Any]) -> RetentionPolicy:
    """Return the policy that a shipped record states; raises PolicyNotUnderstood."""
    classes = [_kept_for(each) for each in data.get("classes", [])]
    return RetentionPolicy(
        version=_text(data, "version"),
        effective_from=_day(data),
        classes={each.record_class: each for each in classes},
    )


def parse_joining_policy(data: Mapping[str, Any]) -> JoiningPolicy:
    """Return the policy that a shipped record states; raises PolicyNotUnderstood."""
    return JoiningPolicy(
        version=_text(data, "version"),
        effective_from=_day(data),
        refused_per_association_and_day=_whole(data, "refused_per_association_and_day"),
        refused_per_number_and_day=_whole(data, "refused_per_number_and_day"),
        source=_text(data, "source"),
    )


def _kept_for(data: Mapping[str, Any]) -> KeptFor:
    return KeptFor(
        record_class=_text(data, "record_class"),
        days=None if data.get("days", 0) is None else _whole(data, "days"),
        counts_from=_text(data, "counts_from"),
        source=_text(data, "source"),
    )


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value.strip():
        raise PolicyNotUnderstood(reason=f"“{key}” must be text")
    return value


def _whole(data: Mapping[str, Any], key: str) -> int:
    value = data.get(key)
    if type(value) is not int or value < 0:
        raise PolicyNotUnderstood(reason=f"“{key}” must be a whole number, 0 or more")
    return value


def _day(data: Mapping[str, Any]) -> date:
    try:
        return date.fromisoformat(_text(data, "effective_from"))
    except ValueError:
        raise PolicyNotUnderstood(reason="“effective_from” must be a day such as 2026-11-21") from None
