"""The moderation of a body's awards up to the draw: what could steer it is fixed before the seed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.kitemark.domain.policing import moderation as rules
from services.kitemark.domain.policing.case import ModerationCase
from services.kitemark.domain.policing.moderation import (
    Moderation,
    ModerationState,
    NoSuchModeration,
    NothingToModerate,
)
from services.kitemark.operations.awards.proposals import DECIDES
from services.kitemark.operations.awards.standings import BodyNotKnown
from services.kitemark.operations.policing.terms import terms, ties
from services.kitemark.operations.reference import vocabulary
from services.kitemark.storage.policing import cases, moderations
from services.kitemark.storage.policing.moderations import HeldModeration
from shared.actor import Actor
from shared.clock import london_day, rfc3339
from shared.database import Database, Transaction
from shared.draw import SeedSource, check_expected, check_freeze, drawn, list_hash
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of

SeenModeration = HeldModeration


@dataclass(frozen=True, kw_only=True, slots=True)
class Announced:
    """Whose awards are moderated by whom, and where the seed will come from and when."""

    body: str
    moderator: str
    source: SeedSource


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """A moderation with the list from which it is drawn."""

    held: HeldModeration
    listed: Sequence[str]


async def freeze(
    db: Database, once: Once, *, announced: Announced, actor: Actor, now: datetime
) -> SeenModeration:
    """Freeze the list of a body's awards of the last year and publish its digest, before the seed exists.

    Raises ModeratesAnother, BodyNotKnown, SeedExpectedTooEarly, FrozenTooLate, ModeratorTied,
    NothingToModerate, ModeratedAlready.
    """
    actor.require(DECIDES)
    rules.check_part(actor.body, parties=(announced.body, announced.moderator))
    check_expected(announced.source, now=now)
    async with db.transaction(actor, once) as tx:
        told, listed = await _frozen(tx, announced, actor=actor, now=now)
        facts: dict[str, object] = {
            "moderator": told.moderator,
            "year": told.year,
            "list_hash": told.list_hash,
            "population": told.population,
            "size": told.size,
            "seed_source": told.source.kind.value,
            "seed_where": told.source.where,
            "seed_expected_at": rfc3339(told.source.expected_at),
            "policy_version": told.policy,
        }
        record = _record("moderation.frozen", told, facts, actor, now)
        seen = await _get(tx, await moderations.freeze(tx, told, listed, record=record))
        once.answer(seen)
    return seen


async def enter_seed(
    db: Database, once: Once, *, id_: int, seed: str, born_at: datetime, actor: Actor, now: datetime
) -> SeenModeration:
    """Enter the seed as it came from the announced source; ``born_at`` is when it came into being.

    Raises ModeratesAnother, SeedNotReadable, SeedNotYetThere, SeedNotAfterTheFreeze.
    """
    async with db.transaction(actor, once) as tx:
        held = await _for_panel(tx, id_, actor)
        told = rules.seeded(held.moderation, seed, born_at=born_at, by=actor.subject, now=now)
        facts = {"year": told.year, "seed": seed, "born_at": rfc3339(born_at)}
        seen = await _moved(tx, held, told, _record("moderation.seeded", told, facts, actor, now))
        once.answer(seen)
    return seen


async def draw(db: Database, once: Once, *, id_: int, actor: Actor, now: datetime) -> SeenModeration:
    """Draw the sample and open a case for each award; raises ModeratesAnother, SeedDrawnByWhoEnteredIt."""
    async with db.transaction(actor, once) as tx:
        held = await _for_panel(tx, id_, actor)
        told = rules.drawn_by(held.moderation, actor.subject)
        assert told.seed is not None  # noqa: S101 - it was seeded
        frozen = dict.fromkeys(await moderations.listed(tx, id_), (told.body,))
        sample = drawn(frozen, {told.body: told.size}, told.seed)[told.body]
        opened = [
            ModerationCase(award=award, body=told.body, moderator=told.moderator, place=place)
            for place, award in enumerate(sample, start=1)
        ]
        record = _record("moderation.drawn", told, {"year": told.year, "awards": sample}, actor, now)
        await cases.open_drawn(tx, id_, opened, record=record)
        seen = await _moved(tx, held, told, record)
        once.answer(seen)
    return seen


async def cancel(
    db: Database, once: Once, *, id_: int, reason: str, actor: Actor, now: datetime
) -> SeenModeration:
    """Cancel a moderation that is not drawn yet, for a reason that everybody can read."""
    async with db.transaction(actor, once) as tx:
        held = await _for_panel(tx, id_, actor)
        told = rules.cancelled(held.moderation, reason)
        record = _record("moderation.cancelled", told, {"year": told.year}, actor, now)
        seen = await _moved(tx, held, told, record)
        once.answer(seen)
    return seen


async def get(db: Database, *, id_: int) -> SeenModeration:
    """Return a moderation; raises NoSuchModeration."""
    async with db.reading() as tx:
        return await _get(tx, id_)


async def proof(db: Database, *, id_: int) -> Proof:
    """Return what anybody needs to draw again; raises NoSuchModeration."""
    async with db.reading() as tx:
        return Proof(held=await _get(tx, id_), listed=await moderations.listed(tx, id_))


async def page(db: Database, *, body: str | None, after: str | None, limit: int) -> Page[SeenModeration]:
    """Return moderations in the order in which they were frozen, of a body where one is named."""
    (last,) = place_of(after, int) or (0,)
    async with db.reading() as tx:
        found = await moderations.page(tx, body=body, after=last, limit=limit + 1)
    return page_of(found, limit=limit, place=lambda each: (each.id,))


async def _frozen(
    tx: Transaction, announced: Announced, *, actor: Actor, now: datetime
) -> tuple[Moderation, Sequence[str]]:
    """Return the moderation as it is to be written, and its list."""
    today = london_day(now)
    known = (await vocabulary(tx, "bodies"))["bodies"]
    for body in (announced.body, announced.moderator):
        if body not in known:
            raise BodyNotKnown(body=body)
    tied = await ties(tx, announced.body, today)
    rules.check_moderator(announced.moderator, body=announced.body, ties=tied)
    policy = await terms(tx, today)
    check_freeze(announced.source, minutes_before=policy.freeze_minutes_before, now=now)
    first, last = policy.period_before(today)
    listed = await moderations.given(tx, announced.body, first=first, last=last)
    if not listed:
        raise NothingToModerate(body=announced.body, first=first.isoformat(), last=last.isoformat())
    told = Moderation(
        body=announced.body,
        moderator=announced.moderator,
        year=today.year,
        ties=tied,
        policy=policy.version,
        source=announced.source,
        list_hash=list_hash(dict.fromkeys(listed, (announced.body,))),
        population=len(listed),
        size=policy.sample_of(len(listed)),
        frozen_at=now,
        state=ModerationState.FROZEN,
        announced_by=actor.subject,
    )
    return told, listed


async def _for_panel(tx: Transaction, id_: int, actor: Actor) -> HeldModeration:
    """Return a moderation to somebody of the panel without a part in it."""
    actor.require(DECIDES)
    held = await _get(tx, id_)
    rules.check_part(actor.body, parties=(held.moderation.body, held.moderation.moderator))
    return held


async def _moved(tx: Transaction, held: HeldModeration, told: Moderation, record: Record) -> HeldModeration:
    # Two who move it at once: the second finds the version that it read corrected already.
    await moderations.move(tx, held, told, record=record)
    return await _get(tx, held.id)


async def _get(tx: Transaction, id_: int) -> HeldModeration:
    held = await moderations.find(tx, id_)
    if held is None:
        raise NoSuchModeration
    return held


def _record(event: str, told: Moderation, facts: Mapping[str, object], actor: Actor, now: datetime) -> Record:
    return Record(actor=actor, at=now, event=event, subject=f"body:{told.body}", facts=facts)
