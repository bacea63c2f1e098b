"""Deciding that nothing is asked of somebody for a while: deferrals and exemptions."""

from datetime import date, datetime

from services.cpd.domain import pause as rules
from services.cpd.domain.pause import Decision, NoSuchPause
from services.cpd.operations.persons import anybody
from services.cpd.storage import obligations
from services.cpd.storage.obligations import HeldPause
from shared.actor import Actor
from shared.database import Database, Transaction
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of

SeenPause = HeldPause
AUDIT = "cpd:audit"


async def decide(
    db: Database, once: Once, *, number: str, decision: Decision, actor: Actor, now: datetime
) -> SeenPause:
    """Decide that nothing is asked of a person on some days; the reason is for those who decide only."""
    actor.require(AUDIT)
    rules.check(decision)
    async with db.transaction(actor, once) as tx:
        group = await anybody(tx, number)
        record = _record("pause.decided", group.kept, decision, decision.valid_to, actor, now)
        id_ = await obligations.write_pause(tx, group.kept, decision, decided_by=actor.subject, record=record)
        decided = await _get(tx, id_)
        once.answer(decided)
    return decided


async def end(
    db: Database, once: Once, *, pause_id: int, last_day: date, actor: Actor, now: datetime
) -> SeenPause:
    """End a deferral or an exemption earlier: the day given is its last."""
    actor.require(AUDIT)
    async with db.transaction(actor, once) as tx:
        held = await _get(tx, pause_id)
        last = rules.ended(held.decision.valid_from, held.decision.valid_to, last_day=last_day)
        record = _record("pause.ended", held.number, held.decision, last, actor, now)
        await obligations.end_pause(tx, held, last=last, record=record)
        shown = await _get(tx, pause_id)
        once.answer(shown)
    return shown


async def page(
    db: Database, *, number: str | None, actor: Actor, after: str | None, limit: int
) -> Page[SeenPause]:
    """Return what was decided about one person or about everybody."""
    actor.require(AUDIT)
    (last,) = place_of(after, int) or (0,)
    async with db.reading() as tx:
        numbers = None if number is None else (await anybody(tx, number)).numbers
        found = await obligations.pauses_page(tx, numbers=numbers, after=last, limit=limit + 1)
    return page_of(found, limit=limit, place=lambda each: (each.id,))


async def _get(tx: Transaction, pause_id: int) -> HeldPause:
    held = await obligations.find_pause(tx, pause_id)
    if held is None:
        raise NoSuchPause(pause_id=pause_id)
    return held


def _record(
    event: str, number: str, decision: Decision, last: date | None, actor: Actor, now: datetime
) -> Record:
    facts = {
        "kind": decision.kind.value,
        "valid_from": decision.valid_from.isoformat(),
        "valid_to": None if last is None else last.isoformat(),
    }
    return Record(actor=actor, at=now, event=event, subject=number, facts=facts)
