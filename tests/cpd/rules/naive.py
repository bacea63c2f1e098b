"""The same counting a second time, written as plainly as can be: day by day, entry by entry."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
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


def required(facts: Facts, policies: Sequence[Policy], association: str, cycle: Cycle) -> Fraction | None:
    """Add up what each single day asks; policies whose part years are not pro rata ask for the whole."""
    total, whole, known = Fraction(0), Fraction(0), False
    day = cycle.first
    while day <= cycle.last:
        policy = policy_on(facts, policies, association, day)
        paused = any(
            each.valid_from <= day and (not each.valid_to or day <= each.valid_to) for each in facts.pauses
        )
        if policy and policy.obligation != "none" and not paused:
            away = policy.starts == "joining_register" and not on_register(facts, day)
            if policy.minimum_hours is not None and not away:
                known = True
                if policy.pro_rata:
                    total += Fraction(policy.minimum_hours) / cycle.whole_days
                else:
                    whole = max(whole, Fraction(policy.minimum_hours))
        day += timedelta(days=1)
    return max(total, whole) if known else None


def counted(facts: Facts, policies: Sequence[Policy], association: str, cycle: Cycle, day: date) -> Decimal:
    """Add up what counts: each activity once, under the caps of its day's policy."""
    once: dict[tuple[str, str, str], tuple[Activity, Policy]] = {}
    for activity in facts.activities:
        policy = policy_on(facts, policies, association, activity.done_on)
        if activity.planned or policy is None or policy.obligation == "none":
            continue
        if activity.done_on > day or not cycle.first <= activity.done_on <= cycle.last:
            continue
        if policy.asks <= activity.shows:
            same = (str(activity.done_on), activity.kind, activity.title.casefold())
            if same not in once or once[same][0].hours < activity.hours:
                once[same] = (activity, policy)
    sums: dict[tuple[str, str], Decimal] = {}
    caps: dict[tuple[str, str], Decimal] = {}
    for activity, policy in once.values():
        place = (policy.version, activity.kind)
        sums[place] = sums.get(place, Decimal(0)) + activity.hours
        caps[place] = policy.caps.get(activity.kind, Decimal("Infinity"))
    return sum((min(sums[place], caps[place]) for place in sums), Decimal(0))
