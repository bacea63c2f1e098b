"""Who is a member of what, and who is on the register: what the register's journal told, line by line.

Everything here repeats a neighbour's lines and can be made again from them; the lines are its record.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, delete, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from services.cpd.domain.cycle import Membership, Move
from services.cpd.domain.policy import MembershipLevel
from services.cpd.domain.register_line import MembershipTold, MoveTold
from services.cpd.storage.tables import followed, memberships, merges, register_moves
from shared.database import Transaction
from shared.journal import Line

REGISTER = "register"


@dataclass(frozen=True, slots=True)
class Told:
    """A membership with the position of the line that told it."""

    position: int
    membership: Membership


async def open_memberships(tx: Transaction, numbers: Sequence[str], association: str) -> Sequence[Told]:
    """Return what stands of an association's memberships of a person, those of the first number first."""
    rows = await tx.rows(
        select(memberships)
        .where(
            memberships.c.number == func.any(list(numbers)),
            memberships.c.association == association,
            memberships.c.known_to.is_(None),
        )
        .order_by(memberships.c.number != numbers[0], memberships.c.valid_from, memberships.c.position)
    )
    return [Told(row.position, _membership(row)) for row in rows]


async def tell_membership(
    tx: Transaction, line: Line, told: MembershipTold, *, replaces: Told | None
) -> None:
    """Write what a line tells of a membership; what it replaces was known until then."""
    number = line.subject
    if replaces is not None:
        number = await tx.scalar(
            update(memberships)
            .where(memberships.c.position == replaces.position)
            .values(known_to=func.greatest(memberships.c.known_from, line.at))
            .returning(memberships.c.number)
        )
    membership = told.membership
    await tx.execute(
        insert(memberships).values(
            position=line.position,
            number=number,
            association=membership.association,
            level=membership.level.value,
            category=told.category,
            valid_from=membership.valid_from,
            valid_to=membership.valid_to,
            known_from=line.at,
        )
    )


async def tell_move(tx: Transaction, line: Line, told: MoveTold) -> None:
    """Write that somebody came onto the register or left it."""
    await tx.execute(
        insert(register_moves).values(
            position=line.position,
            number=line.subject,
            moved_on=told.moved_on,
            entered=told.entered,
            died=told.died,
            known_from=line.at,
        )
    )


async def tell_death_undone(tx: Transaction, line: Line, numbers: Sequence[str]) -> None:
    """Write that a person has not died as was told; it was known until then."""
    await tx.execute(
        update(register_moves)
        .where(
            register_moves.c.number == func.any(list(numbers)),
            register_moves.c.died,
            register_moves.c.known_to.is_(None),
        )
        .values(known_to=func.greatest(register_moves.c.known_from, line.at))
    )


async def tell_merge(tx: Transaction, line: Line, kept_number: str) -> None:
    """Write that a number leads to another."""
    await tx.execute(
        insert(merges).values(
            number=line.subject, kept_number=kept_number, position=line.position, known_from=line.at
        )
    )


async def tell_parting(tx: Transaction, line: Line, kept_number: str) -> None:
    """Write that a number does not lead to another any more; it was known to until then."""
    await tx.execute(
        update(merges)
        .where(
            merges.c.number == line.subject,
            merges.c.kept_number == kept_number,
            merges.c.known_to.is_(None),
        )
        .values(known_to=func.greatest(merges.c.known_from, line.at))
    )


async def forget_everything(tx: Transaction) -> None:
    """Delete all that was told, so that it can be told again."""
    for table in (memberships, register_moves, merges):
        await tx.execute(delete(table))


async def position(tx: Transaction) -> int:
    """Return how far the register has been followed."""
    return int(await tx.scalar(select(followed.c.position).where(followed.c.source == REGISTER)) or 0)


async def hold_position(tx: Transaction, position: int) -> None:
    """Set how far the register has been followed, and let no follower go on until the transaction ends."""
    given = insert(followed).values(source=REGISTER, position=position)
    await tx.execute(given.on_conflict_do_update(index_elements=["source"], set_={"position": position}))


async def memberships_of(
    tx: Transaction, numbers: Collection[str], *, known_at: datetime | None
) -> Mapping[str, list[Membership]]:
    """Return the memberships of each number as they were known."""
    chosen = select(memberships).where(
        memberships.c.number == func.any(sorted(set(numbers))), *_as_known(memberships, known_at)
    )
    found: defaultdict[str, list[Membership]] = defaultdict(list)
    for row in await tx.rows(chosen.order_by(memberships.c.position)):
        found[row.number].append(_membership(row))
    return found


async def moves_of(
    tx: Transaction, numbers: Collection[str], *, known_at: datetime | None
) -> Mapping[str, list[Move]]:
    """Return when each number came onto the register and left it, as it was known."""
    chosen = select(register_moves).where(
        register_moves.c.number == func.any(sorted(set(numbers))), *_as_known(register_moves, known_at)
    )
    found: defaultdict[str, list[Move]] = defaultdict(list)
    for row in await tx.rows(chosen.order_by(register_moves.c.position)):
        found[row.number].append(Move(moved_on=row.moved_on, entered=row.entered, died=row.died))
    return found


async def belongs(tx: Transaction, numbers: Collection[str], association: str) -> bool:
    """Tell whether the association was ever known to have this person as a member."""
    found = await tx.rows(
        select(literal(1))
        .where(
            memberships.c.number == func.any(sorted(set(numbers))), memberships.c.association == association
        )
        .limit(1)
    )
    return bool(found)


async def ever_of(tx: Transaction, numbers: Collection[str], association: str) -> frozenset[str]:
    """Return those of the numbers under which the association was ever known to have a member."""
    rows = await tx.rows(
        select(memberships.c.number)
        .where(memberships.c.number == func.any(sorted(numbers)), memberships.c.association == association)
        .distinct()
    )
    return frozenset(row.number for row in rows)


async def is_known(tx: Transaction, numbers: Collection[str]) -> bool:
    """Tell whether the register ever told of a membership of this person."""
    chosen = select(literal(1)).where(memberships.c.number == func.any(sorted(set(numbers))))
    return bool(await tx.rows(chosen.limit(1)))


async def in_order(tx: Transaction, association: str, *, limit: int) -> Sequence[str]:
    """Return numbers of an association's members in the order in which the register told of them."""
    rows = await tx.rows(
        select(memberships.c.number)
        .where(memberships.c.association == association)
        .group_by(memberships.c.number)
        .order_by(func.min(memberships.c.position))
        .limit(limit)
    )
    return [row.number for row in rows]


async def page(tx: Transaction, association: str, *, after: str, limit: int) -> Sequence[str]:
    """Return numbers under which an association has a member as known now, ascending.

    Of somebody whom it has under two numbers that were merged, the one that is kept.
    """
    kept = memberships.alias()
    merged_into_own = (
        select(literal(1))
        .join_from(merges, kept, kept.c.number == merges.c.kept_number)
        .where(
            merges.c.number == memberships.c.number,
            merges.c.known_to.is_(None),
            kept.c.association == association,
        )
    )
    rows = await tx.rows(
        select(memberships.c.number)
        .where(
            memberships.c.association == association,
            memberships.c.known_to.is_(None),
            memberships.c.number > after,
            ~merged_into_own.exists(),
        )
        .distinct()
        .order_by(memberships.c.number)
        .limit(limit)
    )
    return [row.number for row in rows]


def _as_known(table: Table, known_at: datetime | None) -> list[ColumnElement[bool]]:
    if known_at is None:
        return [table.c.known_to.is_(None)]
    return [table.c.known_from <= known_at, or_(table.c.known_to.is_(None), table.c.known_to > known_at)]


def _membership(row: Row[Any]) -> Membership:
    return Membership(
        association=row.association,
        level=MembershipLevel(row.level),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )
