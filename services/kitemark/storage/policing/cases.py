"""Cases of moderations ↔ rows: each step is a version; the database keeps them from third bodies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, insert, select
from sqlalchemy.dialects.postgresql import Range

from services.kitemark.domain.policing.case import CaseState, ModerationCase
from services.kitemark.domain.policing.quality import Counted
from services.kitemark.storage.facts import ALWAYS, as_known, correct_fact
from services.kitemark.storage.policing.tables import moderation_cases, moderations
from shared.database import Transaction
from shared.journal import Record

_SAME = (
    "body", "moderator", "place", "found_by", "found_for", "number", "reasons", "response", "due_on",
    "closed_on",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldCase:
    """A case as it is known, with the moderation that it belongs to."""

    id: int
    moderation: int
    case: ModerationCase
    version: Row[Any]


async def open_drawn(
    tx: Transaction, moderation: int, drawn: Sequence[ModerationCase], *, record: Record
) -> None:
    """Open a case for each award that was drawn."""
    known = Range(record.at, None, bounds="[)")
    rows = [
        {"subject": each.award, "valid": ALWAYS, "known": known, "moderation": moderation, **_content(each)}
        for each in drawn
    ]
    await tx.execute(insert(moderation_cases), rows)
    tx.record(record)


async def move(tx: Transaction, held: HeldCase, told: ModerationCase, *, record: Record) -> None:
    """Write the next step; the one before stays readable."""
    await correct_fact(tx, moderation_cases, held.version, record=record, **_content(told))


async def find(tx: Transaction, id_: int) -> HeldCase | None:
    """Return a case by its id, or None where it is another body's."""
    table = moderation_cases
    row = await tx.row(select(table).where(table.c.id == id_, as_known(table, None)))
    return None if row is None else _held(row)


async def page(
    tx: Transaction, *, moderation: int | None, state: CaseState | None, after: int, limit: int
) -> Sequence[HeldCase]:
    """Return cases by id, of a moderation and in a state where these are named."""
    table = moderation_cases
    chosen = select(table).where(table.c.id > after, as_known(table, None))
    if moderation is not None:
        chosen = chosen.where(table.c.moderation == moderation)
    if state is not None:
        chosen = chosen.where(table.c.state == state.value)
    return [_held(row) for row in await tx.rows(chosen.order_by(table.c.id).limit(limit))]


async def counted(tx: Transaction, body: str) -> Sequence[Counted]:
    """Return what the drawn moderations of a body came to, the newest first."""
    m, c = moderations.c, moderation_cases.c
    joined = moderations.join(moderation_cases, c.moderation == m.id)
    rows = await tx.rows(
        select(
            m.id,
            m.year,
            m.moderator,
            m.population,
            func.count().label("drawn"),
            *(
                func.count().filter(c.state == state.value).label(state.value)
                for state in (CaseState.AGREED, CaseState.UPHELD)
            ),
        )
        .select_from(joined)
        .where(m.subject == body, as_known(moderations, None), as_known(moderation_cases, None))
        .group_by(m.id, m.year, m.moderator, m.population)
        .order_by(m.year.desc(), m.id.desc())
    )
    return [
        Counted(
            moderation=row.id,
            year=row.year,
            moderator=row.moderator,
            population=row.population,
            drawn=row.drawn,
            agreed=row.agreed,
            upheld=row.upheld,
        )
        for row in rows
    ]


def _content(told: ModerationCase) -> dict[str, Any]:
    same = {name: getattr(told, name) for name in _SAME}
    return same | {"state": told.state.value, "ties": list(told.ties)}


def _held(row: Row[Any]) -> HeldCase:
    told = ModerationCase(
        award=row.subject,
        state=CaseState(row.state),
        ties=tuple(row.ties),
        **{name: row._mapping[name] for name in _SAME},
    )
    return HeldCase(id=row.id, moderation=row.moderation, case=told, version=row)
