"""Awards told by the body that gave them: recorded, corrected, withdrawn, read back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.kitemark.domain.awards.award import (
    Award,
    AwardInTheFuture,
    AwardWithdrawn,
    BodyNotAuthorised,
    CriteriaNotKnown,
    NoSuchAward,
    SchemeNotKnown,
    SchoolNotKnown,
    withdrawn_from,
)
from services.kitemark.domain.awards.mark import Span
from services.kitemark.domain.awards.scheme import Scheme
from services.kitemark.domain.school_number import is_urn, parse_school_number
from services.kitemark.operations.awards.records import own_body, schemes
from services.kitemark.operations.reference import vocabulary
from services.kitemark.storage.awards import awards, standings
from services.kitemark.storage.awards.awards import HeldAward
from services.kitemark.storage.establishments import establishments
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.errors import Conflict, Refusal
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of

SeenAward = HeldAward
Expectation = Callable[[HeldAward | None], None]


class AwardTwiceInBatch(Conflict):
    """This award stands in the batch before: send each of your awards once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """An award as its body tells it; without ``valid_to`` the scheme says how long it holds."""

    external_id: str
    school: str
    scheme: str
    stage: str
    valid_from: date
    valid_to: date | None = None
    criteria_version: str | None = None
    certificate: str | None = None
    assessor: str | None = None
    evidence: str | None = None
    reassessment_of: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """An award as it stands after it was told."""

    held: HeldAward
    created: bool
    changed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One item of a batch: what it tells, or why it cannot be read."""

    external_id: str
    told: Told | Refusal


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What one item of a batch came to."""

    external_id: str
    outcome: Written | Refusal


@dataclass(frozen=True, kw_only=True, slots=True)
class Teller:
    """Who tells, when, and what is judged by."""

    body: str
    actor: Actor
    now: datetime
    schemes: dict[str, Scheme]
    criteria: frozenset[str]
    authorities: Sequence[Span]

    def award(self, told: Told) -> Award:
        """Return the award that is told; raises what is wrong with it."""
        scheme = self.schemes.get(told.scheme)
        if scheme is None:
            raise SchemeNotKnown(scheme=told.scheme)
        scheme.stage(told.stage)
        if told.criteria_version is not None and told.criteria_version not in self.criteria:
            raise CriteriaNotKnown(version=told.criteria_version)
        if told.valid_from > london_day(self.now):
            raise AwardInTheFuture
        # Authority is asked for on the day on which the award was given, whenever it is told.
        if not any(each.scheme == told.scheme and each.holds(told.valid_from) for each in self.authorities):
            raise BodyNotAuthorised(body=self.body, scheme=told.scheme, day=told.valid_from.isoformat())
        return Award(
            body=self.body,
            external_id=told.external_id,
            school=parse_school_number(told.school),
            scheme=told.scheme,
            stage=told.stage,
            valid_from=told.valid_from,
            valid_to=scheme.last_day(told.valid_from, told.valid_to),
            criteria_version=told.criteria_version,
            certificate=told.certificate,
            assessor=told.assessor,
            evidence=told.evidence,
            reassessment_of=told.reassessment_of,
        )

    def record(self, event: str, award: Award) -> Record:
        """Return the line's record; a school is no person, so all of this is public."""
        facts = {
            "school": award.school,
            "scheme": award.scheme,
            "stage": award.stage,
            "valid_from": award.valid_from.isoformat(),
            "valid_to": award.valid_to.isoformat(),
            "withdrawn_on": award.withdrawn_on.isoformat() if award.withdrawn_on else None,
        }
        return Record(actor=self.actor, at=self.now, event=event, subject=award.key, facts=facts)


async def upsert(
    db: Database,
    *,
    body: str,
    told: Told,
    actor: Actor,
    now: datetime,
    expecting: Expectation = lambda _: None,
) -> Written:
    """Bring an award up to what its body tells; the same again changes nothing.

    ``expecting`` is shown the award as it stands under lock and may refuse. Raises NoSuchAward where the
    caller speaks for another body, and what is wrong with the award.
    """
    if own_body(actor) != body:
        raise NoSuchAward
    async with db.transaction(actor) as tx:
        teller = await teller_of(tx, actor, now=now)
        await awards.hold(tx, [f"{body}/{told.external_id}"])
        held = await awards.find(tx, body, told.external_id)
        expecting(held)
        return await _tell(tx, teller, told, held)


async def upsert_batch(
    db: Database, once: Once, *, items: Sequence[Item], actor: Actor, now: datetime
) -> list[Result]:
    """Bring many awards up to what is told; an item that is refused leaves the others as they would be."""
    body = own_body(actor)
    async with db.transaction(actor, once) as tx:
        teller = await teller_of(tx, actor, now=now)
        ids = [each.external_id for each in items]
        await awards.hold(tx, [f"{body}/{each}" for each in ids])
        known = await awards.many(tx, body, ids)
        seen: set[str] = set()
        results: list[Result] = []
        for item in items:
            repeated = item.external_id in seen
            seen.add(item.external_id)
            outcome = AwardTwiceInBatch() if repeated else await _outcome(tx, teller, item, known)
            results.append(Result(external_id=item.external_id, outcome=outcome))
        once.answer(results)
    return results


async def withdraw(
    db: Database,
    once: Once,
    *,
    body: str,
    external_id: str,
    day: date | None,
    reason: str,
    actor: Actor,
    now: datetime,
) -> HeldAward:
    """Withdraw an award from a day on, today where none is said; it stays readable, and withdrawn."""
    if own_body(actor) != body:
        raise NoSuchAward
    today = london_day(now)
    async with db.transaction(actor, once) as tx:
        teller = await teller_of(tx, actor, now=now)
        await awards.hold(tx, [f"{body}/{external_id}"])
        held = await awards.find(tx, body, external_id)
        if held is None:
            raise NoSuchAward
        first = withdrawn_from(held.award, day or today, today=today)
        withdrawn = replace(held.award, withdrawn_on=first, withdrawn_reason=reason)
        await awards.change(tx, held, withdrawn, record=teller.record("award.withdrawn", withdrawn))
        changed = await _read(tx, body, external_id)
        once.answer(changed)
    return changed


async def get(db: Database, *, body: str, external_id: str) -> HeldAward:
    """Return an award as it is known now; raises NoSuchAward."""
    async with db.reading() as tx:
        held = await awards.find(tx, body, external_id)
    if held is None:
        raise NoSuchAward
    return held


async def versions(db: Database, *, body: str, external_id: str) -> Sequence[HeldAward]:
    """Return every version of an award, the oldest first; raises NoSuchAward."""
    async with db.reading() as tx:
        found = await awards.versions(tx, body, external_id)
    if not found:
        raise NoSuchAward
    return found


async def page(
    db: Database, *, body: str | None, scheme: str | None, after: str | None, limit: int
) -> Page[HeldAward]:
    """Return awards as they are known now, the oldest first."""
    (last,) = place_of(after, int) or (0,)
    async with db.reading() as tx:
        found = await awards.page(tx, body=body, scheme=scheme, after=last, limit=limit + 1)
    return page_of(found, limit=limit, place=lambda held: (held.id_,))


async def teller_of(tx: Transaction, actor: Actor, *, now: datetime) -> Teller:
    """Return who tells; what the body is authorised for cannot change until the transaction ends."""
    body = own_body(actor)
    await standings.hold(tx, body, to_write=False)
    known = await vocabulary(tx, "criteria_versions")
    held = await standings.all_authorities(tx, known_at=None, bodies=[body])
    return Teller(
        body=body,
        actor=actor,
        now=now,
        schemes=dict(await schemes(tx)),
        criteria=known["criteria_versions"],
        authorities=[each.span for each in held],
    )


async def _outcome(
    tx: Transaction, teller: Teller, item: Item, known: dict[str, HeldAward]
) -> Written | Refusal:
    if isinstance(item.told, Refusal):
        return item.told
    try:
        return await _tell(tx, teller, item.told, known.get(item.external_id))
    except Refusal as refusal:
        return refusal


async def _tell(tx: Transaction, teller: Teller, told: Told, held: HeldAward | None) -> Written:
    award = await settled(tx, teller, told, held)
    if award is None and held is not None:
        return Written(held=held, created=False, changed=False)
    if award is not None:
        await write(tx, teller, award, held)
    now_held = await _read(tx, teller.body, told.external_id)
    return Written(held=now_held, created=held is None, changed=True)


async def settled(tx: Transaction, teller: Teller, told: Told, held: HeldAward | None) -> Award | None:
    """Return the award as it is to be written, or None where it stands so already; raises what is wrong."""
    award = teller.award(told)
    if is_urn(award.school) and not await establishments.may_be(tx, award.school):
        raise SchoolNotKnown(school=award.school)
    if held is None:
        return award
    if held.award.withdrawn_on is not None:
        raise AwardWithdrawn
    return None if held.award == award else award


async def write(tx: Transaction, teller: Teller, award: Award, held: HeldAward | None) -> None:
    """Write an award, as a new one or as the next version of one that is held."""
    if held is None:
        await awards.add(tx, award, record=teller.record("award.recorded", award))
    else:
        await awards.change(tx, held, award, record=teller.record("award.changed", award))


async def _read(tx: Transaction, body: str, external_id: str) -> HeldAward:
    held = await awards.find(tx, body, external_id)
    assert held is not None  # noqa: S101 - it was written in this transaction
    return held
