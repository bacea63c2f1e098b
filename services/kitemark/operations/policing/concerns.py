"""Concerns: raised by anybody, acknowledged and closed by the panel, answered by the body."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.kitemark.domain.awards.award import SchemeNotKnown
from services.kitemark.domain.awards.proposal import ties_of
from services.kitemark.domain.policing import concern as rules
from services.kitemark.domain.policing.concern import (
    About,
    AboutKind,
    AwardNotKnown,
    Concern,
    ConcernOutcome,
    ConcernState,
    NoSuchConcern,
    digest_of,
)
from services.kitemark.operations.awards.proposals import DECIDES
from services.kitemark.operations.awards.records import own_body
from services.kitemark.operations.awards.standings import BodyNotKnown
from services.kitemark.operations.policing.cases import AWARDS, READERS
from services.kitemark.operations.policing.terms import terms, terms_of
from services.kitemark.storage import reference
from services.kitemark.storage.awards import awards
from services.kitemark.storage.policing import concerns
from services.kitemark.storage.policing.concerns import HeldConcern
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of

SeenConcern = HeldConcern


@dataclass(frozen=True, kw_only=True, slots=True)
class Raised:
    """A receipt: ``reference`` is a secret that is kept nowhere."""

    reference: str
    concern: Concern


async def raise_concern(db: Database, once: Once, *, about: About, words: str, now: datetime) -> Raised:
    """Take a concern from anybody; who raised it stands nowhere, and only a digest of the reference is kept.

    Raises BodyNotKnown, SchemeNotKnown, AwardNotKnown.
    """
    reference_ = secrets.token_urlsafe(24)
    today, nobody = london_day(now), Actor.anonymous()
    async with db.transaction(nobody, once) as tx:
        body, ties = await _concerned(tx, about)
        policy = await terms(tx, today)
        told = Concern(
            about=about,
            body=body,
            ties=ties,
            words=words,
            digest=digest_of(reference_),
            policy=policy.version,
            raised_on=today,
            acknowledge_by=today + timedelta(days=policy.acknowledge_days),
        )
        await concerns.write(tx, told, record=_about("concern.raised", told, nobody, now))
        raised = Raised(reference=reference_, concern=told)
        once.answer(raised)
    return raised


async def follow(db: Database, *, reference_: str) -> Concern:
    """Return the concern of a reference; raises NoSuchConcern."""
    async with db.reading() as tx:
        held = await concerns.by_digest(tx, digest_of(reference_.strip()))
    if held is None:
        raise NoSuchConcern
    return held.concern


async def acknowledge(db: Database, once: Once, *, id_: int, actor: Actor, now: datetime) -> SeenConcern:
    """Acknowledge a concern, from when on its body has its days to answer."""
    actor.require(DECIDES)
    async with db.transaction(actor, once) as tx:
        held = await _get(tx, id_)
        days = (await terms_of(tx, held.concern.policy)).answer_days
        told = rules.acknowledged(
            held.concern, by=actor.subject, speaking_for=actor.body, days=days, today=london_day(now)
        )
        seen = await _moved(tx, held, told, _about("concern.acknowledged", told, actor, now))
        once.answer(seen)
    return seen


async def answer(
    db: Database, once: Once, *, id_: int, words: str, actor: Actor, now: datetime
) -> SeenConcern:
    """Record what the body says to a concern about it; raises NoSuchConcern where it is about another."""
    actor.require(AWARDS)
    body = own_body(actor)
    async with db.transaction(actor, once) as tx:
        held = await _get(tx, id_)
        if held.concern.body != body:
            raise NoSuchConcern
        told = rules.answered(held.concern, words, by=actor.subject, speaking_for=body, today=london_day(now))
        seen = await _moved(tx, held, told, _about("concern.answered", told, actor, now))
        once.answer(seen)
    return seen


async def close(
    db: Database,
    once: Once,
    *,
    id_: int,
    outcome: ConcernOutcome,
    reasons: str,
    actor: Actor,
    now: datetime,
) -> SeenConcern:
    """Close a concern with what it came to; from now on it counts in what is published of the body."""
    actor.require(DECIDES)
    async with db.transaction(actor, once) as tx:
        held = await _get(tx, id_)
        told = rules.closed(
            held.concern,
            outcome,
            reasons,
            by=actor.subject,
            speaking_for=actor.body,
            today=london_day(now),
        )
        seen = await _moved(tx, held, told, _about("concern.closed", told, actor, now))
        once.answer(seen)
    return seen


async def get(db: Database, *, id_: int, actor: Actor) -> SeenConcern:
    """Return a concern to the panel, or to the body whose answer is asked; raises NoSuchConcern."""
    own = _own(actor)
    async with db.reading(actor) as tx:
        held = await _get(tx, id_)
    if own is not None and held.concern.body != own:
        raise NoSuchConcern
    return held


async def page(
    db: Database, *, state: ConcernState | None, actor: Actor, after: str | None, limit: int
) -> Page[SeenConcern]:
    """Return concerns by id: every one to the panel, to a body those whose answer is asked of it."""
    own = _own(actor)
    (last,) = place_of(after, int) or (0,)
    async with db.reading(actor) as tx:
        found = await concerns.page(tx, body=own, state=state, after=last, limit=limit + 1)
    return page_of(found, limit=limit, place=lambda each: (each.id,))


def _own(actor: Actor) -> str | None:
    """Return the body whose concerns alone the caller reads; None for the panel."""
    actor.require(*READERS)
    return None if actor.may(DECIDES) else own_body(actor)


async def _concerned(tx: Transaction, about: About) -> tuple[str, tuple[str, ...]]:
    """Return whose answer is asked, and all whose case it is."""
    if about.kind is AboutKind.SCHEME:
        scheme = await reference.find(tx, "schemes", about.code)
        if scheme is None:
            raise SchemeNotKnown(scheme=about.code)
        return scheme["body"], ties_of(scheme, None)
    if await reference.find(tx, "bodies", about.code) is None:
        raise BodyNotKnown(body=about.code)
    if about.award_id is None:
        return about.code, (about.code,)
    held = await awards.find(tx, about.code, about.award_id)
    if held is None:
        raise AwardNotKnown(body=about.code, award_id=about.award_id)
    scheme = await reference.find(tx, "schemes", held.award.scheme)
    return about.code, ties_of(scheme or {"body": "", "owner": ""}, about.code)


async def _moved(tx: Transaction, held: HeldConcern, told: Concern, record: Record) -> HeldConcern:
    await concerns.move(tx, held, told, record=record)
    return await _get(tx, held.id)


async def _get(tx: Transaction, id_: int) -> HeldConcern:
    held = await concerns.find(tx, id_)
    if held is None:
        raise NoSuchConcern
    return held


def _about(event: str, told: Concern, actor: Actor, now: datetime) -> Record:
    """Return a line's record: what it is about, and neither words nor what nobody has decided."""
    outcome = None if told.outcome is None else told.outcome.value
    facts = {"body": told.body} if outcome is None else {"body": told.body, "outcome": outcome}
    return Record(actor=actor, at=now, event=event, subject=told.about.subject, facts=facts)
