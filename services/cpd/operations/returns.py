"""The yearly return: a member declares to an association what was done in a year."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from services.cpd.domain.access import own_association
from services.cpd.domain.cycle import Cycle
from services.cpd.domain.standing import NoYearToDeclare, life_of, return_due_on
from services.cpd.operations.persons import own_member
from services.cpd.operations.standings import facts_of
from services.cpd.storage import entries, obligations, policies
from services.cpd.storage.groups import Group
from services.cpd.storage.obligations import HeldReturn
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of

SeenReturn = HeldReturn


@dataclass(frozen=True, kw_only=True, slots=True)
class Declared:
    """What is declared of the year in which ``day`` lies; without hours none are named."""

    number: str
    day: date | None
    hours: Decimal | None
    nature: str


async def declare(db: Database, once: Once, *, declared: Declared, actor: Actor, now: datetime) -> SeenReturn:
    """Record a member's return of a year; sent again with other content it is amended, nothing is lost."""
    association, today = own_association(actor), london_day(now)
    async with db.transaction(actor, once) as tx:
        group = await own_member(tx, declared.number, actor)
        await entries.hold(tx, association, [f"return {group.kept}"])
        cycle, due_on = await _year(tx, group, association, declared.day or today)
        held = await obligations.find_return(tx, group.numbers, association, first=cycle.first)
        if held is not None and (held.hours, held.nature) == (declared.hours, declared.nature):
            once.answer(held)
            return held
        late = today > due_on
        await obligations.write_return(
            tx,
            group.kept,
            cycle,
            association=association,
            hours=declared.hours,
            nature=declared.nature,
            declared_on=today,
            late=late,
            corrects=held,
            record=Record(
                actor=actor,
                at=now,
                event="return.declared" if held is None else "return.amended",
                subject=group.kept,
                facts={"association": association, "cycle_from": cycle.first.isoformat(), "late": late},
            ),
        )
        shown = await obligations.find_return(tx, group.numbers, association, first=cycle.first)
        assert shown is not None  # noqa: S101 - written above
        once.answer(shown)
    return shown


async def page(
    db: Database, *, number: str | None, actor: Actor, after: str | None, limit: int
) -> Page[SeenReturn]:
    """Return what was declared to the caller's own association."""
    association = own_association(actor)
    (last,) = place_of(after, int) or (0,)
    async with db.reading() as tx:
        numbers = None if number is None else (await own_member(tx, number, actor)).numbers
        found = await obligations.returns_page(tx, association, numbers=numbers, after=last, limit=limit + 1)
    return page_of(found, limit=limit, place=lambda each: (each.id,))


async def _year(tx: Transaction, group: Group, association: str, day: date) -> tuple[Cycle, date]:
    """Return the member's year in which a day lies, and the last day on which its return is in time."""
    published = await policies.every(tx)
    facts = (await facts_of(tx, {group.kept: group}, published, day=day, known_at=None))[group.kept]
    life = life_of(association, facts, published)
    cycle = life.cycle_on(day)
    if cycle is None:
        raise NoYearToDeclare(day=day.isoformat())
    return cycle, return_due_on(life, cycle, day=day)
