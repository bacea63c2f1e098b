"""Providers: told, told anew, closed or merged into a successor, read and found."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.kitemark.domain.providers import provider as rules
from services.kitemark.domain.providers.access import PANEL, check_provider, writing_body
from services.kitemark.domain.providers.provider import Closing, NoSuchProvider, Provider, checked_ukprn
from services.kitemark.operations.providers.axes import Axes
from services.kitemark.storage import reference
from services.kitemark.storage.providers import accreditations, holds, providers
from services.kitemark.storage.providers.accreditations import HeldAccreditation
from services.kitemark.storage.providers.providers import HeldProvider
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.errors import Unprocessable
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of

ListedProvider = HeldProvider
PROVIDER = "provider"


class ProviderNotKnown(Unprocessable):
    """There is no provider with the UKPRN {ukprn}: record it first, then name it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenProvider:
    """A provider with what became of it, those it took over from, and its accreditations."""

    held: HeldProvider
    closing: Closing | None
    took_over: Mapping[str, Closing]
    accreditations: tuple[HeldAccreditation, ...]
    axes: Axes


Expectation = Callable[[SeenProvider | None], None]


async def upsert(
    db: Database,
    *,
    ukprn: str,
    told: Provider,
    actor: Actor,
    now: datetime,
    expecting: Expectation = lambda _: None,
) -> tuple[SeenProvider, bool]:
    """Bring a provider up to what is told; return it, and whether it is new. The same again changes nothing.

    ``expecting`` is shown the provider as it stands under lock and may refuse. What became of the provider
    is left as it is.
    """
    checked, body = checked_ukprn(ukprn), writing_body(actor)
    axes = Axes.chosen(now=now)
    async with db.transaction(actor) as tx:
        await holds.hold(tx, PROVIDER, [checked])
        known = {entry["code"] for entry in await reference.bodies(tx, "provider_circumstances")}
        wanted = rules.described(told, circumstances=known)
        held = await providers.find(tx, checked)
        expecting(None if held is None else await _seen(tx, held, axes))
        if held is None:
            await _record_new(tx, {checked: wanted}, body=body, actor=actor, now=now)
        elif held.provider != wanted:
            check_provider(actor, recorded_by=held.recorded_by)
            record = _about("provider.changed", checked, wanted, actor, now)
            await providers.change(tx, held, wanted, record=record)
        return await _get(tx, checked, axes), held is None


async def close(
    db: Database, once: Once, *, ukprn: str, closing: Closing, actor: Actor, now: datetime
) -> SeenProvider:
    """Record the last day of a provider, and which one it merged or went over into where it did."""
    actor.require(PANEL)
    checked = checked_ukprn(ukprn)
    successor = closing.successor and checked_ukprn(closing.successor)
    axes = Axes.chosen(now=now)
    async with db.transaction(actor, once) as tx:
        both = [checked, *([successor] if successor else [])]
        await holds.hold(tx, PROVIDER, both)
        known = await providers.find_many(tx, both)
        if checked not in known:
            raise NoSuchProvider(ukprn=checked)
        if successor and successor not in known:
            raise ProviderNotKnown(ukprn=successor)
        told = await providers.closings_of(tx, both)
        took_over = await providers.taken_over_by(tx, checked)
        made = rules.close(
            checked,
            closing,
            held=told.get(checked),
            successor=told.get(successor or ""),
            took_over_on=max((each.closed_on for each in took_over.values()), default=None),
        )
        facts = {
            "closed_on": made.closed_on.isoformat(),
            "outcome": made.outcome.value,
            "successor": made.successor,
        }
        record = Record(
            actor=actor, at=now, event="provider.closed", subject=f"provider:{checked}", facts=facts
        )
        await providers.write_closing(tx, checked, made, record=record)
        seen = await _get(tx, checked, axes)
        once.answer(seen)
    return seen


async def get(db: Database, *, ukprn: str, known_at: datetime | None, now: datetime) -> SeenProvider:
    """Return a provider as it was known; raises NoSuchProvider."""
    checked = checked_ukprn(ukprn)
    axes = Axes.chosen(known_at=known_at, now=now)
    async with db.reading() as tx:
        return await _get(tx, checked, axes)


async def page(
    db: Database,
    *,
    name: str | None,
    local_authority: str | None,
    standard: str | None,
    after: str | None,
    limit: int,
    now: datetime,
) -> Page[ListedProvider]:
    """Return providers by UKPRN: with a text in their names, of an area, accredited today to a standard."""
    (last,) = place_of(after, str) or ("",)
    async with db.reading() as tx:
        found = await providers.page(
            tx,
            name=name,
            local_authority=local_authority,
            standard=standard,
            day=london_day(now),
            after=last,
            limit=limit + 1,
        )
    return page_of(found, limit=limit, place=lambda each: (each.ukprn,))


async def record_named(
    tx: Transaction, names: Mapping[str, str], *, body: str | None, actor: Actor, now: datetime
) -> None:
    """Record providers of which no more is known than a name; those that are known are left alone."""
    await holds.hold(tx, PROVIDER, names)
    known = await providers.find_many(tx, list(names))
    told = {
        ukprn: rules.described(Provider(name=name), circumstances=())
        for ukprn, name in names.items()
        if ukprn not in known
    }
    await _record_new(tx, told, body=body, actor=actor, now=now)


async def _record_new(
    tx: Transaction, told: Mapping[str, Provider], *, body: str | None, actor: Actor, now: datetime
) -> None:
    def record(ukprn: str) -> Record:
        return _about("provider.recorded", ukprn, told[ukprn], actor, now)

    await providers.record_new(tx, told, recorded_by=body, record=record)


async def _get(tx: Transaction, ukprn: str, axes: Axes) -> SeenProvider:
    held = await providers.find(tx, ukprn, known_at=axes.known_at)
    if held is None:
        raise NoSuchProvider(ukprn=ukprn)
    return await _seen(tx, held, axes)


async def _seen(tx: Transaction, held: HeldProvider, axes: Axes) -> SeenProvider:
    ukprn, known_at = held.ukprn, axes.known_at
    return SeenProvider(
        held=held,
        closing=(await providers.closings_of(tx, [ukprn], known_at=known_at)).get(ukprn),
        took_over=await providers.taken_over_by(tx, ukprn, known_at=known_at),
        accreditations=(await accreditations.of_providers(tx, [ukprn], known_at=known_at)).get(ukprn, ()),
        axes=axes,
    )


def _about(event: str, ukprn: str, told: Provider, actor: Actor, now: datetime) -> Record:
    """Return a line's record, without a name: that of a sole trader is a person's."""
    facts = {
        "sector": None if told.sector is None else told.sector.value,
        "publicly_funded": told.publicly_funded,
        "circumstances": sorted({each.code for each in told.circumstances if each.holds}),
    }
    return Record(actor=actor, at=now, event=event, subject=f"provider:{ukprn}", facts=facts)
