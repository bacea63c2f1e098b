"""Concerns ↔ rows: each step is a version, the newest open."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, select

from services.kitemark.domain.policing.concern import About, AboutKind, Concern, ConcernOutcome, ConcernState
from services.kitemark.storage.facts import ALWAYS, as_known, assert_fact, correct_fact
from services.kitemark.storage.policing.tables import concerns
from shared.database import Transaction
from shared.journal import Record

_SAME = (
    "body", "words", "digest", "policy", "raised_on", "acknowledge_by", "acknowledged_on", "answer_by",
    "answered_on", "answer", "closed_on", "reasons", "moved_by", "moved_for",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldConcern:
    """A concern as it is known; ``version`` is what a correction has to name."""

    id: int
    concern: Concern
    version: Row[Any]


async def write(tx: Transaction, told: Concern, *, record: Record) -> int:
    """Write a concern that is raised, and return its id."""
    return await assert_fact(
        tx, concerns, subject=told.about.subject, valid=ALWAYS, record=record, **_content(told)
    )


async def move(tx: Transaction, held: HeldConcern, told: Concern, *, record: Record) -> None:
    """Write the next step; the one before stays readable."""
    await correct_fact(tx, concerns, held.version, record=record, **_content(told))


async def find(tx: Transaction, id_: int) -> HeldConcern | None:
    """Return a concern by its id, or None."""
    return await _one(tx, concerns.c.id == id_)


async def by_digest(tx: Transaction, digest: str) -> HeldConcern | None:
    """Return the concern of a reference by its digest, or None."""
    return await _one(tx, concerns.c.digest == digest)


async def page(
    tx: Transaction, *, body: str | None, state: ConcernState | None, after: int, limit: int
) -> Sequence[HeldConcern]:
    """Return concerns by id, with ``body`` those whose answer is asked of it.

    The database itself keeps from a body what is about it until that is acknowledged.
    """
    chosen = select(concerns).where(concerns.c.id > after, as_known(concerns, None))
    if body is not None:
        chosen = chosen.where(concerns.c.body == body)
    if state is not None:
        chosen = chosen.where(concerns.c.state == state.value)
    return [_held(row) for row in await tx.rows(chosen.order_by(concerns.c.id).limit(limit))]


async def closed_about(tx: Transaction, body: str) -> Sequence[Concern]:
    """Return the concerns that are closed and whose answer was asked of a body."""
    rows = await tx.rows(
        select(concerns)
        .where(
            as_known(concerns, None),
            concerns.c.state == ConcernState.CLOSED.value,
            concerns.c.body == body,
        )
        .order_by(concerns.c.id)
    )
    return [_held(row).concern for row in rows]


async def _one(tx: Transaction, wanted: ColumnElement[bool]) -> HeldConcern | None:
    row = await tx.row(select(concerns).where(wanted, as_known(concerns, None)))
    return None if row is None else _held(row)


def _content(told: Concern) -> dict[str, Any]:
    return {name: getattr(told, name) for name in _SAME} | {
        "kind": told.about.kind.value,
        "code": told.about.code,
        "award_id": told.about.award_id,
        "ties": list(told.ties),
        "state": told.state.value,
        "outcome": None if told.outcome is None else told.outcome.value,
    }


def _held(row: Row[Any]) -> HeldConcern:
    told = Concern(
        about=About(kind=AboutKind(row.kind), code=row.code, award_id=row.award_id),
        ties=tuple(row.ties),
        state=ConcernState(row.state),
        outcome=None if row.outcome is None else ConcernOutcome(row.outcome),
        **{name: row._mapping[name] for name in _SAME},
    )
    return HeldConcern(id=row.id, concern=told, version=row)
