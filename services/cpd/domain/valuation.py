"""One log, valued by the rules of every association at once: those of its person, and one to join."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from services.cpd.domain.counting import Activity, Valued, Worth, outside, tally
from services.cpd.domain.cycle import Cycle, Life, Membership
from services.cpd.domain.policy import Policy
from services.cpd.domain.standing import Facts, life_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Valuation:
    """What one entry counts for in one association, and why.

    ``policy`` is that of the day on which the activity was done, and with the level None where the person was
    no member then; ``cycle`` is the year in which the hours count, None where the day lies in no year that is
    open. ``supposed`` tells that the person is only supposed to be a member.
    """

    association: str
    policy: Policy | None
    cycle: Cycle | None
    counted: Decimal
    reasons: tuple[Worth, ...]
    supposed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Appraisal:
    """One entry and what it counts for, association by association."""

    activity: Activity
    valuations: tuple[Valuation, ...]


def appraise(
    facts: Facts, policies: Sequence[Policy], *, day: date, supposed: Membership | None = None
) -> tuple[Appraisal, ...]:
    """Value each entry by the rules of every association of which the person is a member on a day.

    Counted are the running year and the one before it, as they are for the standing. With ``supposed`` the
    person is taken for a member there as well; whatever is known of other associations stays as it is.
    """
    held = facts if supposed is None else replace(facts, memberships=[*facts.memberships, supposed])
    shown = [each for each in facts.activities if each.planned or each.done_on <= day]
    found: dict[int, list[Valuation]] = {each.entry_id: [] for each in shown}
    for association in sorted({each.association for each in held.memberships}):
        life = life_of(association, held, policies)
        if life.membership_on(day) is None:
            continue
        only_supposed = supposed is not None and supposed.association == association
        for entry_id, valuation in _valued(shown, life, day=day, supposed=only_supposed):
            found[entry_id].append(valuation)
    return tuple(
        Appraisal(activity=each, valuations=tuple(found[each.entry_id]))
        for each in sorted(shown, key=lambda each: (each.done_on, each.entry_id))
    )


def _valued(
    activities: Sequence[Activity], life: Life, *, day: date, supposed: bool
) -> Iterator[tuple[int, Valuation]]:
    """Yield what each entry counts for in one association, by the id of the entry."""

    def valuation(cycle: Cycle | None, valued: Valued) -> tuple[int, Valuation]:
        return valued.activity.entry_id, Valuation(
            association=life.association,
            policy=life.policy_on(valued.activity.done_on),
            cycle=cycle,
            counted=valued.counted,
            reasons=valued.reasons,
            supposed=supposed,
        )

    told = set()
    for cycle in _open_years(life, day):
        for valued in tally(activities, life=life, cycle=cycle, day=day).entries:
            told.add(valued.activity.entry_id)
            yield valuation(cycle, valued)
    for activity in activities:
        if activity.entry_id not in told:
            yield valuation(None, outside(activity, life.policy_on(activity.done_on)))


def _open_years(life: Life, day: date) -> list[Cycle]:
    """Return the years that are looked at on a day, the older first."""
    cycle = life.cycle_on(day)
    if cycle is None:
        return []
    before = life.cycle_before(cycle)
    return [cycle] if before is None else [before, cycle]
