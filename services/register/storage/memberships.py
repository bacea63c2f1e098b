"""Memberships: dated facts that an association tells of its own members."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select

from services.register.domain.member import Change, Membership
from services.register.domain.policy import MembershipLevel
from services.register.storage.facts import (
    assert_fact,
    correct_fact,
    days,
    first_day,
    last_day,
    on_day,
    versions,
)
from services.register.storage.tables import member_ids, memberships
from shared.database import Transaction
from shared.journal import Record

A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldMembership:
    """A membership as it is known; ``version`` is what a correction has to name."""

    membership_id: int
    person_id: int
    association: str
    member_id: str
    membership: Membership
    version: Row[Any]


async def held(
    tx: Transaction,
    person_ids: Iterable[int],
    *,
    association: str | None = None,
    valid_at: date | None = None,
    known_at: datetime | None = None,
) -> Sequence[HeldMembership]:
    """Return the memberships of these people, oldest first: of one association or of all."""
    chosen: list[ColumnElement[bool]] = [
        memberships.c.person_id == func.any(sorted(set(person_ids))),
        ~func.isempty(memberships.c.valid),
    ]
    if association is not None:
        chosen.append(memberships.c.association == association)
    if valid_at is not None:
        chosen.append(on_day(memberships, valid_at))
    return [_held(row) for row in await versions(tx, memberships, *chosen, known_at=known_at)]


async def page(tx: Transaction, association: str, *, after: str, limit: int) -> Sequence[tuple[str, int]]:
    """Return (member id, person id) of an association's members, by member id."""
    rows = await tx.rows(
        select(member_ids.c.member_id, member_ids.c.person_id)
        .where(member_ids.c.association == association, member_ids.c.member_id > after)
        .order_by(member_ids.c.member_id)
        .limit(limit)
    )
    return [(row.member_id, row.person_id) for row in rows]


async def belongs(tx: Transaction, person_ids: Iterable[int], association: str) -> bool:
    """Tell whether the association knows this person by a member id."""
    found = await tx.rows(
        select(member_ids.c.person_id)
        .where(
            member_ids.c.association == association,
            member_ids.c.person_id == func.any(sorted(set(person_ids))),
        )
        .limit(1)
    )
    return bool(found)


def after_all(memberships_held: Sequence[HeldMembership], now: datetime) -> datetime:
    """Return ``now``, or the next moment after everything that was read was first known.

    A new fact that stands in the place of a corrected one must not be known before the correction is.
    """
    known: list[datetime] = [each.version.known.lower for each in memberships_held]
    return max([now, *(instant + A_MOMENT for instant in known)])


async def write(
    tx: Transaction,
    change: Change,
    *,
    person_id: int,
    association: str,
    member_id: str | None,
    held_before: Sequence[HeldMembership],
    record: Record,
) -> None:
    """Write a membership, as a correction of one that was read or as a new one.

    A correction without a member id keeps the one it was told under.
    """
    wanted = change.membership
    content: dict[str, Any] = {"level": wanted.level.value, "category": wanted.category}
    valid = days(wanted.valid_from, wanted.valid_to)
    if member_id is not None:
        content["member_id"] = member_id
    if change.corrects is None:
        content["association"] = association
        await assert_fact(tx, memberships, person_id=person_id, valid=valid, record=record, **content)
        return
    version = next(each.version for each in held_before if each.membership_id == change.corrects)
    await correct_fact(tx, memberships, version, valid=valid, record=record, **content)


def _held(row: Row[Any]) -> HeldMembership:
    return HeldMembership(
        membership_id=row.id,
        person_id=row.person_id,
        association=row.association,
        member_id=row.member_id,
        membership=Membership(
            level=MembershipLevel(row.level),
            category=row.category,
            valid_from=first_day(row.valid),
            valid_to=last_day(row.valid),
        ),
        version=row,
    )
