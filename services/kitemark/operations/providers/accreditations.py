"""Accreditations told one by one and in batches, by whoever keeps the list of a standard; and read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.kitemark.domain.providers import accreditation as rules
from services.kitemark.domain.providers.access import check_keeper, check_standard, writing_body
from services.kitemark.domain.providers.accreditation import (
    Accreditation,
    AccreditationOfAnotherProvider,
    AccreditationTwice,
    NoSuchAccreditation,
)
from services.kitemark.domain.providers.provider import checked_ukprn
from services.kitemark.domain.providers.standard import Standard, read_standard
from services.kitemark.operations.providers.providers import ProviderNotKnown
from services.kitemark.storage import reference
from services.kitemark.storage.providers import accreditations, holds, providers
from services.kitemark.storage.providers.accreditations import HeldAccreditation, Telling
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.errors import FieldError, Refusal, Unprocessable
from shared.idempotency import Once
from shared.journal import Record

SeenAccreditation = HeldAccreditation
# A list has one writer at a time.
LIST = "accreditations"


class StandardNotKnown(Unprocessable):
    """There is no standard {standard}: see GET /v1/provider-standards."""


class BatchNotWritten(Unprocessable):
    """Some items of the batch were refused, and all or nothing was asked for: nothing was written."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One item of a batch: what it tells, or why it cannot be read."""

    own_id: str
    told: Accreditation | Refusal


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """An accreditation as it stands after it was told."""

    held: HeldAccreditation
    created: bool
    changed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What one item of a batch came to."""

    own_id: str
    outcome: Written | Refusal


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """A keeper's list under its lock: what stands in it, the standards and the providers that are known."""

    keeper: str
    actor: Actor
    now: datetime
    standards: Mapping[str, Standard]
    held: Mapping[str, HeldAccreditation]
    ukprns: frozenset[str]

    def telling(self, own_id: str, told: Accreditation, *, by_file: bool = False) -> Telling | None:
        """Return what has to be written for an accreditation that is told, None where it stands so already.

        Every refusal comes from here, before anything is written. A file names no source of its own, so what
        it repeats keeps the one that it has.
        """
        standard = self.standards.get(told.standard)
        if standard is None:
            raise StandardNotKnown(standard=told.standard)
        check_standard(self.actor, standard)
        rules.check(told, standard, today=london_day(self.now))
        if checked_ukprn(told.ukprn) not in self.ukprns:
            raise ProviderNotKnown(ukprn=told.ukprn)
        held = self.held.get(own_id)
        if held is not None and held.accreditation.ukprn != told.ukprn:
            raise AccreditationOfAnotherProvider
        told = _confirmed(told, held)
        if held is not None and by_file:
            repeated = replace(told, source=held.accreditation.source)
            told = repeated if repeated == held.accreditation else told
        if held is not None and held.accreditation == told:
            return None
        return Telling(keeper=self.keeper, own_id=own_id, told=told, held=held)

    def record(self, telling: Telling) -> Record:
        """Return a line's record."""
        told = telling.told
        facts = {
            "keeper": telling.keeper,
            "accreditation": telling.own_id,
            "standard": told.standard,
            "valid_from": told.valid_from.isoformat(),
            "valid_to": None if told.valid_to is None else told.valid_to.isoformat(),
            "withdrawn_on": None if told.withdrawn_on is None else told.withdrawn_on.isoformat(),
        }
        event = "accreditation.recorded" if telling.held is None else "accreditation.changed"
        subject = f"provider:{told.ukprn}"
        return Record(actor=self.actor, at=self.now, event=event, subject=subject, facts=facts)


async def upsert(
    db: Database,
    *,
    keeper: str,
    own_id: str,
    told: Accreditation,
    actor: Actor,
    now: datetime,
    expecting: Callable[[HeldAccreditation | None], None] = lambda _: None,
) -> Written:
    """Bring an accreditation up to what its keeper tells; the same again changes nothing.

    ``expecting`` is shown the accreditation as it stands under lock and may refuse.
    """
    check_keeper(actor, keeper)
    async with db.transaction(actor) as tx:
        held = await open_list(tx, keeper, [(own_id, told)], actor=actor, now=now)
        expecting(held.held.get(own_id))
        telling = held.telling(own_id, told)
        await accreditations.save(tx, [telling] if telling else [], record=held.record)
        found = await _get(tx, keeper, own_id)
        return Written(held=found, created=own_id not in held.held, changed=telling is not None)


async def upsert_batch(
    db: Database,
    once: Once,
    *,
    keeper: str,
    items: Sequence[Item],
    all_or_nothing: bool,
    actor: Actor,
    now: datetime,
) -> list[Result]:
    """Bring many accreditations up to what is told, with one result for each, in order.

    A refused item leaves the others as they would be, unless all or nothing is asked for.
    """
    check_keeper(actor, keeper)
    async with db.transaction(actor, once) as tx:
        told = [(each.own_id, each.told) for each in items if isinstance(each.told, Accreditation)]
        listed = await open_list(tx, keeper, told, actor=actor, now=now)
        outcomes = _outcomes(listed, items)
        if all_or_nothing and any(isinstance(each, Refusal) for each in outcomes):
            raise BatchNotWritten(errors=_errors(outcomes))
        await accreditations.save(
            tx, [each for each in outcomes if isinstance(each, Telling)], record=listed.record
        )
        now_held = await accreditations.of_keeper(tx, keeper, [each.own_id for each in items])
        results = [
            Result(own_id=item.own_id, outcome=_written(outcome, listed, now_held.get(item.own_id)))
            for item, outcome in zip(items, outcomes, strict=True)
        ]
        once.answer(results)
    return results


async def get(db: Database, *, keeper: str, own_id: str) -> SeenAccreditation:
    """Return an accreditation by its keeper's own id; raises NoSuchAccreditation."""
    async with db.reading() as tx:
        return await _get(tx, keeper, own_id)


async def open_list(
    tx: Transaction,
    keeper: str,
    told: Sequence[tuple[str, Accreditation]],
    *,
    actor: Actor,
    now: datetime,
    whole: bool = False,
) -> Listed:
    """Take the lock of a keeper's list and read what it takes to write these; or the ``whole`` list."""
    await holds.speak_for(tx, writing_body(actor))
    await holds.hold(tx, LIST, [keeper])
    ids = None if whole else [own_id for own_id, _ in told]
    entries = await reference.bodies(tx, "provider_standards")
    return Listed(
        keeper=keeper,
        actor=actor,
        now=now,
        standards={entry["code"]: read_standard(entry) for entry in entries},
        held=await accreditations.of_keeper(tx, keeper, ids),
        ukprns=frozenset(await providers.find_many(tx, [each.ukprn for _, each in told])),
    )


def _confirmed(told: Accreditation, held: HeldAccreditation | None) -> Accreditation:
    """Keep the later day on which the source listed it: an older word takes nothing back."""
    before = None if held is None else held.accreditation.confirmed_on
    if told.valid_to is not None or before is None:
        return told
    return replace(told, confirmed_on=max(before, told.confirmed_on or before))


def _outcomes(listed: Listed, items: Sequence[Item]) -> list[Telling | Refusal | None]:
    seen: set[str] = set()
    outcomes: list[Telling | Refusal | None] = []
    for item in items:
        readable = isinstance(item.told, Accreditation)
        repeated = readable and item.own_id in seen
        if readable:
            seen.add(item.own_id)
        outcomes.append(AccreditationTwice() if repeated else _outcome(listed, item))
    return outcomes


def _outcome(listed: Listed, item: Item) -> Telling | Refusal | None:
    if isinstance(item.told, Refusal):
        return item.told
    try:
        return listed.telling(item.own_id, item.told)
    except Refusal as refusal:
        return refusal


def _written(
    outcome: Telling | Refusal | None, listed: Listed, held: HeldAccreditation | None
) -> Written | Refusal:
    if isinstance(outcome, Refusal):
        return outcome
    assert held is not None  # noqa: S101 - it was written, or stood there before
    return Written(held=held, created=held.own_id not in listed.held, changed=outcome is not None)


def _errors(outcomes: Sequence[Telling | Refusal | None]) -> list[FieldError]:
    return [
        FieldError(f"/items/{place}", outcome.code, outcome.detail)
        for place, outcome in enumerate(outcomes)
        if isinstance(outcome, Refusal)
    ]


async def _get(tx: Transaction, keeper: str, own_id: str) -> HeldAccreditation:
    held = await accreditations.find(tx, keeper, own_id)
    if held is None:
        raise NoSuchAccreditation
    return held
