"""Moderations ↔ rows: each step is a version, the newest open; the list beside it is written once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, insert, literal, select
from sqlalchemy.dialects.postgresql import DATERANGE

from services.kitemark.domain.policing.moderation import Moderation, ModerationState
from services.kitemark.storage.awards.tables import awards
from services.kitemark.storage.facts import ALWAYS, as_known, assert_fact, correct_fact, days
from services.kitemark.storage.policing.tables import moderation_entries, moderations
from shared.database import Transaction
from shared.draw import SeedKind, SeedSource
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldModeration:
    """A moderation as it is known; ``version`` is what a correction has to name."""

    id: int
    moderation: Moderation
    known_from: datetime
    version: Row[Any]


async def given(tx: Transaction, body: str, *, first: date, last: date) -> Sequence[str]:
    """Return the names of the awards that a body gave on these days, as known now, and that still stand."""
    begun = literal(days(first, last), DATERANGE).contains(func.lower(awards.c.valid))
    rows = await tx.rows(
        select(awards.c.subject)
        .where(as_known(awards, None), awards.c.body == body, awards.c.withdrawn_on.is_(None), begun)
        .order_by(awards.c.subject)
    )
    return [row.subject for row in rows]


async def freeze(tx: Transaction, told: Moderation, listed: Sequence[str], *, record: Record) -> int:
    """Write a moderation with its list, and return its id; the database adds nothing to it afterwards."""
    id_ = await assert_fact(tx, moderations, subject=told.body, valid=ALWAYS, record=record, **_content(told))
    await tx.execute(insert(moderation_entries), [{"moderation": id_, "award": each} for each in listed])
    return id_


async def move(tx: Transaction, held: HeldModeration, told: Moderation, *, record: Record) -> None:
    """Write the next step; the one before stays readable."""
    await correct_fact(tx, moderations, held.version, record=record, **_content(told))


async def listed(tx: Transaction, id_: int) -> Sequence[str]:
    """Return the frozen list, in order."""
    c = moderation_entries.c
    rows = await tx.rows(select(c.award).where(c.moderation == id_).order_by(c.award))
    return [row.award for row in rows]


async def find(tx: Transaction, id_: int) -> HeldModeration | None:
    """Return a moderation by its id, or None."""
    row = await tx.row(select(moderations).where(moderations.c.id == id_, as_known(moderations, None)))
    return None if row is None else _held(row)


async def page(tx: Transaction, *, body: str | None, after: int, limit: int) -> Sequence[HeldModeration]:
    """Return moderations by id, of a body where one is named."""
    chosen = select(moderations).where(moderations.c.id > after, as_known(moderations, None))
    if body is not None:
        chosen = chosen.where(moderations.c.subject == body)
    return [_held(row) for row in await tx.rows(chosen.order_by(moderations.c.id).limit(limit))]


def _content(told: Moderation) -> dict[str, Any]:
    same = (
        "moderator", "year", "policy", "list_hash", "population", "size", "frozen_at", "announced_by",
        "seed", "seed_born_at", "seed_entered_by", "drawn_by", "cancel_reason",
    )  # fmt: skip
    return {name: getattr(told, name) for name in same} | {
        "ties": list(told.ties),
        "seed_kind": told.source.kind.value,
        "seed_where": told.source.where,
        "seed_expected_at": told.source.expected_at,
        "state": told.state.value,
    }


def _held(row: Row[Any]) -> HeldModeration:
    told = Moderation(
        body=row.subject,
        moderator=row.moderator,
        year=row.year,
        ties=tuple(row.ties),
        policy=row.policy,
        source=SeedSource(
            kind=SeedKind(row.seed_kind), where=row.seed_where, expected_at=row.seed_expected_at
        ),
        list_hash=row.list_hash,
        population=row.population,
        size=row.size,
        frozen_at=row.frozen_at,
        state=ModerationState(row.state),
        announced_by=row.announced_by,
        seed=row.seed,
        seed_born_at=row.seed_born_at,
        seed_entered_by=row.seed_entered_by,
        drawn_by=row.drawn_by,
        cancel_reason=row.cancel_reason,
    )
    return HeldModeration(id=row.id, moderation=told, known_from=row.known.lower, version=row)
