"""What the panel decides about schemes and bodies: proposed, and confirmed or refused by somebody else."""

from datetime import date, datetime

from services.kitemark.domain.awards import proposal as rules
from services.kitemark.domain.awards.award import SchemeNotKnown
from services.kitemark.domain.awards.proposal import (
    NoSuchProposal,
    Proposal,
    ProposalEvent,
    ProposalKind,
    ProposalState,
    Wanted,
)
from services.kitemark.operations.awards import standings
from services.kitemark.operations.awards.standings import NewSpan
from services.kitemark.storage import reference
from services.kitemark.storage.awards import proposals
from services.kitemark.storage.awards.proposals import HeldProposal
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of

DECIDES = "validations:decide"
SeenProposal = HeldProposal
EVENTS = {
    ProposalEvent.CONFIRM: "proposal.confirmed",
    ProposalEvent.REFUSE: "proposal.refused",
    ProposalEvent.WITHDRAW: "proposal.withdrawn",
}


async def propose(db: Database, once: Once, wanted: NewSpan, *, actor: Actor, now: datetime) -> SeenProposal:
    """Propose that a scheme is validated, or with ``body`` that it may give a scheme's awards.

    Nothing stands until somebody else confirms it. Raises OwnCase, SchemeNotKnown, BodyNotKnown,
    DaysNotInOrder.
    """
    actor.require(DECIDES)
    kind = ProposalKind.VALIDATION if wanted.body is None else ProposalKind.AUTHORITY
    async with db.transaction(actor, once) as tx:
        await standings.check_new(tx, wanted)
        seen = await _write(tx, _of(kind, wanted, standing=None), actor=actor, now=now)
        once.answer(seen)
    return seen


async def propose_ending(
    db: Database, once: Once, *, id_: int, of_body: bool, last: date | None, actor: Actor, now: datetime
) -> SeenProposal:
    """Propose that a validation or an authority ends with a day, today where none is said.

    Raises OwnCase, NoSuchStanding, DaysNotInOrder, EndedAlready.
    """
    actor.require(DECIDES)
    kind = ProposalKind.AUTHORITY_ENDING if of_body else ProposalKind.VALIDATION_ENDING
    day = last or london_day(now)
    async with db.transaction(actor, once) as tx:
        held = await standings.found(tx, id_, of_body=of_body)
        standings.check_ending(held, day)
        ending = standings.span_of(held, last=day)
        seen = await _write(tx, _of(kind, ending, standing=id_), actor=actor, now=now)
        once.answer(seen)
    return seen


async def propose_annulment(
    db: Database, once: Once, *, id_: int, of_body: bool, reason: str, actor: Actor, now: datetime
) -> SeenProposal:
    """Propose that a validation or an authority never held, such as one withdrawn on its very first day.

    Raises OwnCase, NoSuchStanding.
    """
    actor.require(DECIDES)
    kind = ProposalKind.AUTHORITY_ANNULMENT if of_body else ProposalKind.VALIDATION_ANNULMENT
    async with db.transaction(actor, once) as tx:
        held = await standings.found(tx, id_, of_body=of_body)
        annulled = standings.span_of(held, last=held.span.last, source=reason)
        seen = await _write(tx, _of(kind, annulled, standing=id_), actor=actor, now=now)
        once.answer(seen)
    return seen


async def move(
    db: Database,
    once: Once,
    *,
    id_: int,
    event: ProposalEvent,
    reason: str | None = None,
    actor: Actor,
    now: datetime,
) -> SeenProposal:
    """Confirm, refuse or withdraw a proposal; what is confirmed stands from this moment.

    Raises NoSuchProposal, what ``domain.awards.proposal.move`` refuses, and what recording it refuses.
    """
    actor.require(DECIDES)
    async with db.transaction(actor, once) as tx:
        held = await _get(tx, id_)
        moved = rules.move(
            held.proposal,
            event,
            ties=await _ties(tx, held.proposal.wanted),
            by=actor.subject,
            speaking_for=actor.body,
            reason=reason,
        )
        recorded = None
        if moved.state is ProposalState.CONFIRMED:
            recorded = await _take_effect(tx, moved.wanted, actor=actor, now=now)
        # Two who move it at once: the second finds the version that it read corrected already.
        record = _about(EVENTS[event], moved, actor, now)
        await proposals.move(tx, held, moved, recorded=recorded, record=record)
        seen = await _get(tx, id_)
        once.answer(seen)
    return seen


async def get(db: Database, *, id_: int, actor: Actor) -> SeenProposal:
    """Return a proposal to the panel; raises NoSuchProposal."""
    actor.require(DECIDES)
    async with db.reading(actor) as tx:
        return await _get(tx, id_)


async def page(
    db: Database, *, state: ProposalState | None, actor: Actor, after: str | None, limit: int
) -> Page[SeenProposal]:
    """Return what was proposed, by id."""
    actor.require(DECIDES)
    (last,) = place_of(after, int) or (0,)
    async with db.reading(actor) as tx:
        found = await proposals.page(tx, state=state, after=last, limit=limit + 1)
    return page_of(found, limit=limit, place=lambda each: (each.id,))


def _of(kind: ProposalKind, span: NewSpan, *, standing: int | None) -> Wanted:
    return Wanted(
        kind=kind,
        scheme=span.scheme,
        body=span.body,
        standing=standing,
        first=span.first,
        last=span.last,
        decision=span.decision,
        conditions=tuple(span.conditions),
        source=span.source,
    )


async def _write(tx: Transaction, wanted: Wanted, *, actor: Actor, now: datetime) -> HeldProposal:
    ties = await _ties(tx, wanted)
    told = rules.propose(wanted, ties=ties, by=actor.subject, speaking_for=actor.body)
    record = _about("proposal.made", told, actor, now)
    return await _get(tx, await proposals.write(tx, told, record=record))


async def _take_effect(tx: Transaction, wanted: Wanted, *, actor: Actor, now: datetime) -> int:
    """Write what was proposed, and return the id of the validation or authority."""
    of_body = wanted.body is not None
    if wanted.standing is not None and wanted.kind.annuls:
        await standings.annul_in(tx, wanted.standing, of_body=of_body, actor=actor, now=now)
        return wanted.standing
    if wanted.standing is not None and wanted.last is not None:
        await standings.end_in(tx, wanted.standing, of_body=of_body, last=wanted.last, actor=actor, now=now)
        return wanted.standing
    span = NewSpan(
        scheme=wanted.scheme,
        body=wanted.body,
        first=wanted.first,
        last=wanted.last,
        decision=wanted.decision,
        conditions=wanted.conditions,
        source=wanted.source,
    )
    return await standings.record_in(tx, span, actor=actor, now=now)


async def _ties(tx: Transaction, wanted: Wanted) -> tuple[str, ...]:
    scheme = await reference.find(tx, "schemes", wanted.scheme)
    if scheme is None:
        raise SchemeNotKnown(scheme=wanted.scheme)
    return rules.ties_of(scheme, wanted.body)


async def _get(tx: Transaction, id_: int) -> HeldProposal:
    held = await proposals.find(tx, id_)
    if held is None:
        raise NoSuchProposal
    return held


def _about(event: str, told: Proposal, actor: Actor, now: datetime) -> Record:
    """Return a line's record: what it is about, and not the reasons of an undecided case."""
    facts = {"kind": told.wanted.kind.value, "scheme": told.wanted.scheme, "body": told.wanted.body}
    return Record(actor=actor, at=now, event=event, subject=f"scheme:{told.wanted.scheme}", facts=facts)
