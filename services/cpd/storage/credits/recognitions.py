"""Claims of prior learning ↔ rows: the claim is the first version, what became of it the next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, insert, literal, or_, select
from sqlalchemy.dialects.postgresql import DATERANGE, TSTZRANGE, Range

from services.cpd.domain.credits.recognition import Claim, RecognitionKind, RecognitionState
from services.cpd.storage.credits.tables import recognitions
from services.cpd.storage.facts import as_known, correct_fact, days
from shared.database import Transaction
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldRecognition:
    """A claim as it is or was known; ``claimed_by`` and ``assessed_by`` are who four eyes compare."""

    id: int
    claim: Claim
    state: RecognitionState
    claimed_by: str
    assessed_by: str | None
    reasons: str | None
    known_from: datetime
    version: Row[Any]


async def find(tx: Transaction, id_: int, *, known_at: datetime | None = None) -> HeldRecognition | None:
    """Return a claim as it was known, or None."""
    row = await tx.row(select(recognitions).where(recognitions.c.id == id_, as_known(recognitions, known_at)))
    return None if row is None else _held(row)


async def page(
    tx: Transaction, *, association: str | None, state: RecognitionState | None, after: int, limit: int
) -> Sequence[HeldRecognition]:
    """Return the claims in which an association has a part, or every one, the oldest first."""
    chosen = select(recognitions).where(as_known(recognitions, None), recognitions.c.id > after)
    if association is not None:
        chosen = chosen.where(
            or_(recognitions.c.claimant == association, recognitions.c.module_association == association)
        )
    if state is not None:
        chosen = chosen.where(recognitions.c.state == state.value)
    return [_held(row) for row in await tx.rows(chosen.order_by(recognitions.c.id).limit(limit))]


async def claim(
    tx: Transaction, told: Claim, *, day: date, claimed_by: str, at: datetime, record: Callable[[int], Record]
) -> HeldRecognition:
    """Write a claim, with the record that is made for its id.

    The constraint ``recognitions_one_open`` refuses a second for one person and module.
    """
    keeper, _, own_id = told.module.partition("/")
    row = await tx.row(
        insert(recognitions)
        .values(
            number=told.number,
            valid=literal(days(day, None), DATERANGE),
            known=literal(Range(at, None, bounds="[)"), TSTZRANGE),
            association=told.claimant,
            claimant=told.claimant,
            kind=told.kind.value,
            module_association=keeper,
            module_id=own_id,
            module_version=told.module_version,
            grounds=told.grounds,
            reference=told.reference,
            state=RecognitionState.CLAIMED.value,
            claimed_by=claimed_by,
        )
        .returning(recognitions)
    )
    assert row is not None  # noqa: S101 - an insert returns its row
    held = _held(row)
    tx.record(record(held.id))
    return held


async def move(
    tx: Transaction,
    held: HeldRecognition,
    to: RecognitionState,
    *,
    by: str,
    assessed_by: str | None,
    reasons: str | None,
    record: Record,
) -> None:
    """Write what became of a claim, told by the association ``by``.

    The constraint ``recognitions_by_two`` refuses an assessment by who made the claim.
    """
    said: dict[str, Any] = {
        "association": by,
        "state": to.value,
        "assessed_by": assessed_by,
        "reasons": reasons,
    }
    await correct_fact(tx, recognitions, held.version, record=record, **said)


def _held(row: Row[Any]) -> HeldRecognition:
    return HeldRecognition(
        id=row.id,
        claim=Claim(
            number=row.number,
            claimant=row.claimant,
            kind=RecognitionKind(row.kind),
            module=f"{row.module_association}/{row.module_id}",
            module_version=row.module_version,
            grounds=row.grounds,
            reference=row.reference,
        ),
        state=RecognitionState(row.state),
        claimed_by=row.claimed_by,
        assessed_by=row.assessed_by,
        reasons=row.reasons,
        known_from=row.known.lower,
        version=row,
    )
