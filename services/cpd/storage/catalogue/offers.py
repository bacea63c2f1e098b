"""Offers ↔ rows: told under a keeper's own id, corrected by new versions, never lost."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, func, insert, literal, or_, select, tuple_
from sqlalchemy.dialects.postgresql import TSTZRANGE, Range

from services.cpd.domain.catalogue.offer import Delivery, Offer, search_key
from services.cpd.storage.catalogue.tables import offers
from services.cpd.storage.facts import as_known
from shared.database import Transaction
from shared.journal import Record

_DAYS = ("starts_on", "ends_on", "confirmed_on")
_LISTS = ("audience", "outcomes", "standards", "specialisms", "related")
_NUMBERS = ("hours", "cost_pounds")


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldOffer:
    """An offer as it is or was known; ``version`` is what a correction has to name."""

    id: int
    association: str
    offer_id: str
    offer: Offer
    known_from: datetime
    version: Row[Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sought:
    """What offers are looked for; ``words`` are folded, and each begins a word of the offer."""

    words: Sequence[str] = ()
    association: str | None = None
    specialism: str | None = None
    delivery: Delivery | None = None
    region: str | None = None
    free: bool = False


async def find(
    tx: Transaction, association: str, offer_id: str, *, known_at: datetime | None = None
) -> HeldOffer | None:
    """Return an offer as it was known, or None."""
    row = await tx.row(
        select(offers).where(
            offers.c.association == association, offers.c.offer_id == offer_id, as_known(offers, known_at)
        )
    )
    return None if row is None else offer_of(row)


async def versions(tx: Transaction, association: str, offer_id: str) -> Sequence[HeldOffer]:
    """Return every version of an offer, the oldest first."""
    chosen = select(offers).where(offers.c.association == association, offers.c.offer_id == offer_id)
    return [offer_of(row) for row in await tx.rows(chosen.order_by(offers.c.row_id))]


async def page(
    tx: Transaction, sought: Sought, *, after: tuple[str, int] | None, limit: int
) -> Sequence[HeldOffer]:
    """Return offers that are not withdrawn, by title."""
    chosen = select(offers).where(as_known(offers, None), ~offers.c.withdrawn, *_filters(sought))
    if after is not None:
        chosen = chosen.where(tuple_(offers.c.title, offers.c.id) > tuple_(*map(literal, after)))
    rows = await tx.rows(chosen.order_by(offers.c.title, offers.c.id).limit(limit))
    return [offer_of(row) for row in rows]


async def write(tx: Transaction, told: Offer, *, association: str, offer_id: str, record: Record) -> None:
    """Write a new offer."""
    await tx.execute(insert(offers).values(association=association, offer_id=offer_id, **_row(told, record)))
    tx.record(record)


async def amend(tx: Transaction, held: HeldOffer, told: Offer, *, record: Record) -> None:
    """Write another version of an offer; those before it stay readable."""
    named = {"association": held.association, "offer_id": held.offer_id, "id": held.id}
    corrects = held.version._mapping["row_id"]
    await tx.execute(insert(offers).values(corrects=corrects, **named, **_row(told, record)))
    tx.record(record)


def _filters(sought: Sought) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = [
        or_(
            offers.c.search_key.startswith(word, autoescape=True),
            offers.c.search_key.contains(f" {word}", autoescape=True),
        )
        for word in sought.words
    ]
    if sought.association is not None:
        chosen.append(offers.c.association == sought.association)
    if sought.specialism is not None:
        chosen.append(literal(sought.specialism) == func.any(offers.c.specialisms))
    if sought.delivery is not None:
        chosen.append(offers.c.delivery == sought.delivery.value)
    if sought.region is not None:
        chosen.append(offers.c.region == sought.region)
    if sought.free:
        chosen.append(offers.c.free)
    return chosen


def _row(told: Offer, record: Record) -> dict[str, Any]:
    content = asdict(told)
    for name in _DAYS:
        content[name] = content[name].isoformat() if content[name] else None
    for name in _NUMBERS:
        content[name] = str(content[name]) if content[name] is not None else None
    return {
        "known": literal(Range(record.at, None, bounds="[)"), TSTZRANGE),
        "search_key": search_key(told),
        "title": told.title,
        "delivery": told.delivery.value,
        "region": told.region,
        "free": told.cost_pounds == 0,
        "specialisms": list(told.specialisms),
        "withdrawn": told.withdrawn,
        "content": content,
    }


def offer_of(row: Row[Any]) -> HeldOffer:
    """Return the offer that stands in a row."""
    given = dict(row.content)
    for name in _DAYS:
        given[name] = date.fromisoformat(given[name]) if given[name] else None
    for name in _NUMBERS:
        given[name] = Decimal(given[name]) if given[name] is not None else None
    for name in _LISTS:
        given[name] = tuple(given[name])
    return HeldOffer(
        id=row.id,
        association=row.association,
        offer_id=row.offer_id,
        offer=Offer(**given | {"delivery": Delivery(given["delivery"])}),
        known_from=row.known.lower,
        version=row,
    )
