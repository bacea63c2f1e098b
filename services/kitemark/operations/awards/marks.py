"""Whether schools hold the mark, as of a day and as known at an instant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.kitemark.domain.awards.award import Award
from services.kitemark.domain.awards.mark import Mark, mark, policy_on
from services.kitemark.domain.school_number import parse_school_number
from services.kitemark.operations.awards.records import rules
from services.kitemark.storage import journal_head
from services.kitemark.storage.awards import awards
from services.kitemark.storage.establishments import establishments
from services.kitemark.storage.establishments.establishments import Before
from shared.clock import london_day
from shared.database import Database
from shared.errors import Refusal


@dataclass(frozen=True, kw_only=True, slots=True)
class Axes:
    """The day asked about, and the instant of whose knowledge the answer is made; None is now."""

    valid_at: date | None = None
    known_at: datetime | None = None

    def settled(self, now: datetime) -> tuple[date, datetime]:
        """Return both; nobody knows the future."""
        known_at = min(self.known_at or now, now)
        return self.valid_at or london_day(known_at), known_at


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenMark:
    """The mark of a school, the day and the instant that it is about, and how far the journal went."""

    school: str
    mark: Mark
    valid_at: date
    known_at: datetime
    journal_position: int


async def get(db: Database, *, school: str, axes: Axes, now: datetime) -> SeenMark:
    """Return whether a school holds the mark; raises SchoolNumberNotReadable."""
    (found,) = await many(db, schools=[parse_school_number(school)], axes=axes, now=now)
    return found


async def batch(
    db: Database, *, schools: Sequence[str], axes: Axes, now: datetime
) -> list[SeenMark | Refusal]:
    """Return one outcome for each school asked, in order; a number that cannot be read is a refusal."""
    parsed = [_parsed(each) for each in schools]
    numbers = list(dict.fromkeys(each for each in parsed if isinstance(each, str)))
    found = {each.school: each for each in await many(db, schools=numbers, axes=axes, now=now)}
    return [each if isinstance(each, Refusal) else found[each] for each in parsed]


async def many(db: Database, *, schools: Sequence[str], axes: Axes, now: datetime) -> list[SeenMark]:
    """Return the marks of schools, in order, by a fixed number of queries."""
    day, known_at = axes.settled(now)
    as_of = None if axes.known_at is None else known_at
    async with db.reading() as tx:
        judged_by = await rules(tx, known_at=as_of)
        kinds = policy_on(judged_by.policies, day).follows
        before = await establishments.lineage(tx, schools, kinds)
        everywhere = {*schools, *(each.number for line in before.values() for each in line)}
        held = await awards.of_schools(tx, everywhere, known_at=as_of)
        position = await journal_head.position(tx)
    return [
        SeenMark(
            school=school,
            mark=mark(_held(school, held, before, day), judged_by, day=day),
            valid_at=day,
            known_at=known_at,
            journal_position=position,
        )
        for school in schools
    ]


async def history(db: Database, *, school: str, known_at: datetime | None) -> Sequence[Award]:
    """Return every award of a school, the oldest first; raises SchoolNumberNotReadable."""
    number = parse_school_number(school)
    async with db.reading() as tx:
        held = await awards.of_schools(tx, [number], known_at=known_at)
    return sorted(held.get(number, ()), key=lambda award: (award.valid_from, award.key))


def _held(
    school: str,
    held: Mapping[str, Sequence[Award]],
    before: Mapping[str, Sequence[Before]],
    day: date,
) -> list[Award]:
    """Return the awards of a school, and from the day of the change on those of the schools it replaced."""
    gone_over = [each for each in before.get(school, ()) if each.since is None or each.since <= day]
    return [
        *held.get(school, ()),
        *(award for each in gone_over for award in held.get(each.number, ())),
    ]


def _parsed(school: str) -> str | Refusal:
    try:
        return parse_school_number(school)
    except Refusal as refusal:
        return refusal
