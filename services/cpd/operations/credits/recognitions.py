"""Recognition of prior learning: claimed by a person's association, assessed by another, then in the bank."""

from dataclasses import replace
from datetime import datetime

from services.cpd.domain.access import own_association
from services.cpd.domain.credits.credit import Told, credit_of
from services.cpd.domain.credits.module import Module, NoSuchModule
from services.cpd.domain.credits.recognition import (
    Claim,
    NoSuchRecognition,
    RecognitionState,
    RecognitionStep,
    moved,
)
from services.cpd.operations.credits.bank import WRITER, hold_people
from services.cpd.operations.persons import named, own_member
from services.cpd.storage.credits import bank, recognitions
from services.cpd.storage.credits import told as kept
from services.cpd.storage.credits.recognitions import HeldRecognition
from services.cpd.storage.credits.told import MODULES
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of

SeenRecognition = HeldRecognition


async def claim(db: Database, once: Once, *, told: Claim, actor: Actor, now: datetime) -> SeenRecognition:
    """Claim for one's own member that a module was learnt elsewhere, or need not be taken.

    Raises NoSuchMember, NoSuchModule, RecognitionOpenAlready.
    """
    association = own_association(actor)
    async with db.transaction(actor, once) as tx:
        group = await own_member(tx, told.number, actor)
        told = replace(told, number=group.kept, claimant=association)
        await _module(tx, told)
        held = await recognitions.claim(
            tx,
            told,
            day=london_day(now),
            claimed_by=actor.subject,
            at=now,
            record=lambda id_: _record("recognition.claimed", id_, told, actor, now),
        )
        once.answer(held)
    return held


async def take(
    db: Database,
    once: Once,
    *,
    id_: int,
    step: RecognitionStep,
    reasons: str | None,
    actor: Actor,
    now: datetime,
) -> SeenRecognition:
    """Grant or refuse a claim with reasons, or withdraw it; what is granted is in the credit bank at once.

    Raises NoSuchRecognition, RecognitionNotInThatState, NotForYouToTake, MayNotRecogniseOwnClaim,
    ReasonsNeeded.
    """
    async with db.transaction(actor, once) as tx:
        held = await _get(tx, id_, actor)
        await hold_people(tx, [await named(tx, held.claim.number)])
        held = await _get(tx, id_, actor)
        to = moved(
            held.state,
            step,
            parts=held.claim.parts_of(_speaks_for(actor)),
            another=actor.subject != held.claimed_by,
            reasons=reasons,
        )
        await _move(tx, held, to, reasons=reasons, actor=actor, now=now)
        if to is RecognitionState.GRANTED:
            await _bank(tx, held, actor=actor, now=now)
        shown = await _get(tx, id_, actor)
        once.answer(shown)
    return shown


async def get(db: Database, *, id_: int, actor: Actor, known_at: datetime | None) -> SeenRecognition:
    """Return a claim in which the caller has a part, as it was known; raises NoSuchRecognition."""
    async with db.reading() as tx:
        return await _get(tx, id_, actor, known_at=known_at)


async def page(
    db: Database, *, state: RecognitionState | None, actor: Actor, after: str | None, limit: int
) -> Page[SeenRecognition]:
    """Return the claims in which the caller has a part, the oldest first."""
    (last,) = place_of(after, int) or (0,)
    async with db.reading() as tx:
        found = await recognitions.page(
            tx, association=_speaks_for(actor), state=state, after=last, limit=limit + 1
        )
    return page_of(found, limit=limit, place=lambda each: (each.id,))


async def _move(
    tx: Transaction,
    held: HeldRecognition,
    to: RecognitionState,
    *,
    reasons: str | None,
    actor: Actor,
    now: datetime,
) -> None:
    assessed = to is not RecognitionState.WITHDRAWN
    await recognitions.move(
        tx,
        held,
        to,
        by=_speaks_for(actor) or held.claim.keeper,
        assessed_by=actor.subject if assessed else None,
        reasons=reasons if assessed else None,
        record=_record(f"recognition.{to.value}", held.id, held.claim, actor, now),
    )


async def _bank(tx: Transaction, held: HeldRecognition, *, actor: Actor, now: datetime) -> None:
    """Write the credit to which a granted claim leads, as the module is worth on the day."""
    claim = held.claim
    today = london_day(now)
    told = Told(
        number=claim.number,
        module=claim.module,
        module_version=claim.module_version,
        awarded_on=today,
        reference=claim.reference,
    )
    credit = replace(credit_of(told, await _module(tx, claim), today=today), source=claim.kind.source)
    await bank.write(
        tx,
        credit,
        association=claim.claimant,
        credit_id=None,
        recognition=held.id,
        record=_record("credit.recognised", held.id, claim, actor, now),
    )


def _speaks_for(actor: Actor) -> str | None:
    """Return the association for which the caller acts: an auditor may act for none."""
    return own_association(actor) if actor.may(WRITER) else actor.association


async def _module(tx: Transaction, claim: Claim) -> Module:
    keeper, _, own_id = claim.module.partition("/")
    held = await kept.find(tx, MODULES, keeper, own_id, claim.module_version)
    if held is None:
        raise NoSuchModule
    return held.told


async def _get(
    tx: Transaction, id_: int, actor: Actor, *, known_at: datetime | None = None
) -> HeldRecognition:
    """Return a claim in which the caller has a part; a foreign one and none look alike."""
    held = await recognitions.find(tx, id_, known_at=known_at)
    if held is None:
        raise NoSuchRecognition
    held.claim.parts_of(_speaks_for(actor))
    return held


def _record(event: str, id_: int, about: Claim, actor: Actor, now: datetime) -> Record:
    facts = {"association": about.claimant, "recognition": id_}
    return Record(actor=actor, at=now, event=event, subject=about.number, facts=facts)
