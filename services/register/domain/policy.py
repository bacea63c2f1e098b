"""The dated numbers of the profession: who may enter, at which level, for how long.

Nothing here is a constant of the code: every value is data with a version, a day from which it
holds and a source, so that last year is still judged by last year's number.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from shared.errors import Unprocessable


class NoPolicyInForce(Unprocessable):
    """No policy was in force on {day}."""


class PolicyNotUnderstood(Unprocessable):
    """The policy cannot be read: {reason}."""


class MembershipLevel(StrEnum):
    """The three levels of membership, highest first."""

    PROFESSIONAL = "professional"
    ASSOCIATE = "associate"
    AFFILIATE = "affiliate"


class Scope(StrEnum):
    """What a licence allows its holder to do."""

    PERSONAL_GUIDANCE = "personal_guidance"
    CAREERS_LEADERSHIP = "careers_leadership"


@dataclass(frozen=True, kw_only=True, slots=True)
class Threshold:
    """Which levels of one framework count, and how large a qualification must be."""

    framework: str
    levels: frozenset[str]
    minimum_credits: int | None
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LevelRule:
    """What one membership level asks; without thresholds it asks for no qualification."""

    level: MembershipLevel
    thresholds: tuple[Threshold, ...]
    relevance_required: bool
    rule_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ScopeRule:
    """What one scope of practice asks, and in which subjects."""

    scope: Scope
    thresholds: tuple[Threshold, ...]
    subjects: frozenset[str]
    rule_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryPolicy:
    """One version of the conditions of entry."""

    version: str
    effective_from: date
    levels: tuple[LevelRule, ...]
    scopes: tuple[ScopeRule, ...]
    source: str

    def as_dict(self) -> dict[str, Any]:
        """Return the policy as JSON that `parse_entry_policy` reads back unchanged."""
        return {
            "version": self.version,
            "effective_from": self.effective_from.isoformat(),
            "levels": [
                {
                    "level": rule.level.value,
                    "rule_id": rule.rule_id,
                    "relevance_required": rule.relevance_required,
                    "thresholds": [_threshold_as_dict(each) for each in rule.thresholds],
                }
                for rule in self.levels
            ],
            "scopes": [
                {
                    "scope": rule.scope.value,
                    "rule_id": rule.rule_id,
                    "subjects": sorted(rule.subjects),
                    "thresholds": [_threshold_as_dict(each) for each in rule.thresholds],
                }
                for rule in self.scopes
            ],
            "source": self.source,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class LicencePolicy:
    """One version of how long a licence lasts and how long its holder has to renew."""

    version: str
    effective_from: date
    term_months: int
    grace_days: int
    source: str

    def as_dict(self) -> dict[str, Any]:
        """Return the policy as JSON that `parse_licence_policy` reads back unchanged."""
        return {
            "version": self.version,
            "effective_from": self.effective_from.isoformat(),
            "term_months": self.term_months,
            "grace_days": self.grace_days,
            "source": self.source,
        }


class Dated(Protocol):
    """Anything that holds from a day on."""

    @property
    def version(self) -> str:
        """The name of the version."""

    @property
    def effective_from(self) -> date:
        """The first day for which it holds."""


AnyPolicy = TypeVar("AnyPolicy", bound=Dated)
Choice = TypeVar("Choice", bound=StrEnum)


def in_force(policies: Iterable[AnyPolicy], day: date) -> AnyPolicy:
    """Return the newest policy that holds on the day."""
    begun = [policy for policy in policies if policy.effective_from <= day]
    if not begun:
        raise NoPolicyInForce(day=day.isoformat())
    return max(begun, key=lambda policy: (policy.effective_from, policy.version))


def parse_entry_policy(data: Mapping[str, Any]) -> EntryPolicy:
    """Return the entry policy that the JSON describes, or say what cannot be read.

    A key that is not known is refused rather than passed over: a misspelt minimum would
    otherwise vanish without a word.
    """
    _check_keys(data, "version effective_from levels scopes source", "the policy")
    levels = tuple(_level_rule(each) for each in _list(data, "levels"))
    held = [rule.level for rule in levels]
    if sorted(held) != sorted(MembershipLevel):
        raise PolicyNotUnderstood(reason="it needs exactly one rule for each membership level")
    if any(rule.thresholds for rule in levels if rule.level is MembershipLevel.AFFILIATE):
        raise PolicyNotUnderstood(reason="affiliate membership is open to anyone")
    if not all(rule.thresholds for rule in levels if rule.level is not MembershipLevel.AFFILIATE):
        raise PolicyNotUnderstood(reason="only affiliate membership may do without thresholds")
    scopes = tuple(_scope_rule(each) for each in _list(data, "scopes"))
    if len({rule.scope for rule in scopes}) != len(scopes):
        raise PolicyNotUnderstood(reason="a scope has more than one rule")
    return EntryPolicy(
        version=_text(data, "version"),
        effective_from=_day(data, "effective_from"),
        levels=levels,
        scopes=scopes,
        source=_text(data, "source"),
    )


def parse_licence_policy(data: Mapping[str, Any]) -> LicencePolicy:
    """Return the licence policy that the JSON describes, or say what cannot be read."""
    _check_keys(data, "version effective_from term_months grace_days source", "the policy")
    return LicencePolicy(
        version=_text(data, "version"),
        effective_from=_day(data, "effective_from"),
        term_months=_whole(data, "term_months", least=1),
        grace_days=_whole(data, "grace_days", least=0),
        source=_text(data, "source"),
    )


def _threshold_as_dict(threshold: Threshold) -> dict[str, Any]:
    return {
        "framework": threshold.framework,
        "levels": sorted(threshold.levels),
        "minimum_credits": threshold.minimum_credits,
        "source": threshold.source,
    }


def _level_rule(data: Mapping[str, Any]) -> LevelRule:
    _check_keys(data, "level rule_id relevance_required thresholds", "a level rule")
    if not isinstance(data["relevance_required"], bool):
        raise PolicyNotUnderstood(reason="“relevance_required” must be true or false")
    return LevelRule(
        level=_choice(data, "level", MembershipLevel),
        thresholds=_thresholds(data),
        relevance_required=data["relevance_required"],
        rule_id=_text(data, "rule_id"),
    )


def _scope_rule(data: Mapping[str, Any]) -> ScopeRule:
    _check_keys(data, "scope rule_id subjects thresholds", "a scope rule")
    thresholds, subjects = _thresholds(data), _texts(data, "subjects")
    if not thresholds:
        raise PolicyNotUnderstood(reason="a scope needs at least one threshold")
    return ScopeRule(
        scope=_choice(data, "scope", Scope),
        thresholds=thresholds,
        subjects=subjects,
        rule_id=_text(data, "rule_id"),
    )


def _thresholds(data: Mapping[str, Any]) -> tuple[Threshold, ...]:
    """Return the thresholds, of which each level of a framework may be under one only."""
    thresholds = tuple(_threshold(each) for each in _list(data, "thresholds"))
    covered = [(each.framework, level) for each in thresholds for level in each.levels]
    if len(set(covered)) != len(covered):
        raise PolicyNotUnderstood(reason="a level of a framework stands under two thresholds")
    return thresholds


def _threshold(data: Mapping[str, Any]) -> Threshold:
    _check_keys(data, "framework levels minimum_credits source", "a threshold")
    unset = data["minimum_credits"] is None
    return Threshold(
        framework=_text(data, "framework"),
        levels=_texts(data, "levels"),
        minimum_credits=None if unset else _whole(data, "minimum_credits", least=1),
        source=_text(data, "source"),
    )


def _check_keys(data: object, expected: str, what: str) -> None:
    """Refuse anything but an object with exactly these keys."""
    if not isinstance(data, Mapping):
        raise PolicyNotUnderstood(reason=f"{what} must be an object")
    names = set(expected.split())
    for key in sorted(names - set(data)):
        raise PolicyNotUnderstood(reason=f"{what} lacks “{key}”")
    for key in sorted(map(str, set(data) - names)):
        raise PolicyNotUnderstood(reason=f"{what} has “{key}”, which means nothing here")


def _list(data: Mapping[str, Any], key: str) -> list[Any]:
    value = data[key]
    if not isinstance(value, list):
        raise PolicyNotUnderstood(reason=f"“{key}” must be a list")
    return value


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data[key]
    if not isinstance(value, str) or not value.strip():
        raise PolicyNotUnderstood(reason=f"“{key}” must be text")
    return value


def _texts(data: Mapping[str, Any], key: str) -> frozenset[str]:
    """Return a set of strings; a level given as a bare number is refused with the rest."""
    values = _list(data, key)
    if not values or not all(isinstance(each, str) and each.strip() for each in values):
        raise PolicyNotUnderstood(reason=f"“{key}” must be a list of text, and not an empty one")
    return frozenset(values)


def _whole(data: Mapping[str, Any], key: str, *, least: int) -> int:
    value = data[key]
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise PolicyNotUnderstood(reason=f"“{key}” must be a whole number, {least} or more")
    return value


def _day(data: Mapping[str, Any], key: str) -> date:
    try:
        return date.fromisoformat(_text(data, key))
    except ValueError:
        raise PolicyNotUnderstood(reason=f"“{key}” must be a day such as 2026-11-21") from None


def _choice(data: Mapping[str, Any], key: str, choices: type[Choice]) -> Choice:
    value = data[key]
    if value not in list(choices):
        raise PolicyNotUnderstood(reason=f"“{key}” must be one of {', '.join(choices)}")
    return choices(value)
