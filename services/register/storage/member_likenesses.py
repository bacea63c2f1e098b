"""People who may be people that are recorded already, looked for and noted many at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import asyncpg

from services.register.domain.person import Identity, Name
from shared.database import Transaction
from shared.journal import Record

# One name and birth many times over is a file gone wrong; the first few pairs say so.
MOST_PAIRS = 10

ALIKE = """
SELECT DISTINCT mine.person_id, mine.place, other.*
FROM unnest($1::bigint[], $2::text[], $3::date[], $4::boolean[]) WITH ORDINALITY
    AS mine (person_id, key, born, is_new, place)
CROSS JOIN LATERAL (
    SELECT p.id, p.given_names, p.family_name, p.date_of_birth,
        ARRAY(SELECT n.given_names FROM previous_names n WHERE n.person_id = p.id ORDER BY n.id) AS given,
        ARRAY(SELECT n.family_name FROM previous_names n WHERE n.person_id = p.id ORDER BY n.id) AS family,
        EXISTS (SELECT FROM member_ids m WHERE m.person_id = p.id AND m.association = $6) AS is_own
    FROM people p
    WHERE p.id = ANY (
        ARRAY(SELECT q.id FROM people q WHERE q.folded_name = mine.key AND q.date_of_birth = mine.born)
        || ARRAY(SELECT n.person_id FROM previous_names n WHERE n.folded_name = mine.key))
        AND p.date_of_birth = mine.born AND p.id <> mine.person_id
        AND (p.id < mine.person_id OR NOT mine.is_new)
    ORDER BY p.id LIMIT $5
) AS other
ORDER BY mine.place, other.id
"""

NOTE = """
INSERT INTO possible_duplicates (first_person_id, second_person_id, reason, found_at, status)
SELECT least(one, other), greatest(one, other), reason, $4, 'open'
FROM unnest($1::bigint[], $2::bigint[], $3::text[]) WITH ORDINALITY AS given (one, other, reason, place)
ORDER BY place
ON CONFLICT ON CONSTRAINT possible_duplicates_once DO NOTHING
RETURNING id, reason
"""


class Sought(NamedTuple):
    """Somebody for whom others are looked for: by each key of a name, and the day of birth.

    Somebody new is only compared with people that were there before.
    """

    person_id: int
    keys: tuple[str, ...]
    born: date | None
    is_new: bool


class Alike(NamedTuple):
    """Somebody who was found for a person; ``is_own`` says whether it is a member of the same association."""

    person_id: int
    other_id: int
    identity: Identity
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """Two people who may be one."""

    person_id: int
    other_id: int
    reason: str


async def alike(tx: Transaction, association: str, sought: Sequence[Sought]) -> list[Alike]:
    """Return everybody of one of the names and the same birth, members of other associations too."""
    asked = [(each, key) for each in sought if each.born is not None for key in each.keys]
    if not asked:
        return []
    rows = await tx.driver.fetch(
        ALIKE,
        [each.person_id for each, _ in asked],
        [key for _, key in asked],
        [each.born for each, _ in asked],
        [each.is_new for each, _ in asked],
        MOST_PAIRS,
        association,
    )
    return [Alike(row["person_id"], row["id"], _identity(row), row["is_own"]) for row in rows]


async def note(
    tx: Transaction, likenesses: Sequence[Likeness], *, at: datetime, record: Callable[[str, str], Record]
) -> None:
    """Write pairs for a registrar to decide; one that was noted before stays as it is.

    ``record`` is given the subject and the reason of each that is new.
    """
    if not likenesses:
        return
    rows = await tx.driver.fetch(
        NOTE,
        [each.person_id for each in likenesses],
        [each.other_id for each in likenesses],
        [each.reason for each in likenesses],
        at,
    )
    for row in rows:
        tx.record(record(f"duplicate:{row['id']}", row["reason"]))


def _identity(row: asyncpg.Record) -> Identity:
    return Identity(
        given_names=row["given_names"],
        family_name=row["family_name"],
        previous_names=tuple(
            Name(given_names=given, family_name=family)
            for given, family in zip(row["given"], row["family"], strict=True)
        ),
        date_of_birth=row["date_of_birth"],
    )
