"""Awards offered to the register ↔ rows; one that was withdrawn stays readable."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, literal, select
from sqlalchemy.dialects.postgresql import DATERANGE, TSTZRANGE, Range

from services.cpd.domain.credits.award_offer import AwardOffer
from services.cpd.storage.credits.tables import award_offers
from services.cpd.storage.facts import as_known, correct_fact, days, first_day
from shared.database import Transaction
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldAwardOffer:
    """An offer as it is or was known, and the association that made it."""

    id: int
    association: str
    offer: AwardOffer
    withdrawn: bool
    known_from: datetime
    version: Row[Any]


async def find(
    tx: Transaction, association: str, id_: int, *, known_at: datetime | None = None
) -> HeldAwardOffer | None:
    """Return an association's offer as it was known, or None."""
    row = await tx.row(
        select(award_offers).where(
            award_offers.c.id == id_,
            award_offers.c.association == association,
            as_known(award_offers, known_at),
        )
    )
    return None if row is None else _held(row)


async def is_offered(tx: Transaction, numbers: Sequence[str], programme: str, award: str) -> bool:
    """Tell whether an award of a person is offered, under whichever of their numbers."""
    association, _, code = programme.partition("/")
    chosen = select(literal(1)).where(
        award_offers.c.number == func.any(list(numbers)),
        award_offers.c.programme_association == association,
        award_offers.c.programme_id == code,
        award_offers.c.award == award,
        ~award_offers.c.withdrawn,
        as_known(award_offers, None),
    )
    return bool(await tx.rows(chosen.limit(1)))


async def page(tx: Transaction, association: str, *, after: int, limit: int) -> Sequence[HeldAwardOffer]:
    """Return an association's offers, withdrawn ones too, the oldest first."""
    chosen = select(award_offers).where(
        award_offers.c.association == association, award_offers.c.id > after, as_known(award_offers, None)
    )
    return [_held(row) for row in await tx.rows(chosen.order_by(award_offers.c.id).limit(limit))]


async def write(
    tx: Transaction, offer: AwardOffer, *, association: str, at: datetime, record: Callable[[int], Record]
) -> HeldAwardOffer:
    """Write a new offer, with the record that is made for its id.

    The constraint ``award_offers_once`` refuses a second of the same award.
    """
    keeper, _, code = offer.programme.partition("/")
    row = await tx.row(
        insert(award_offers)
        .values(
            number=offer.number,
            valid=literal(days(offer.awarded_on, None), DATERANGE),
            known=literal(Range(at, None, bounds="[)"), TSTZRANGE),
            association=association,
            programme_association=keeper,
            programme_id=code,
            programme_version=offer.programme_version,
            award=offer.award,
            awarding_body=offer.awarding_body,
            framework=offer.framework,
            level=offer.level,
            credits=offer.credits,
            rests_on=list(offer.rests_on),
            withdrawn=False,
        )
        .returning(award_offers)
    )
    assert row is not None  # noqa: S101 - an insert returns its row
    held = _held(row)
    tx.record(record(held.id))
    return held


async def withdraw(tx: Transaction, held: HeldAwardOffer, *, record: Record) -> None:
    """Write that an offer is withdrawn."""
    await correct_fact(tx, award_offers, held.version, record=record, withdrawn=True)


def _held(row: Row[Any]) -> HeldAwardOffer:
    return HeldAwardOffer(
        id=row.id,
        association=row.association,
        offer=AwardOffer(
            number=row.number,
            programme=f"{row.programme_association}/{row.programme_id}",
            programme_version=row.programme_version,
            award=row.award,
            awarding_body=row.awarding_body,
            framework=row.framework,
            level=row.level,
            credits=row.credits,
            awarded_on=first_day(row.valid),
            rests_on=tuple(row.rests_on),
        ),
        withdrawn=row.withdrawn,
        known_from=row.known.lower,
        version=row,
    )
