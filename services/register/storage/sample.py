"""How far the sample has come: what is there of each of its people."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select

from services.register.domain.qualification import HoldingStatus
from services.register.storage.facts import as_known
from services.register.storage.tables import (
    applications,
    code_acceptances,
    holdings,
    member_ids,
    people,
    register_entries,
    sanctions,
)
from shared.database import Transaction


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """What has happened to one person of the sample already."""

    number: str | None = None
    holding_id: int | None = None
    holding_status: HoldingStatus | None = None
    code_accepted: bool = False
    application_id: int | None = None
    decided: bool = False
    sanctioned: bool = False
    retired: bool = False


async def find(tx: Transaction, *, association: str, member_id: str) -> Progress:
    """Return what is there of a person."""
    person = await tx.row(
        select(people.c.id, people.c.number)
        .join(member_ids, member_ids.c.person_id == people.c.id)
        .where(member_ids.c.association == association, member_ids.c.member_id == member_id)
    )
    if person is None:
        return Progress()
    mine = person.id
    rows = await tx.rows(
        select(holdings.c.id, holdings.c.status)
        .where(holdings.c.person_id == mine, as_known(holdings, None))
        .order_by(holdings.c.id)
    )
    asked = await tx.rows(
        select(applications.c.id, applications.c.status)
        .where(applications.c.person_id == mine)
        .order_by(applications.c.id)
    )
    there = await _happened(tx, mine)
    return Progress(
        number=person.number,
        holding_id=rows[0].id if rows else None,
        holding_status=HoldingStatus(rows[0].status) if rows else None,
        code_accepted=there.code,
        application_id=asked[0].id if asked else None,
        decided=bool(asked) and asked[0].status != "submitted",
        sanctioned=there.sanctioned,
        retired=there.retired,
    )


async def _happened(tx: Transaction, person_id: int) -> Row[Any]:
    """Say what has happened to a person already."""
    retired = (register_entries.c.person_id == person_id, register_entries.c.status == "retired")
    there = await tx.row(
        select(
            select(code_acceptances.c.id)
            .where(code_acceptances.c.person_id == person_id)
            .exists()
            .label("code"),
            select(sanctions.c.id).where(sanctions.c.person_id == person_id).exists().label("sanctioned"),
            select(register_entries.c.id).where(*retired).exists().label("retired"),
        )
    )
    assert there is not None  # noqa: S101 - a select without FROM has one row
    return there


async def numbers(tx: Transaction, prefix: str) -> dict[str, str]:
    """Return the number of everybody whose member id begins so, by member id."""
    rows = await tx.rows(
        select(member_ids.c.member_id, people.c.number)
        .join(people, people.c.id == member_ids.c.person_id)
        .where(member_ids.c.member_id.startswith(prefix, autoescape=True))
    )
    return {row.member_id: row.number for row in rows}


async def free_number(tx: Transaction, candidates: Sequence[str]) -> str:
    """Return the first of these numbers that nobody has."""
    taken = await tx.rows(select(people.c.number).where(people.c.number == func.any(list(candidates))))
    return next(number for number in candidates if number not in {row.number for row in taken})
