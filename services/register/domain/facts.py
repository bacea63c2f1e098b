"""The dated facts that a verdict is decided from; all days are inclusive, an end of None is open."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol, TypeVar

from services.register.domain.licence import EntryStatus
from services.register.domain.policy import MembershipLevel, Scope
from services.register.domain.sanction import SanctionKind

FIRST_DAY = date(1, 1, 1)


class Dated(Protocol):
    """A fact that holds for a run of days."""

    @property
    def valid_from(self) -> date:
        """The first day."""

    @property
    def valid_to(self) -> date | None:
        """The last day, or None without an end."""


AnyFact = TypeVar("AnyFact", bound=Dated)


@dataclass(frozen=True, kw_only=True, slots=True)
class MembershipFact:
    """A membership of one association."""

    level: MembershipLevel
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryFact:
    """A run of days on the register, or in retirement from it."""

    status: EntryStatus
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LicenceFact:
    """A term of a licence."""

    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ScopeFact:
    """A scope of practice."""

    scope: Scope
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SanctionFact:
    """A sanction as the public may know it."""

    kind: SanctionKind
    public_reason: str
    conditions: str | None = None
    valid_from: date
    valid_to: date | None = None

    def as_public_dict(self) -> dict[str, Any]:
        """Return the sanction as JSON; the text of conditions stands in a list of its own."""
        return {
            "kind": self.kind.value,
            "public_reason": self.public_reason,
            "from": self.valid_from.isoformat(),
            "to": iso(self.valid_to),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class LeavingRule:
    """From which day on a licence that begins holds how long without membership; None is to its end."""

    effective_from: date
    rests_after: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """Everything that a verdict is decided from."""

    number: str
    kept_number: str | None = None
    merged_on: date | None = None
    memberships: tuple[MembershipFact, ...] = ()
    entries: tuple[EntryFact, ...] = ()
    licences: tuple[LicenceFact, ...] = ()
    scopes: tuple[ScopeFact, ...] = ()
    sanctions: tuple[SanctionFact, ...] = ()
    specialisms: tuple[str, ...] = ()
    grace_days: int
    leaving: tuple[LeavingRule, ...] = ()


def iso(day: date | None) -> str | None:
    """Return a day as it is written in JSON."""
    return None if day is None else day.isoformat()


def holds(fact: Dated, day: date) -> bool:
    """Tell whether the fact is true on the day."""
    return fact.valid_from <= day and (fact.valid_to is None or day <= fact.valid_to)


def latest_begun(facts: Iterable[AnyFact], day: date) -> AnyFact | None:
    """Return the fact that began last, by that day, whether or not it has ended."""
    begun = (fact for fact in facts if fact.valid_from <= day)
    return max(begun, key=lambda fact: (fact.valid_from, fact.valid_to or date.max), default=None)


def in_force(sanctions: Iterable[SanctionFact], day: date) -> tuple[SanctionFact, ...]:
    """Return the sanctions that stand on the day, oldest first."""
    return tuple(
        sorted(
            (each for each in sanctions if holds(each, day)),
            key=lambda each: (
                each.valid_from,
                each.kind,
                each.public_reason,
                each.conditions or "",
                each.valid_to or date.max,
            ),
        )
    )


def scopes_held(facts: Facts, day: date) -> tuple[Scope, ...]:
    """Return the scopes held on the day, in the order of the vocabulary."""
    held = {fact.scope for fact in facts.scopes if holds(fact, day)}
    return tuple(scope for scope in Scope if scope in held)


def highest_membership(facts: Facts, day: date) -> MembershipLevel | None:
    """Return the highest level held that day in any association."""
    held = {fact.level for fact in facts.memberships if holds(fact, day)}
    return next((level for level in MembershipLevel if level in held), None)


def rests(facts: Facts, licence: LicenceFact, day: date) -> bool:
    """Tell whether a licence in force rests that day, its holder having been in no association for too long.

    The rule is the one that was in force when the term began; the days are counted from the end of the
    last membership, or from the beginning of the term where there never was any.
    """
    rule = latest_rule(facts.leaving, licence.valid_from)
    if rule is None or rule.rests_after is None or any(holds(each, day) for each in facts.memberships):
        return False
    ends = [each.valid_to for each in facts.memberships if each.valid_to is not None and each.valid_to < day]
    left = max(ends, default=licence.valid_from - timedelta(days=1))
    return (day - left).days > rule.rests_after


def latest_rule(rules: Iterable[LeavingRule], day: date) -> LeavingRule | None:
    """Return the rule that was in force on the day."""
    begun = (rule for rule in rules if rule.effective_from <= day)
    return max(begun, key=lambda rule: rule.effective_from, default=None)


def turning_days(facts: Facts) -> Iterator[date]:
    """Yield every day on which some fact begins to hold, has just ended, or leaves its grace."""
    if facts.merged_on is not None:
        yield facts.merged_on
    dated: tuple[Dated, ...] = (
        *facts.memberships,
        *facts.entries,
        *facts.licences,
        *facts.scopes,
        *facts.sanctions,
    )
    for fact in dated:
        yield fact.valid_from
        yield from _day_after(fact.valid_to, 0)
    for licence in facts.licences:
        yield from _day_after(licence.valid_to, facts.grace_days)
    for days in {rule.rests_after for rule in facts.leaving if rule.rests_after is not None}:
        for left in facts.memberships:
            yield from _day_after(left.valid_to, days)
        for licence in facts.licences:
            yield from _day_after(licence.valid_from, days - 1)


def _day_after(end: date | None, days: int) -> Iterator[date]:
    """Yield the day after an end and so many days more, where the calendar has one."""
    if end is not None and (date.max - end).days > days:
        yield end + timedelta(days=days + 1)
