"""What each entry of a log counts for in one year of one association, and why."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from services.cpd.domain.cycle import Cycle, Life
from services.cpd.domain.policy import Evidence, Obligation, Policy


class Worth(StrEnum):
    """Why an entry counts, or counts for less than its hours, or for nothing."""

    COUNTED = "counted"
    CAPPED = "capped"
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
    """What an entry says of an activity, as far as rules look at it; ``shows`` is what it has."""

    entry_id: int
    association: str
    title: str
    kind: str
    done_on: date
    hours: Decimal
    planned: bool
    shows: frozenset[Evidence]


@dataclass(frozen=True, kw_only=True, slots=True)
class Valued:
    """What an entry counts for: its hours, those that count, and why."""

    activity: Activity
    counted: Decimal
    reasons: tuple[Worth, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """What a year's entries come to."""

    hours: Decimal
    outcomes: int
    entries: tuple[Valued, ...]


def tally(activities: Iterable[Activity], *, life: Life, cycle: Cycle, day: date) -> Tally:
    """Count the activities of a cycle done by ``day``, each by the policy in force when it was done.

    An activity told twice counts once, wherever it was told. The order in which entries are given does not
    matter: of those under one cap the earlier ones count first, then those with the smaller id.
    """
    held = [each for each in activities if cycle.first <= each.done_on <= min(cycle.last, day)]
    valued: list[Valued] = []
    seen: set[Hashable] = set()
    used: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    # Of one activity told twice the fuller telling counts, so that telling it again never costs anything.
    for each in sorted(held, key=lambda each: (each.done_on, -each.hours, each.entry_id)):
        policy = life.policy_on(each.done_on)
        reasons = _why_not(each, policy)
        same = same_activity(each)
        if not reasons and same in seen:
            reasons = (Worth.SAME_ACTIVITY,)
        if reasons or policy is None:
            valued.append(Valued(activity=each, counted=Decimal(0), reasons=reasons))
            continue
        seen.add(same)
        valued.append(_under_cap(each, policy, used))
    counting = [each for each in valued if each.reasons in ((Worth.COUNTED,), (Worth.CAPPED,))]
    return Tally(
        hours=sum((each.counted for each in counting), Decimal(0)),
        outcomes=sum(Evidence.OUTCOME in each.activity.shows for each in counting),
        entries=tuple(valued),
    )


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


def _under_cap(activity: Activity, policy: Policy, used: defaultdict[tuple[str, str], Decimal]) -> Valued:
    """Count an activity up to what its kind may still count for under the policy."""
    cap = policy.caps.get(activity.kind)
    if cap is None:
        return Valued(activity=activity, counted=activity.hours, reasons=(Worth.COUNTED,))
    place = (policy.version, activity.kind)
    counted = min(activity.hours, cap - used[place])
    used[place] += counted
    reason = Worth.COUNTED if counted == activity.hours else Worth.CAPPED
    return Valued(activity=activity, counted=counted, reasons=(reason,))


def shown_to(entries: Sequence[Valued], association: str | None) -> list[tuple[Valued, bool]]:
    """Return the entries, each with whether this reader may see more of it than what it counts for.

    An association sees its own; None is a reader who may see whose entry each is.
    """
    return [(each, association in (None, each.activity.association)) for each in entries]
