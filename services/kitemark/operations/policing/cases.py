"""The cases of a moderation: found by licensed assessors of another body, answered by the body itself."""

from dataclasses import dataclass
from datetime import datetime

from services.kitemark.clients.register import RegisterClient
from services.kitemark.domain.policing import case as rules
from services.kitemark.domain.policing.case import (
    CaseState,
    CaseStep,
    Finder,
    ModerationCase,
    NoSuchModerationCase,
    NotTheModerator,
)
from services.kitemark.operations.awards.proposals import DECIDES
from services.kitemark.operations.awards.records import own_body
from services.kitemark.operations.policing.terms import terms_of, ties
from services.kitemark.storage.awards import awards
from services.kitemark.storage.policing import cases, moderations
from services.kitemark.storage.policing.cases import HeldCase
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of

AWARDS = "awards:write"
READERS = (AWARDS, DECIDES)
SeenCase = HeldCase
EVENTS = {
    CaseState.AGREED: "moderation-case.agreed",
    CaseState.UPHELD: "moderation-case.upheld",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What an assessor found, why, and their registration number."""

    step: CaseStep
    reasons: str
    number: str


async def find(
    db: Database,
    register: RegisterClient,
    once: Once,
    finding: Finding,
    *,
    id_: int,
    actor: Actor,
    now: datetime,
) -> SeenCase:
    """Record what an assessor of the moderating body found; the register is asked whether they are licensed.

    Raises NoSuchModerationCase, NeighbourUnavailable, and what ``domain.policing.case.found`` refuses.
    """
    actor.require(DECIDES)
    today = london_day(now)
    if actor.body is None:
        raise NotTheModerator
    async with db.reading(actor) as tx:
        await _get(tx, id_)
    # Asked before the transaction opens: nothing is held while the network is slow.
    (licence,) = await register.licences([finding.number], day=today, now=now)
    number = licence.number or finding.number
    finder = Finder(subject=actor.subject, body=actor.body, number=number, verdict=licence.verdict)
    async with db.transaction(actor, once) as tx:
        held = await _get(tx, id_)
        told = rules.found(
            held.case,
            finding.step,
            by=finder,
            reasons=finding.reasons,
            ties=await ties(tx, held.case.body, today),
            assessor=await _assessor(tx, held.case),
            response_days=await _response_days(tx, held.moderation),
            today=today,
        )
        seen = await _moved(tx, held, told, EVENTS.get(told.state, "moderation-case.found"), actor, now)
        once.answer(seen)
    return seen


async def respond(db: Database, once: Once, *, id_: int, words: str, actor: Actor, now: datetime) -> SeenCase:
    """Record what a body says to a finding, or where the evidence is; raises NoSuchModerationCase."""
    actor.require(AWARDS)
    body = own_body(actor)
    async with db.transaction(actor, once) as tx:
        held = await _get(tx, id_)
        if held.case.body != body:
            raise NoSuchModerationCase
        told = rules.responded(held.case, words)
        seen = await _moved(tx, held, told, "moderation-case.responded", actor, now)
        once.answer(seen)
    return seen


async def get(db: Database, *, id_: int, actor: Actor) -> SeenCase:
    """Return a case to its body, its moderator or the panel; raises NoSuchModerationCase."""
    _check_reader(actor)
    async with db.reading(actor) as tx:
        return await _get(tx, id_)


async def page(
    db: Database,
    *,
    moderation: int | None,
    state: CaseState | None,
    actor: Actor,
    after: str | None,
    limit: int,
) -> Page[SeenCase]:
    """Return the cases of one's own body and those that it moderates, or to the panel every case, by id."""
    _check_reader(actor)
    (last,) = place_of(after, int) or (0,)
    async with db.reading(actor) as tx:
        found = await cases.page(tx, moderation=moderation, state=state, after=last, limit=limit + 1)
    return page_of(found, limit=limit, place=lambda each: (each.id,))


def _check_reader(actor: Actor) -> None:
    actor.require(*READERS)
    if not actor.may(DECIDES):
        own_body(actor)  # without one, the database would take it for the panel


async def _assessor(tx: Transaction, case: ModerationCase) -> str | None:
    """Return who assessed the school, as the award says; None where it does not."""
    body, _, award_id = case.award.removeprefix("award:").partition("/")
    held = await awards.find(tx, body, award_id)
    return None if held is None else held.award.assessor


async def _response_days(tx: Transaction, moderation: int) -> int:
    held = await moderations.find(tx, moderation)
    assert held is not None  # noqa: S101 - a case is drawn in a moderation
    return (await terms_of(tx, held.moderation.policy)).response_days


async def _moved(
    tx: Transaction, held: HeldCase, told: ModerationCase, event: str, actor: Actor, now: datetime
) -> HeldCase:
    facts = {"moderation": held.moderation, "moderator": told.moderator}
    record = Record(actor=actor, at=now, event=event, subject=f"body:{told.body}", facts=facts)
    await cases.move(tx, held, told, record=record)
    return await _get(tx, held.id)


async def _get(tx: Transaction, id_: int) -> HeldCase:
    held = await cases.find(tx, id_)
    if held is None:
        raise NoSuchModerationCase
    return held
