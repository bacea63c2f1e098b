"""What each entry of a log counts for in one year of one association, and why."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from services.cpd.domain.cycle import Cycle, Life
from services.cpd.domain.policy import Evidence, Obligation, Policy


class Worth(StrEnum):
    """Why an entry counts, or counts for less than its hours, or for nothing."""

    COUNTED = "counted"
    CAPPED = "capped"
    CARRIED = "carried"
    PLANNED = "planned"
    NOT_A_MEMBER = "not_a_member"
    NO_OBLIGATION = "no_obligation"
    NO_OUTCOME = "no_outcome"
    NO_STANDARD = "no_standard"
    NO_REFLECTION = "no_reflection"
    SAME_ACTIVITY = "same_activity"
    NO_YEAR = "no_year"


_LACKING = {
    Evidence.OUTCOME: Worth.NO_OUTCOME,
    Evidence.STANDARD: Worth.NO_STANDARD,
    Evidence.REFLECTION: Worth.NO_REFLECTION,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Activity:
    """What an entry says of an activity, as far as rules look at it.

    ``shows`` is what it has; ``about`` are those of its standards and specialisms that some policy has among
    its themes.
    """

    entry_id: int
    association: str
    title: str
    kind: str
    done_on: date
    hours: Decimal
    planned: bool
    shows: frozenset[Evidence]
    about: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Valued:
    """What an entry counts for: its hours, those that count, and why."""

    activity: Activity
    counted: Decimal
    reasons: tuple[Worth, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """What a year's entries come to; ``carried`` are those of the hours that were done in the year before."""

    hours: Decimal
    carried: Decimal
    outcomes: int
    themes: frozenset[str]
    entries: tuple[Valued, ...]


def tally(activities: Sequence[Activity], *, life: Life, cycle: Cycle, day: date) -> Tally:
    """Return what counts in a cycle by ``day``: what was done in it, and hours of the year before where the
    policy of that year's last day lets them be carried.

    Only hours are carried: outcomes and themes belong to the year in which they came about.
    """
    own = _own(activities, life=life, cycle=cycle, day=day)
    before = _carrying_year(life, cycle)
    if before is None:
        return own
    past = _own(activities, life=life, cycle=before, day=day)
    carried = tuple(_carried(past, life=life, cycle=before))
    hours = sum((each.counted for each in carried), Decimal(0))
    return replace(own, hours=own.hours + hours, carried=hours, entries=(*carried, *own.entries))


def _own(activities: Iterable[Activity], *, life: Life, cycle: Cycle, day: date) -> Tally:
    """Count the activities of a cycle done by ``day``, each by the policy in force when it was done.

    An activity told twice counts once, wherever it was told, with all that any telling of it shows. The order
    in which entries are given does not matter: of those under one cap the earlier ones count first, then
    those with more hours, then those with the smaller id.
    """
    held = [each for each in activities if cycle.first <= each.done_on <= min(cycle.last, day)]
    valued: list[Valued] = []
    shown: dict[Hashable, frozenset[Evidence]] = {}
    themes = frozenset[str]()
    used: defaultdict[str, Decimal] = defaultdict(Decimal)
    # Of one activity told twice the fuller telling counts, so that telling it again never costs anything.
    for each in sorted(held, key=lambda each: (each.done_on, -each.hours, each.entry_id)):
        policy = life.policy_on(each.done_on)
        reasons = _why_not(each, policy)
        if reasons or policy is None:
            valued.append(Valued(activity=each, counted=Decimal(0), reasons=reasons))
            continue
        same = same_activity(each)
        if same in shown:
            valued.append(Valued(activity=each, counted=Decimal(0), reasons=(Worth.SAME_ACTIVITY,)))
        else:
            valued.append(_under_cap(each, policy, used))
        shown[same] = shown.get(same, frozenset()) | each.shows
        themes |= each.about
    return Tally(
        hours=sum((each.counted for each in valued), Decimal(0)),
        carried=Decimal(0),
        outcomes=sum(Evidence.OUTCOME in each for each in shown.values()),
        themes=themes,
        entries=tuple(valued),
    )


def _carrying_year(life: Life, cycle: Cycle) -> Cycle | None:
    """Return the year before where hours of it may be carried into a cycle, or None."""
    if all(each.carry_forward is None for each in life.policies):
        return None
    before = life.cycle_before(cycle)
    policy = None if before is None else life.policy_on(before.last)
    return None if policy is None or policy.carry_forward is None else before


def _carried(past: Tally, *, life: Life, cycle: Cycle) -> Iterator[Valued]:
    """Yield what of each entry of a year is carried out of it: of the hours that came after what the year
    asked was done, the first ones, up to what its policy lets be carried. Where no number of hours was asked
    there are none beyond it.
    """
    policy, asked = life.policy_on(cycle.last), life.duty(cycle).hours
    if policy is None or policy.carry_forward is None or asked is None:
        return
    done, left = Decimal(0), policy.carry_forward
    for each in past.entries:
        done += each.counted
        counted = min(each.counted, max(done - asked, Decimal(0)), left)
        if counted > 0:
            left -= counted
            yield Valued(activity=each.activity, counted=counted, reasons=(Worth.CARRIED,))


def same_activity(activity: Activity) -> Hashable:
    """Return what two entries have in common that tell of one activity: the day, the type and the title."""
    return activity.done_on, activity.kind, activity.title.casefold()


def outside(activity: Activity, policy: Policy | None) -> Valued:
    """Return the activity as worth nothing, because its day lies in no year that is open, or for worse."""
    reasons = _why_not(activity, policy) or (Worth.NO_YEAR,)
    return Valued(activity=activity, counted=Decimal(0), reasons=reasons)


def _why_not(activity: Activity, policy: Policy | None) -> tuple[Worth, ...]:
    """Return every reason for which an activity counts for nothing."""
    if activity.planned:
        return (Worth.PLANNED,)
    if policy is None:
        return (Worth.NOT_A_MEMBER,)
    if policy.obligation is Obligation.NONE:
        return (Worth.NO_OBLIGATION,)
    lacking = policy.asks - activity.shows
    return tuple(worth for evidence, worth in _LACKING.items() if evidence in lacking) if lacking else ()


def _under_cap(activity: Activity, policy: Policy, used: defaultdict[str, Decimal]) -> Valued:
    """Count an activity up to what its type may still count for in the year, by the policy of its day.

    ``used`` is what the types count for already, under whichever version of the policy that was.
    """
    cap = policy.caps.get(activity.kind)
    left = activity.hours if cap is None else max(cap - used[activity.kind], Decimal(0))
    counted = min(activity.hours, left)
    used[activity.kind] += counted
    reason = Worth.COUNTED if counted == activity.hours else Worth.CAPPED
    return Valued(activity=activity, counted=counted, reasons=(reason,))


def shown_to(entries: Sequence[Valued], association: str | None) -> list[tuple[Valued, bool]]:
    """Return the entries, each with whether this reader may see more of it than what it counts for.

    An association sees its own; None is a reader who may see whose entry each is.
    """
    return [(each, association in (None, each.activity.association)) for each in entries]
