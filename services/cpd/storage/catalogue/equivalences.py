"""Equivalences ↔ rows: each step of either association is another version, told by that association."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, insert, literal, or_, select
from sqlalchemy.dialects.postgresql import TSTZRANGE, Range

from services.cpd.domain.catalogue.equivalence import EquivalenceState, Pair
from services.cpd.storage.catalogue.offers import HeldOffer, offer_of
from services.cpd.storage.catalogue.tables import equivalences, offers
from services.cpd.storage.facts import as_known
from shared.database import Transaction
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldEquivalence:
    """An equivalence as it is or was known; ``version`` is what the next step has to name."""

    id: int
    pair: Pair
    state: EquivalenceState
    known_from: datetime
    version: Row[Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Equivalent:
    """An offer that two associations hold equivalent to the one asked about.

    ``amended_since`` tells that one of the two offers was told anew after they had agreed.
    """

    equivalence_id: int
    offer: HeldOffer
    agreed_at: datetime
    amended_since: bool


async def find(
    tx: Transaction, equivalence_id: int, *, known_at: datetime | None = None
) -> HeldEquivalence | None:
    """Return an equivalence as it was known, or None."""
    row = await tx.row(
        select(equivalences).where(equivalences.c.id == equivalence_id, as_known(equivalences, known_at))
    )
    return None if row is None else _held(row)


async def page(
    tx: Transaction, association: str, *, state: EquivalenceState | None, after: int, limit: int
) -> Sequence[HeldEquivalence]:
    """Return the equivalences that an association proposed or was proposed, the oldest first."""
    chosen = select(equivalences).where(
        as_known(equivalences, None),
        or_(equivalences.c.proposer == association, equivalences.c.other == association),
        equivalences.c.id > after,
    )
    if state is not None:
        chosen = chosen.where(equivalences.c.state == state.value)
    return [_held(row) for row in await tx.rows(chosen.order_by(equivalences.c.id).limit(limit))]


async def agreed(tx: Transaction, of: HeldOffer, *, after: int, limit: int) -> Sequence[Equivalent]:
    """Return what is agreed to be equivalent to an offer and not withdrawn, the oldest agreement first."""
    mine = (of.association, of.offer_id)
    proposed = and_(equivalences.c.proposer == mine[0], equivalences.c.offer_id == mine[1])
    accepted = and_(equivalences.c.other == mine[0], equivalences.c.other_offer_id == mine[1])
    theirs = or_(
        and_(
            proposed,
            offers.c.association == equivalences.c.other,
            offers.c.offer_id == equivalences.c.other_offer_id,
        ),
        and_(
            accepted,
            offers.c.association == equivalences.c.proposer,
            offers.c.offer_id == equivalences.c.offer_id,
        ),
    )
    agreed_at = func.lower(equivalences.c.known)
    rows = await tx.rows(
        select(offers, equivalences.c.id.label("equivalence_id"), agreed_at.label("agreed_at"))
        .join(equivalences, theirs)
        .where(
            as_known(offers, None),
            ~offers.c.withdrawn,
            as_known(equivalences, None),
            equivalences.c.state == EquivalenceState.ACCEPTED.value,
            equivalences.c.id > after,
        )
        .order_by(equivalences.c.id)
        .limit(limit)
    )
    return [_equivalent(row, of) for row in rows]


async def propose(
    tx: Transaction, pair: Pair, *, at: datetime, record: Callable[[int], Record]
) -> HeldEquivalence:
    """Write that an equivalence is proposed, with the record that is made for its id.

    The constraint ``equivalences_one_open`` refuses a second between the same offers.
    """
    held = await _write(tx, pair, EquivalenceState.PROPOSED, by=pair.proposer, at=at)
    tx.record(record(held.id))
    return held


async def move(
    tx: Transaction, held: HeldEquivalence, to: EquivalenceState, *, by: str, record: Record
) -> HeldEquivalence:
    """Write the next version of an equivalence, told by the association ``by``."""
    version = {"id": held.id, "corrects": held.version._mapping["row_id"]}
    after = await _write(tx, held.pair, to, by=by, at=record.at, **version)
    tx.record(record)
    return after


async def _write(
    tx: Transaction, pair: Pair, state: EquivalenceState, *, by: str, at: datetime, **version: int
) -> HeldEquivalence:
    known = literal(Range(at, None, bounds="[)"), TSTZRANGE)
    row = await tx.row(
        insert(equivalences)
        .values(association=by, state=state.value, known=known, **asdict(pair), **version)
        .returning(equivalences)
    )
    assert row is not None  # noqa: S101 - an insert returns its row
    return _held(row)


def _held(row: Row[Any]) -> HeldEquivalence:
    return HeldEquivalence(
        id=row.id,
        pair=Pair(
            proposer=row.proposer,
            offer_id=row.offer_id,
            other=row.other,
            other_offer_id=row.other_offer_id,
        ),
        state=EquivalenceState(row.state),
        known_from=row.known.lower,
        version=row,
    )


def _equivalent(row: Row[Any], of: HeldOffer) -> Equivalent:
    theirs = offer_of(row)
    return Equivalent(
        equivalence_id=row.equivalence_id,
        offer=theirs,
        agreed_at=row.agreed_at,
        amended_since=max(theirs.known_from, of.known_from) > row.agreed_at,
    )
