"""People by the traits in which others may resemble them, read and looked for many at once."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import or_, select

from services.register.domain.matching.names import NameKey, keys_to_look_up, name_key_of
from services.register.domain.matching.resemblance import Traits
from services.register.storage.matching.candidates import PREVIOUS
from services.register.storage.tables import possible_duplicates
from shared.database import Transaction

NEXT = "SELECT id FROM people WHERE id > $1 ORDER BY id LIMIT $2"

PEOPLE = """
SELECT id, given_names, family_name, date_of_birth,
    ARRAY(SELECT lower(m.email) FROM member_ids m WHERE m.person_id = p.id AND m.email IS NOT NULL) AS emails,
    ARRAY(SELECT concat_ws(E'\\x1f', h.evidence_reference, h.awarding_body, h.title, h.awarded_on)
        FROM holdings h
        WHERE h.person_id = p.id AND upper_inf(h.known) AND NOT isempty(h.valid)
            AND h.status = 'authenticated' AND h.evidence_reference <> '' AND h.awarded_on IS NOT NULL
    ) AS certificates
FROM people p WHERE id = ANY($1::bigint[])
"""

# Everybody is looked at once, so it is enough to look for those who were there before.
BY_NAME = """
SELECT mine.id, found.id FROM unnest($1::bigint[], $2::text[], $3::date[]) AS mine (id, key, born)
    CROSS JOIN LATERAL (
        SELECT p.id FROM people p
        WHERE p.folded_name = mine.key AND p.date_of_birth = mine.born AND p.id < mine.id LIMIT $4) found
UNION SELECT mine.id, found.id FROM unnest($1::bigint[], $2::text[], $3::date[]) AS mine (id, key, born)
    CROSS JOIN LATERAL (
        SELECT p.id FROM previous_names n JOIN people p ON p.id = n.person_id
        WHERE n.folded_name = mine.key AND p.date_of_birth = mine.born AND p.id < mine.id LIMIT $4) found
UNION SELECT mine.id, found.id FROM unnest($1::bigint[], $2::text[], $3::date[]) AS mine (id, key, born)
    CROSS JOIN LATERAL (
        SELECT p.id FROM people p
        WHERE p.date_of_birth = mine.born AND p.id < mine.id
            AND length(p.folded_name) BETWEEN length(mine.key) - 1 AND length(mine.key) + 1
            AND (left(p.folded_name, 3) = left(mine.key, 3) OR right(p.folded_name, 4) = right(mine.key, 4))
        LIMIT $4) found
"""

BY_EMAIL = """
SELECT mine.id, found.id FROM unnest($1::bigint[], $2::text[]) AS mine (id, email)
    CROSS JOIN LATERAL (
        SELECT m.person_id AS id FROM member_ids m
        WHERE lower(m.email) = mine.email AND m.person_id < mine.id LIMIT $3) found
"""

BY_CERTIFICATE = """
SELECT mine.id, found.id FROM unnest($1::bigint[], $2::text[]) AS mine (id, reference)
    CROSS JOIN LATERAL (
        SELECT h.person_id AS id FROM holdings h
        WHERE h.evidence_reference = mine.reference AND upper_inf(h.known) AND h.status = 'authenticated'
            AND h.person_id < mine.id LIMIT $3) found
"""

Pair = tuple[int, int]


async def next_ids(tx: Transaction, *, after: int, limit: int) -> list[int]:
    """Return the ids of people that follow ``after``, in order."""
    return [row[0] for row in await tx.driver.fetch(NEXT, after, limit)]


async def traits_of(tx: Transaction, ids: Collection[int]) -> dict[int, Traits]:
    """Return the traits of these people, by id."""
    wanted = sorted(set(ids))
    previous: defaultdict[int, list[NameKey]] = defaultdict(list)
    for row in await tx.driver.fetch(PREVIOUS, wanted):
        previous[row["person_id"]].append(name_key_of(row["given_names"], row["family_name"]))
    return {
        row["id"]: Traits(
            person_id=row["id"],
            name=name_key_of(row["given_names"], row["family_name"]),
            previous=tuple(previous.get(row["id"], ())),
            born=row["date_of_birth"],
            emails=frozenset(row["emails"]),
            certificates=frozenset(row["certificates"]),
        )
        for row in await tx.driver.fetch(PEOPLE, wanted)
    }


async def pairs_of(tx: Transaction, people: Sequence[Traits], *, most: int) -> set[Pair]:
    """Return each of these with those before them who share a key of the name, an address or a certificate.

    At most ``most`` for each way in which they are found.
    """
    named = [
        (each.person_id, key, each.born)
        for each in people
        if each.born is not None
        for key in sorted(keys_to_look_up(each.names))
    ]
    mailed = [(each.person_id, email) for each in people for email in sorted(each.emails)]
    certified = [
        (each.person_id, certificate.partition("\x1f")[0])
        for each in people
        for certificate in sorted(each.certificates)
    ]
    ids, keys, births = _columns(named, 3)
    found = [
        *await tx.driver.fetch(BY_NAME, ids, keys, births, most),
        *await tx.driver.fetch(BY_EMAIL, *_columns(mailed, 2), most),
        *await tx.driver.fetch(BY_CERTIFICATE, *_columns(certified, 2), most),
    ]
    return {(row[0], row[1]) for row in found}


async def noted_pairs(tx: Transaction, ids: Collection[int]) -> set[frozenset[int]]:
    """Return every pair that was ever noted of which one is among these people, decided ones too."""
    wanted = sorted(set(ids))
    first, second = possible_duplicates.c.first_person_id, possible_duplicates.c.second_person_id
    rows = await tx.rows(select(first, second).where(or_(first.in_(wanted), second.in_(wanted))))
    return {frozenset(row) for row in rows}


def _columns(rows: Sequence[tuple[int | str | date | None, ...]], width: int) -> list[list[object]]:
    return [[row[place] for row in rows] for place in range(width)]
