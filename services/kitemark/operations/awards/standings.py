"""Validations of schemes and authorities of bodies: recorded, ended, listed, and those that are shipped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.kitemark.domain.awards.award import SchemeNotKnown
from services.kitemark.operations.reference import LOADER, shipped_entries, vocabulary
from services.kitemark.storage.awards import standings
from services.kitemark.storage.awards.standings import HeldSpan
from shared.actor import Actor
from shared.database import Database, Transaction
from shared.errors import Conflict, NotFound, Unprocessable
from shared.journal import Record

SeenSpan = HeldSpan


class NoSuchStanding(NotFound):
    """There is no such validation or authority."""


class BodyNotKnown(Unprocessable):
    """There is no awarding body {body}: GET /v1/bodies lists them."""


class DaysNotInOrder(Unprocessable):
    """The last day lies before the first."""


class EndedAlready(Conflict):
    """It ends on that day or earlier already."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewSpan:
    """A validation of a scheme, or with ``body`` an authority of a body for it; ``last`` None is open."""

    scheme: str
    body: str | None
    first: date
    last: date | None
    decision: str
    conditions: Sequence[str]
    source: str


async def check_new(tx: Transaction, wanted: NewSpan) -> None:
    """Refuse a scheme or a body that is not known, and days in the wrong order."""
    known = await vocabulary(tx, "schemes", "bodies")
    if wanted.scheme not in known["schemes"]:
        raise SchemeNotKnown(scheme=wanted.scheme)
    if wanted.body is not None and wanted.body not in known["bodies"]:
        raise BodyNotKnown(body=wanted.body)
    if wanted.last is not None and wanted.last < wanted.first:
        raise DaysNotInOrder


async def record_in(tx: Transaction, wanted: NewSpan, *, actor: Actor, now: datetime) -> int:
    """Write a validation or an authority in a transaction that is open, and return the fact's id.

    This is what the end of a panel's decision calls. Raises SchemeNotKnown, BodyNotKnown, DaysNotInOrder,
    ValidationsOverlap, AuthoritiesOverlap.
    """
    await check_new(tx, wanted)
    await standings.hold(tx, wanted.body or f"scheme:{wanted.scheme}", to_write=True)
    record = _record("recorded", wanted, actor, now)
    if wanted.body is None:
        return await standings.validate(
            tx,
            wanted.scheme,
            first=wanted.first,
            last=wanted.last,
            decision=wanted.decision,
            conditions=wanted.conditions,
            source=wanted.source,
            record=record,
        )
    return await standings.authorise(
        tx,
        wanted.body,
        scheme=wanted.scheme,
        first=wanted.first,
        last=wanted.last,
        basis=wanted.decision,
        source=wanted.source,
        record=record,
    )


async def end_in(
    tx: Transaction, id_: int, *, of_body: bool, last: date, actor: Actor, now: datetime
) -> None:
    """End a validation or an authority with a day, in a transaction that is open.

    What becomes of awards that were given rightly is the policy's to say. Raises NoSuchStanding,
    DaysNotInOrder, EndedAlready.
    """
    held = await found(tx, id_, of_body=of_body)
    await standings.hold(tx, held.span.body or f"scheme:{held.span.scheme}", to_write=True)
    held = await found(tx, id_, of_body=of_body)
    check_ending(held, last)
    record = _record("ended", span_of(held, last=last), actor, now)
    await standings.end(tx, held, last=last, of_body=of_body, record=record)


async def annul_in(tx: Transaction, id_: int, *, of_body: bool, actor: Actor, now: datetime) -> None:
    """Correct a validation or an authority that never held, in a transaction that is open.

    That is how one ends that was withdrawn on its very first day: a dated fact holds for a day at least.
    Raises NoSuchStanding.
    """
    held = await found(tx, id_, of_body=of_body)
    await standings.hold(tx, held.span.body or f"scheme:{held.span.scheme}", to_write=True)
    held = await found(tx, id_, of_body=of_body)
    record = _record("annulled", span_of(held, last=held.span.last), actor, now)
    await standings.annul(tx, held, of_body=of_body, record=record)


def span_of(held: HeldSpan, *, last: date | None, source: str | None = None) -> NewSpan:
    """Return what is held as it is to be with another last day, or for another reason."""
    return NewSpan(
        scheme=held.span.scheme,
        body=held.span.body,
        first=held.span.first,
        last=last,
        decision=held.decision,
        conditions=held.conditions,
        source=source or held.span.source,
    )


def check_ending(held: HeldSpan, last: date) -> None:
    """Refuse a last day before the first, or one that changes nothing."""
    if last < held.span.first:
        raise DaysNotInOrder
    if held.span.last is not None and held.span.last <= last:
        raise EndedAlready


async def list_all(db: Database, *, of_bodies: bool, known_at: datetime | None) -> Sequence[HeldSpan]:
    """Return every validation, or every authority, as it was known."""
    async with db.reading() as tx:
        if of_bodies:
            return await standings.all_authorities(tx, known_at=known_at)
        return await standings.all_validations(tx, known_at=known_at)


async def load_shipped(tx: Transaction, *, now: datetime) -> None:
    """Write the validations and authorities that sources tell of, where none of the scheme is known."""
    if not await standings.all_validations(tx, known_at=None):
        for entry in shipped_entries("shipped_validations"):
            await record_in(tx, _shipped(entry, "validated"), actor=LOADER, now=now)
    if not await standings.all_authorities(tx, known_at=None):
        for entry in shipped_entries("shipped_authorities"):
            await record_in(tx, _shipped(entry, entry["basis"]), actor=LOADER, now=now)


async def found(tx: Transaction, id_: int, *, of_body: bool) -> HeldSpan:
    """Return a validation or an authority as it is known now; raises NoSuchStanding."""
    held = await (standings.authority(tx, id_) if of_body else standings.validation(tx, id_))
    if held is None:
        raise NoSuchStanding
    return held


def _shipped(entry: Mapping[str, Any], decision: str) -> NewSpan:
    return NewSpan(
        scheme=entry["scheme"],
        body=entry.get("body"),
        first=date.fromisoformat(entry["first"]),
        last=None if entry["last"] is None else date.fromisoformat(entry["last"]),
        decision=decision,
        conditions=(),
        source=f"{entry['source']}: {entry['note']}",
    )


def _record(what: str, span: NewSpan, actor: Actor, now: datetime) -> Record:
    kind, subject = ("validation", span.scheme) if span.body is None else ("authority", span.body)
    facts = {
        "scheme": span.scheme,
        "valid_from": span.first.isoformat(),
        "valid_to": span.last.isoformat() if span.last else None,
        "decision": span.decision,
    }
    prefix = "scheme" if span.body is None else "body"
    return Record(actor=actor, at=now, event=f"{kind}.{what}", subject=f"{prefix}:{subject}", facts=facts)
