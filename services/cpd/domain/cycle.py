"""A person's years of CPD: when they begin, and which days in them oblige to how much."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from services.cpd.domain.policy import (
    HUNDREDTH,
    CycleStart,
    MembershipLevel,
    Obligation,
    Policy,
    in_force,
)

ONE_DAY = timedelta(days=1)
_RANK = {level: rank for rank, level in enumerate(MembershipLevel)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Membership:
    """A person is a member of an association at a level, from a day to a day, both included."""

    association: str
    level: MembershipLevel
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """On this day the person came onto the register, or left it; ``died``: the day after a death."""

    moved_on: date
    entered: bool
    died: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Pause:
    """Days that do not oblige: a deferral or an exemption that was decided, both days included."""

    exempt: bool
    valid_from: date
    valid_to: date | None

    def covers(self, day: date) -> bool:
        """Tell whether the pause covers a day."""
        return self.valid_from <= day <= (self.valid_to or date.max)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cycle:
    """One year of CPD, both days included; ``whole_days`` is its length where it was cut short."""

    first: date
    last: date
    whole_days: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Duty:
    """What the days of a cycle oblige to; without obliging days nothing, and then no policy either."""

    obliged_days: int
    hours: Decimal | None
    outcomes: int
    themes: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Life:
    """What decides about a person's days in one association: memberships, the register, pauses, policies."""

    association: str
    memberships: Sequence[Membership]
    moves: Sequence[Move]
    pauses: Sequence[Pause]
    policies: Sequence[Policy]

    def membership_on(self, day: date) -> Membership | None:
        """Return the membership of the association on a day; of several after a merge, the highest.

        Nobody is a member after their death, whatever an association has not ended.
        """
        if any(each.died and each.moved_on <= day for each in self.moves):
            return None
        held = [each for each in self.memberships if each.valid_from <= day <= (each.valid_to or date.max)]
        return min(held, key=lambda each: _RANK[each.level], default=None)

    def policy_on(self, day: date) -> Policy | None:
        """Return the policy under which a day of membership stands, obliging or not."""
        membership = self.membership_on(day)
        if membership is None:
            return None
        return in_force(self.policies, association=self.association, level=membership.level, day=day)

    def entered_on(self, day: date) -> date | None:
        """Return the day on which the stay on the register that covers ``day`` began."""
        moves = sorted((each for each in self.moves if each.moved_on <= day), key=lambda each: each.moved_on)
        return moves[-1].moved_on if moves and moves[-1].entered else None

    def obliging_policy_on(self, day: date) -> Policy | None:
        """Return the policy by which a day obliges, or None where it does not."""
        policy = self.policy_on(day)
        if policy is None or policy.obligation is Obligation.NONE or any(p.covers(day) for p in self.pauses):
            return None
        if policy.starts is CycleStart.JOINING_REGISTER and self.entered_on(day) is None:
            return None
        return policy

    def cycle_on(self, day: date) -> Cycle | None:
        """Return the year of CPD in which a day lies, or None where the person has none on that day."""
        policy = self.policy_on(day)
        if policy is None or policy.obligation is Obligation.NONE:
            return None
        began = self._began(policy, day)
        return None if began is None else _year_of(began, day)

    def cycle_before(self, cycle: Cycle) -> Cycle | None:
        """Return the year before, cut where ``cycle`` begins in it, so that no day lies in both."""
        last = cycle.first - ONE_DAY
        before = self.cycle_on(last)
        if before is None:
            return None
        return Cycle(first=before.first, last=min(before.last, last), whole_days=before.whole_days)

    def duty(self, cycle: Cycle) -> Duty:
        """Return what a cycle obliges to: each stretch of days by the policy that is in force on it."""
        days, parts, whole, outcomes = 0, Decimal(0), Decimal(0), 0
        known, themes = False, frozenset[str]()
        for first, after in pairwise(self._cuts(cycle)):
            policy = self.obliging_policy_on(first)
            if policy is None:
                continue
            length = (after - first).days
            days += length
            outcomes = max(outcomes, policy.minimum_outcomes)
            themes |= policy.themes
            if policy.minimum_hours is not None:
                known = True
                if policy.pro_rata:
                    parts += policy.minimum_hours * length / cycle.whole_days
                else:
                    whole = max(whole, policy.minimum_hours)
        hours = max(parts, whole).quantize(HUNDREDTH, ROUND_HALF_UP) if known else None
        return Duty(obliged_days=days, hours=hours, outcomes=outcomes, themes=themes)

    def _began(self, policy: Policy, day: date) -> date | None:
        if policy.starts is CycleStart.JOINING_REGISTER:
            return self.entered_on(day)
        if policy.fixed_day is not None:
            month, of_month = policy.fixed_day
            return date(day.year - 1, month, of_month)
        return self._joined_on(day)

    def _joined_on(self, day: date) -> date | None:
        """Return the first day of the unbroken membership of which ``day`` is a day."""
        joined = None
        for membership in sorted(self.memberships, key=lambda each: each.valid_from, reverse=True):
            reaches = (membership.valid_to or date.max) >= (day if joined is None else joined - ONE_DAY)
            if membership.valid_from <= day and reaches:
                joined = min(membership.valid_from, joined or membership.valid_from)
        return joined

    def _cuts(self, cycle: Cycle) -> list[date]:
        """Return the days on which something changes, from the first of a cycle to the one after it."""
        after = cycle.last + ONE_DAY
        days = {
            *(day for each in self.memberships for day in _edges(each.valid_from, each.valid_to)),
            *(day for each in self.pauses for day in _edges(each.valid_from, each.valid_to)),
            *(each.moved_on for each in self.moves),
            *(each.effective_from for each in self.policies),
        }
        return sorted({cycle.first, after, *(day for day in days if cycle.first < day < after)})


def anniversary(day: date, years: int) -> date:
    """Return the day so many years later; the 29th of February becomes the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _year_of(began: date, day: date) -> Cycle:
    years = day.year - began.year
    if anniversary(began, years) > day:
        years -= 1
    first, after = anniversary(began, years), anniversary(began, years + 1)
    return Cycle(first=first, last=after - ONE_DAY, whole_days=(after - first).days)


def _edges(first: date, last: date | None) -> Iterable[date]:
    yield first
    if last is not None and last < date.max:
        yield last + ONE_DAY
