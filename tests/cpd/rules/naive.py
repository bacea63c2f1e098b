"""The same counting a second time, written as plainly as can be: day by day, entry by entry."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from services.cpd.domain.counting import Activity
from services.cpd.domain.cycle import Cycle
from services.cpd.domain.policy import Policy
from services.cpd.domain.standing import Facts

RANKS = ("professional", "associate", "affiliate")


def policy_on(facts: Facts, policies: Sequence[Policy], association: str, day: date) -> Policy | None:
    """Look through everything for the policy of a day."""
    levels = [
        membership.level
        for membership in facts.memberships
        if membership.association == association
        and membership.valid_from <= day
        and (membership.valid_to is None or day <= membership.valid_to)
    ]
    if not levels:
        return None
    level = min(levels, key=lambda each: RANKS.index(each.value))
    for whose in (association, None):
        found = None
        for policy in sorted(policies, key=lambda each: (each.effective_from, each.version)):
            if policy.association == whose and policy.level == level and policy.effective_from <= day:
                found = policy
        if found:
            return found
    return None


def on_register(facts: Facts, day: date) -> bool:
    """Walk through the moves up to a day."""
    there = False
    for move in sorted(facts.moves, key=lambda each: each.moved_on):
        if move.moved_on <= day:
            there = move.entered
    return there


def obliging(facts: Facts, policies: Sequence[Policy], association: str, day: date) -> Policy | None:
    """Return the policy by which a single day obliges."""
    policy = policy_on(facts, policies, association, day)
    paused = any(
        each.valid_from <= day and (not each.valid_to or day <= each.valid_to) for each in facts.pauses
    )
    if policy is None or policy.obligation == "none" or paused:
        return None
    away = policy.starts == "joining_register" and not on_register(facts, day)
    return None if away else policy


def required(facts: Facts, policies: Sequence[Policy], association: str, cycle: Cycle) -> Fraction | None:
    """Add up what each single day asks; policies whose part years are not pro rata ask for the whole."""
    total, whole, known = Fraction(0), Fraction(0), False
    day = cycle.first
    while day <= cycle.last:
        policy = obliging(facts, policies, association, day)
        if policy and policy.minimum_hours is not None:
            known = True
            if policy.pro_rata:
                total += Fraction(policy.minimum_hours) / cycle.whole_days
            else:
                whole = max(whole, Fraction(policy.minimum_hours))
        day += timedelta(days=1)
    return max(total, whole) if known else None


def qualifying(
    facts: Facts, policies: Sequence[Policy], association: str, cycle: Cycle, day: date
) -> list[tuple[Activity, Policy]]:
    """List what was done in a year by a day and shows all that the policy of its own day asks."""
    found = []
    for activity in facts.activities:
        policy = policy_on(facts, policies, association, activity.done_on)
        if activity.planned or policy is None or policy.obligation == "none":
            continue
        if activity.done_on > day or not cycle.first <= activity.done_on <= cycle.last:
            continue
        if policy.asks <= activity.shows:
            found.append((activity, policy))
    return found


def same(activity: Activity) -> tuple[str, str, str]:
    """Name what an entry tells of."""
    return str(activity.done_on), activity.kind, activity.title.casefold()


def counted_days(
    facts: Facts, policies: Sequence[Policy], association: str, cycle: Cycle, day: date
) -> dict[tuple[date, str], Decimal]:
    """Walk through the days of each type of activity, and let its sum grow no further than the day's cap."""
    once: dict[tuple[str, str, str], Activity] = {}
    caps: dict[tuple[date, str], Decimal] = {}
    for activity, policy in qualifying(facts, policies, association, cycle, day):
        caps[activity.done_on, activity.kind] = policy.caps.get(activity.kind, Decimal("Infinity"))
        if same(activity) not in once or once[same(activity)].hours < activity.hours:
            once[same(activity)] = activity
    sums: dict[str, Decimal] = {}
    grown: dict[tuple[date, str], Decimal] = {}
    for done_on, kind in sorted(caps):
        here = [each.hours for each in once.values() if (each.done_on, each.kind) == (done_on, kind)]
        so_far = sums.get(kind, Decimal(0))
        sums[kind] = max(so_far, min(so_far + sum(here), caps[done_on, kind]))
        grown[done_on, kind] = sums[kind] - so_far
    return grown


def done_in(facts: Facts, policies: Sequence[Policy], association: str, cycle: Cycle, day: date) -> Decimal:
    """Add up what was done in a year itself."""
    return sum(counted_days(facts, policies, association, cycle, day).values(), Decimal(0))


def carried(
    facts: Facts, policies: Sequence[Policy], association: str, before: Cycle | None, day: date
) -> Decimal:
    """Compare what was done in the year before with what it asked, up to what may be carried."""
    policy = policy_on(facts, policies, association, before.last) if before else None
    if before is None or policy is None or policy.carry_forward is None:
        return Decimal(0)
    asked = required(facts, policies, association, before)
    if asked is None:
        return Decimal(0)
    rounded = (Decimal(asked.numerator) / asked.denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)
    beyond = done_in(facts, policies, association, before, day) - rounded
    return min(max(beyond, Decimal(0)), policy.carry_forward)


def outcomes(facts: Facts, policies: Sequence[Policy], association: str, cycle: Cycle, day: date) -> int:
    """Count the activities of which anybody told an outcome."""
    told = qualifying(facts, policies, association, cycle, day)
    return len({same(each) for each, _ in told if "outcome" in each.shows})


def missing_themes(
    facts: Facts, policies: Sequence[Policy], association: str, cycle: Cycle, day: date
) -> set[str]:
    """Strike out of what the days ask for what anything told is about."""
    asked: set[str] = set()
    each_day = cycle.first
    while each_day <= cycle.last:
        policy = obliging(facts, policies, association, each_day)
        asked |= policy.themes if policy else set()
        each_day += timedelta(days=1)
    for activity, _ in qualifying(facts, policies, association, cycle, day):
        asked -= activity.about
    return asked
