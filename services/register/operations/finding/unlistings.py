"""Entries that are shown by their exact number only, for somebody's safety: set and lifted by a registrar."""

from datetime import datetime

from services.register.domain.finding.search import NoSuchUnlisting, UnlistingAlreadyLifted, checked_reason
from services.register.domain.person import parse_number
from services.register.operations.public_entries import republish
from services.register.operations.sanctions import locked, named
from services.register.storage import merges
from services.register.storage.constraints import AlreadyUnlisted
from services.register.storage.finding import unlistings
from services.register.storage.finding.unlistings import HeldUnlisting
from shared.actor import Actor
from shared.database import Database, Transaction
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of

SeenUnlisting = HeldUnlisting


async def begin(
    db: Database, once: Once, *, number: str, reason: str, actor: Actor, now: datetime
) -> SeenUnlisting:
    """Show somebody by their exact number only; from the next answer on nobody finds them by name."""
    actor.require("register:decide")
    said = checked_reason(reason)
    canonical = parse_number(number)
    async with db.transaction(actor, once) as tx:
        group = await locked(tx, canonical)
        if await unlistings.standing(tx, group.ids):
            raise AlreadyUnlisted
        record = Record(actor=actor, at=now, event="entry.unlisted", subject=group.number, facts={})
        unlisting_id = await unlistings.begin(tx, person_id=group.kept_id, reason=said, record=record)
        await republish(tx, group.ids, now=now)
        begun = await _get(tx, unlisting_id)
        once.answer(begun)
    return begun


async def lift(
    db: Database, once: Once, *, unlisting_id: int, reason: str, actor: Actor, now: datetime
) -> SeenUnlisting:
    """Let somebody be found by name again."""
    actor.require("register:decide")
    said = checked_reason(reason)
    async with db.transaction(actor, once) as tx:
        group = await merges.lock_group(tx, (await _get(tx, unlisting_id)).person_id)
        held = await _get(tx, unlisting_id)
        if held.lifted_by is not None:
            raise UnlistingAlreadyLifted
        record = Record(actor=actor, at=now, event="entry.listed", subject=group.number, facts={})
        await unlistings.end(tx, held, reason=said, record=record)
        await republish(tx, group.ids, now=now)
        lifted = await _get(tx, unlisting_id)
        once.answer(lifted)
    return lifted


async def get(db: Database, *, unlisting_id: int, actor: Actor) -> SeenUnlisting:
    """Return an unlisting."""
    actor.require("register:decide")
    async with db.reading() as tx:
        return await _get(tx, unlisting_id)


async def page(
    db: Database, *, number: str | None, actor: Actor, after: str | None, limit: int
) -> Page[SeenUnlisting]:
    """Return the unlistings of one person, or of everybody, in the order in which they were set."""
    actor.require("register:decide")
    (last,) = place_of(after, int) or (0,)
    canonical = None if number is None else parse_number(number)
    async with db.reading() as tx:
        ids = None if canonical is None else (await named(tx, canonical)).ids
        found = await unlistings.page(tx, person_ids=ids, after=last, limit=limit + 1)
    return page_of(found, limit=limit, place=lambda each: (each.unlisting_id,))


async def _get(tx: Transaction, unlisting_id: int) -> SeenUnlisting:
    held = await unlistings.find(tx, unlisting_id)
    if held is None:
        raise NoSuchUnlisting(unlisting_id=unlisting_id)
    return held
