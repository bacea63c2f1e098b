"""What a second fact is compared with: the names that somebody has or had, and the date of birth."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ARRAY, BigInteger, any_, literal, select

from services.register.storage import tables
from services.register.storage.standing import ids_of, merges_around
from shared.database import Transaction


@dataclass(frozen=True, slots=True)
class KnownAs:
    """The family names and the dates of birth under which one number is known."""

    family_names: frozenset[str]
    dates_of_birth: frozenset[date]


async def known_as(tx: Transaction, numbers: Collection[str]) -> dict[str, KnownAs]:
    """Return what each issued number is known as, with what the records it was merged with say."""
    ids = await ids_of(tx, numbers)
    merges = await merges_around(tx, ids.values())
    groups = _groups({person_id: merge.kept_id for person_id, merge in merges.items()})
    everyone = set(ids.values()).union(*groups.values())
    names, births = await _names(tx, everyone), await _births(tx, everyone)
    return {
        number: KnownAs(
            frozenset(name for each in group for name in names.get(each, ())),
            frozenset(births[each] for each in group if each in births),
        )
        for number, person_id in ids.items()
        for group in [groups.get(person_id, frozenset((person_id,)))]
    }


def _groups(kept: dict[int, int]) -> dict[int, frozenset[int]]:
    """Return everybody's group: those who were merged into one another, directly or not."""
    groups: dict[int, frozenset[int]] = {}
    for merged_id, kept_id in kept.items():
        joined = groups.get(merged_id, frozenset((merged_id,))) | groups.get(kept_id, frozenset((kept_id,)))
        groups |= dict.fromkeys(joined, joined)
    return groups


async def _names(tx: Transaction, ids: Collection[int]) -> dict[int, list[str]]:
    people, previous = tables.people, tables.previous_names
    wanted = literal(list(ids), ARRAY(BigInteger))
    names: dict[int, list[str]] = {}
    for statement in (
        select(people.c.id, people.c.family_name).where(people.c.id == any_(wanted)),
        select(previous.c.person_id, previous.c.family_name).where(previous.c.person_id == any_(wanted)),
    ):
        for row in await tx.rows(statement):
            names.setdefault(row[0], []).append(row.family_name)
    return names


async def _births(tx: Transaction, ids: Collection[int]) -> dict[int, date]:
    people = tables.people
    born = select(people.c.id, people.c.date_of_birth).where(
        people.c.id == any_(literal(list(ids), ARRAY(BigInteger))), people.c.date_of_birth.is_not(None)
    )
    return {row.id: row.date_of_birth for row in await tx.rows(born)}
