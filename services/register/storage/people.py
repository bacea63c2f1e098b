"""People: their numbers, details and member ids. One person, one row, however many the associations."""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from services.register.domain.member import NO_CONTACT, Contact, Details, name_key
from services.register.domain.person import Name, number_from
from services.register.storage.tables import member_ids, merges, people
from services.register.storage.tables import previous_names as previous_names_table
from shared.database import Transaction
from shared.journal import Record

SERIALS = 10_000_000
MOST_DRAWS = 100
_LISTS = ("regions", "settings", "roles", "specialisms", "languages", "client_groups")


class NumbersExhausted(Exception):
    """No free registration number was drawn: the register is almost full."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """A stored person."""

    id: int
    number: str
    details: Details
    created_at: datetime
    erased: bool = False


def draw_serial() -> int:
    """Return a serial that nobody can guess from the ones given out before."""
    return secrets.randbelow(SERIALS)


async def lock_many(tx: Transaction, ids: Iterable[int]) -> list[Person]:
    """Return these people in the order of their ids and hold their rows, taken in that order."""
    found = await tx.rows(
        select(people).where(people.c.id.in_(sorted(set(ids)))).order_by(people.c.id).with_for_update()
    )
    return [_stored(row) for row in found]


async def find_by_number(tx: Transaction, number: str) -> Person | None:
    """Return the person with this canonical number."""
    return _person(await tx.row(select(people).where(people.c.number == number)))


async def find_by_numbers(tx: Transaction, numbers: Iterable[str]) -> dict[str, Person]:
    """Return the people with these canonical numbers, by number."""
    wanted = func.any(list(numbers))
    return {
        row.number: _stored(row) for row in await tx.rows(select(people).where(people.c.number == wanted))
    }


async def find_by_member_id(tx: Transaction, association: str, member_id: str) -> Person | None:
    """Return the person whom an association knows by this member id."""
    return _person(
        await tx.row(
            select(people)
            .join(member_ids, member_ids.c.person_id == people.c.id)
            .where(member_ids.c.association == association, member_ids.c.member_id == member_id)
        )
    )


async def ids_of_members(tx: Transaction, association: str, names: Iterable[str]) -> dict[str, int]:
    """Return the person ids behind those of an association's member ids that are known."""
    rows = await tx.rows(
        select(member_ids.c.member_id, member_ids.c.person_id).where(
            member_ids.c.association == association, member_ids.c.member_id == func.any(list(names))
        )
    )
    return {row.member_id: row.person_id for row in rows}


async def find_many(tx: Transaction, ids: Iterable[int]) -> dict[int, Person]:
    """Return these people by id."""
    wanted = func.any(sorted(set(ids)))
    return {row.id: _stored(row) for row in await tx.rows(select(people).where(people.c.id == wanted))}


async def kept_ids(tx: Transaction, ids: Iterable[int]) -> dict[int, int]:
    """Return for each of these people the one whose number is kept: themselves unless they were merged."""
    kept = {each: each for each in ids}
    while True:
        found = await tx.rows(
            select(merges.c.person_id, merges.c.kept_person_id).where(
                merges.c.person_id == func.any(sorted(set(kept.values()))),
                func.upper_inf(merges.c.known),
                ~func.isempty(merges.c.valid),
            )
        )
        if not found:
            return kept
        onward = {row.person_id: row.kept_person_id for row in found}
        kept = {each: onward.get(place, place) for each, place in kept.items()}


async def groups_of(tx: Transaction, ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """Return for each of these people every row of the same person: the kept one first, merged ones after."""
    kept = await kept_ids(tx, ids)
    rows: dict[int, tuple[int, ...]] = {each: (each,) for each in kept.values()}
    owner = {each: each for each in rows}
    edge = sorted(rows)
    while edge:
        found = await tx.rows(
            select(merges.c.person_id, merges.c.kept_person_id)
            .where(
                merges.c.kept_person_id == func.any(edge),
                func.upper_inf(merges.c.known),
                ~func.isempty(merges.c.valid),
            )
            .order_by(merges.c.person_id)
        )
        edge = sorted(row.person_id for row in found if row.person_id not in owner)
        for row in found:
            owner[row.person_id] = owner[row.kept_person_id]
            rows[owner[row.person_id]] = (*rows[owner[row.person_id]], row.person_id)
    return {each: rows[place] for each, place in kept.items()}


async def previous_names(tx: Transaction, ids: Iterable[int]) -> dict[int, tuple[Name, ...]]:
    """Return the previous names of these people, oldest first."""
    table = previous_names_table
    found: dict[int, tuple[Name, ...]] = dict.fromkeys(ids, ())
    rows = await tx.rows(
        select(table).where(table.c.person_id == func.any(sorted(found))).order_by(table.c.id)
    )
    for row in rows:
        name = Name(given_names=row.given_names, family_name=row.family_name)
        found[row.person_id] = (*found[row.person_id], name)
    return found


async def member_ids_of(tx: Transaction, ids: Iterable[int]) -> Sequence[Row[Any]]:
    """Return association, member id, person and contact of all under which these people are known."""
    return await tx.rows(
        select(member_ids)
        .where(member_ids.c.person_id == func.any(sorted(set(ids))))
        .order_by(member_ids.c.association, member_ids.c.member_id)
    )


async def hold_member_ids(tx: Transaction, association: str, ids: Iterable[str]) -> None:
    """Let nobody else write these member ids, known or new, until the transaction ends."""
    names = sorted({f"member\n{association}\n{each}" for each in ids})
    await _hold(tx, names)


async def hold_identities(tx: Transaction, identities: Iterable[tuple[str, date | None]]) -> None:
    """Let nobody else add a person of the same folded name and birth until the transaction ends."""
    await _hold(tx, sorted({f"identity\n{folded_name}\n{born}" for folded_name, born in identities if born}))


async def possible_duplicates_of(
    tx: Transaction, folded_names: Iterable[str], date_of_birth: date | None, excluding: Iterable[int] = ()
) -> list[Person]:
    """Return the people born that day who go or went by one of these folded names, ascending by id."""
    if date_of_birth is None:
        return []
    keys = sorted(set(folded_names))
    found = await tx.rows(
        select(people)
        .where(
            or_(
                people.c.folded_name == func.any(keys),
                people.c.id.in_(
                    select(previous_names_table.c.person_id).where(
                        previous_names_table.c.folded_name == func.any(keys)
                    )
                ),
            ),
            people.c.date_of_birth == date_of_birth,
            people.c.id != func.all(sorted(set(excluding))),
        )
        .order_by(people.c.id)
    )
    return [_stored(row) for row in found]


async def create(
    tx: Transaction,
    *,
    details: Details,
    previous: Sequence[Name] = (),
    association: str,
    member_id: str,
    contact: Contact = NO_CONTACT,
    record: Record,
    draw: Callable[[], int] = draw_serial,
) -> Person:
    """Write a new person under a free random number, known to the association by its member id.

    The record's subject becomes the number that was drawn.
    """
    for _ in range(MOST_DRAWS):
        number = number_from(draw())
        row = await tx.row(
            insert(people)
            .values(number=number, created_at=record.at, **_columns(details))
            .on_conflict_do_nothing(index_elements=["number"])
            .returning(people)
        )
        if row is not None:
            break
    else:
        raise NumbersExhausted(NumbersExhausted.__doc__)
    await _know(tx, row.id, association, member_id, contact)
    await _add_previous_names(tx, row.id, previous, replaced_at=None, record=record)
    tx.record(replace(record, subject=number))
    return _stored(row)


async def link(
    tx: Transaction, *, person_id: int, association: str, member_id: str, contact: Contact, record: Record
) -> None:
    """Make a known person known to an association too, by its member id."""
    await _know(tx, person_id, association, member_id, contact)
    tx.record(record)


async def change(
    tx: Transaction, person: Person, *, details: Details, previous: Sequence[Name] = (), record: Record
) -> Person:
    """Write other details of a person, keeping the old name, and previous names that were told."""
    await tx.execute(update(people).where(people.c.id == person.id).values(**_columns(details)))
    if person.details.name != details.name:
        left = [person.details.name]
        await _add_previous_names(tx, person.id, left, replaced_at=record.at, record=record)
    await _add_previous_names(tx, person.id, previous, replaced_at=None, record=record)
    tx.record(record)
    return replace(person, details=details)


async def _know(tx: Transaction, person_id: int, association: str, member_id: str, contact: Contact) -> None:
    known = {"association": association, "member_id": member_id, "person_id": person_id}
    await tx.execute(insert(member_ids).values(**known, **asdict(contact)))


async def _add_previous_names(
    tx: Transaction, person_id: int, names: Sequence[Name], *, replaced_at: datetime | None, record: Record
) -> None:
    """Write names that a person no longer goes by, as part of what ``record`` tells."""
    if names:
        await tx.execute(
            insert(previous_names_table),
            [
                {
                    "person_id": person_id,
                    "given_names": name.given_names,
                    "family_name": name.family_name,
                    "folded_name": name_key(name),
                    "replaced_at": replaced_at,
                }
                for name in names
            ],
        )


async def _hold(tx: Transaction, names: list[str]) -> None:
    # One statement over a sorted list: two batches take the same locks in the same order.
    await tx.execute(
        text(
            "SELECT count(pg_advisory_xact_lock(hashtextextended(name, 0)))"
            " FROM unnest(CAST(:names AS text[])) WITH ORDINALITY AS held (name, place)"
        ),
        {"names": names},
    )


def _columns(details: Details) -> Mapping[str, Any]:
    columns = asdict(details)
    return columns | {name: list(columns[name]) for name in _LISTS} | {"folded_name": name_key(details.name)}


def _person(row: Row[Any] | None) -> Person | None:
    return None if row is None else _stored(row)


def _stored(row: Row[Any]) -> Person:
    lists = {name: tuple(getattr(row, name)) for name in _LISTS}
    details = Details(
        given_names=row.given_names,
        family_name=row.family_name,
        date_of_birth=row.date_of_birth,
        home_country=row.home_country,
        **lists,
    )
    erased = row.erased_at is not None
    return Person(id=row.id, number=row.number, details=details, created_at=row.created_at, erased=erased)
