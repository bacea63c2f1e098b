"""What a person shows in an audit: activities of their log described, and what stands in the gaps between."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from shared.errors import FieldError, Unprocessable

ONE_DAY = timedelta(days=1)


class PackIncomplete(Unprocessable):
    """This pack does not show yet what an assessor needs: see errors for what is missing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Described:
    """An entry of the log, described: what was done, what was learnt, and whom it benefits and how."""

    entry_id: int
    what: str
    learned: str
    benefit: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """Days without any activity, both included, and why."""

    first: date
    last: date
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Pack:
    """What is handed in: activities described, gaps explained."""

    activities: tuple[Described, ...]
    gaps: tuple[Gap, ...]


def gaps_in(
    done: Iterable[tuple[date, date]], *, first: date, last: date, days: int
) -> Sequence[tuple[date, date]]:
    """Return the stretches of so many days and more on which nothing was done, both days included."""
    found: list[tuple[date, date]] = []
    free_from = first
    for began, ended in sorted(done):
        if (began - free_from).days >= days:
            found.append((free_from, began - ONE_DAY))
        free_from = max(free_from, ended + ONE_DAY)
    if (last - free_from).days + 1 >= days:
        found.append((free_from, last))
    return found


def check(
    pack: Pack,
    *,
    done: dict[int, tuple[date, date]],
    first: date,
    last: date,
    described: int,
    gap_days: int,
) -> None:
    """Refuse a pack with too few activities, with one that is not in the log, or with a long gap unexplained.

    ``done`` leads from the ids of the person’s entries that are done in the days looked at to their days.
    """
    errors = [
        FieldError(
            f"/activities/{place}/entry_id",
            "not-in-the-log",
            f"There is no such entry of this person, done between {first} and {last}.",
        )
        for place, each in enumerate(pack.activities)
        if each.entry_id not in done
    ]
    if len({each.entry_id for each in pack.activities}) < described:
        errors.append(
            FieldError("/activities", "too-few", f"Describe at least {described} different activities.")
        )
    for began, ended in gaps_in(done.values(), first=first, last=last, days=gap_days):
        if not any(each.first <= began and ended <= each.last and each.why.strip() for each in pack.gaps):
            errors.append(
                FieldError("/gaps", "not-explained", f"Nothing is logged from {began} to {ended}: say why.")
            )
    if errors:
        raise PackIncomplete(errors=errors)
