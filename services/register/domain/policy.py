"""The dated numbers of the profession: who may enter, at which level, for how long.

Nothing here is a constant of the code: every value is data with a version, a day from which it
holds and a source, so that last year is still judged by last year's number.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from services.register.domain.policy_fields import (
    PolicyNotUnderstood,
    check_keys,
    choice,
    day,
    listed,
    text,
    texts,
    whole,
)
from services.register.domain.renewal_rules import RenewalRules, parse_renewal_rules
from services.register.domain.transition import Transition, parse_transition
from shared.errors import Unprocessable


class NoPolicyInForce(Unprocessable):
    """No policy was in force on {day}."""


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
    transition: Transition | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the policy as JSON that `parse_entry_policy` reads back unchanged."""
        transition = {} if self.transition is None else {"transition": self.transition.as_dict()}
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
            **transition,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class LicencePolicy:
    """One version of how long a licence lasts and how long its holder has to renew.

    A version without `renewal` knows no rules of renewal: it was published before there were any.
    """

    version: str
    effective_from: date
    term_months: int
    grace_days: int
    source: str
    renewal: RenewalRules | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the policy as JSON that `parse_licence_policy` reads back unchanged."""
        renewal = {} if self.renewal is None else {"renewal": self.renewal.as_dict()}
        return {
            "version": self.version,
            "effective_from": self.effective_from.isoformat(),
            "term_months": self.term_months,
            "grace_days": self.grace_days,
            "source": self.source,
            **renewal,
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
    check_keys(data, "version effective_from levels scopes source", "the policy", optional="transition")
    levels = tuple(_level_rule(each) for each in listed(data, "levels"))
    held = [rule.level for rule in levels]
    if sorted(held) != sorted(MembershipLevel):
        raise PolicyNotUnderstood(reason="it needs exactly one rule for each membership level")
    if any(rule.thresholds for rule in levels if rule.level is MembershipLevel.AFFILIATE):
        raise PolicyNotUnderstood(reason="affiliate membership is open to anyone")
    if not all(rule.thresholds for rule in levels if rule.level is not MembershipLevel.AFFILIATE):
        raise PolicyNotUnderstood(reason="only affiliate membership may do without thresholds")
    scopes = tuple(_scope_rule(each) for each in listed(data, "scopes"))
    if len({rule.scope for rule in scopes}) != len(scopes):
        raise PolicyNotUnderstood(reason="a scope has more than one rule")
    return EntryPolicy(
        version=text(data, "version"),
        effective_from=day(data, "effective_from"),
        levels=levels,
        scopes=scopes,
        source=text(data, "source"),
        transition=parse_transition(data.get("transition")),
    )


def parse_licence_policy(data: Mapping[str, Any]) -> LicencePolicy:
    """Return the licence policy that the JSON describes, or say what cannot be read."""
    fields = "version effective_from term_months grace_days source"
    check_keys(data, fields, "the policy", optional="renewal")
    return LicencePolicy(
        version=text(data, "version"),
        effective_from=day(data, "effective_from"),
        term_months=whole(data, "term_months", least=1),
        grace_days=whole(data, "grace_days", least=0),
        source=text(data, "source"),
        renewal=parse_renewal_rules(data.get("renewal")),
    )


def _threshold_as_dict(threshold: Threshold) -> dict[str, Any]:
    return {
        "framework": threshold.framework,
        "levels": sorted(threshold.levels),
        "minimum_credits": threshold.minimum_credits,
        "source": threshold.source,
    }


def _level_rule(data: Mapping[str, Any]) -> LevelRule:
    check_keys(data, "level rule_id relevance_required thresholds", "a level rule")
    if not isinstance(data["relevance_required"], bool):
        raise PolicyNotUnderstood(reason="“relevance_required” must be true or false")
    return LevelRule(
        level=choice(data, "level", MembershipLevel),
        thresholds=_thresholds(data),
        relevance_required=data["relevance_required"],
        rule_id=text(data, "rule_id"),
    )


def _scope_rule(data: Mapping[str, Any]) -> ScopeRule:
    check_keys(data, "scope rule_id subjects thresholds", "a scope rule")
    thresholds, subjects = _thresholds(data), texts(data, "subjects")
    if not thresholds:
        raise PolicyNotUnderstood(reason="a scope needs at least one threshold")
    return ScopeRule(
        scope=choice(data, "scope", Scope),
        thresholds=thresholds,
        subjects=subjects,
        rule_id=text(data, "rule_id"),
    )


def _thresholds(data: Mapping[str, Any]) -> tuple[Threshold, ...]:
    """Return the thresholds, of which each level of a framework may be under one only."""
    thresholds = tuple(_threshold(each) for each in listed(data, "thresholds"))
    covered = [(each.framework, level) for each in thresholds for level in each.levels]
    if len(set(covered)) != len(covered):
        raise PolicyNotUnderstood(reason="a level of a framework stands under two thresholds")
    return thresholds


def _threshold(data: Mapping[str, Any]) -> Threshold:
    check_keys(data, "framework levels minimum_credits source", "a threshold")
    unset = data["minimum_credits"] is None
    return Threshold(
        framework=text(data, "framework"),
        levels=texts(data, "levels"),
        minimum_credits=None if unset else whole(data, "minimum_credits", least=1),
        source=text(data, "source"),
    )
