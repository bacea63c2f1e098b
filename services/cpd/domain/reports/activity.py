"""The scale and nature of CPD in numbers, and which of them the public sees."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

WHOLE = Decimal(1)
UNKNOWN = "unknown"
"""Said where nothing was told, or where the person was no member on the day."""


class Dimension(StrEnum):
    """What activity is counted by."""

    ASSOCIATION = "association"
    LEVEL = "level"
    KIND = "kind"
    APPROACH = "approach"
    STANDARD = "standard"
    SPECIALISM = "specialism"


@dataclass(frozen=True, kw_only=True, slots=True)
class Activity:
    """What was done under one code: how many people, entries and hours; None is suppressed."""

    code: str
    people: int | None
    entries: int | None
    hours: Decimal | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Participation:
    """Of the members of an association at a level, how many did something; None is suppressed."""

    association: str
    level: str
    members: int | None
    taking_part: int | None


def for_the_public(counted: Sequence[Activity], *, least: int) -> tuple[Activity, ...]:
    """Return the lines as the public sees them: hours are whole, and lines of few people are not shown.

    Whoever takes what is shown from a total learns the sum of what is not. So there are always several lines
    that are not shown, of at least ``least`` people together, or none.
    """
    people = [each.people or 0 for each in counted]
    hidden = {place for place, many in enumerate(people) if many < least}
    while hidden and (len(hidden) < 2 or sum(people[place] for place in hidden) < least):
        visible = [many for place, many in enumerate(people) if place not in hidden]
        if not visible:
            break
        # All that are alike, for which of them was chosen would tell the counts apart.
        hidden |= {place for place, many in enumerate(people) if many == min(visible)}
    return tuple(
        replace(each, people=None, entries=None, hours=None) if place in hidden else _whole(each)
        for place, each in enumerate(counted)
    )


def participation_for_the_public(
    counted: Sequence[Participation], *, least: int
) -> tuple[Participation, ...]:
    """Return the lines as the public sees them: none where few took part, or few did not."""
    return tuple(
        replace(each, members=None, taking_part=None)
        if any(0 < many < least for many in (taking, (each.members or 0) - taking))
        else each
        for each in counted
        for taking in (each.taking_part or 0,)
    )


def _whole(line: Activity) -> Activity:
    hours = None if line.hours is None else line.hours.quantize(WHOLE, ROUND_HALF_UP)
    return replace(line, hours=hours)
