"""Many members as they are recorded, read with one statement for each kind of thing."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from services.register.domain.member import Contact, Details, Membership
from services.register.domain.member_import import Stored
from services.register.domain.person import Name
from services.register.domain.policy import MembershipLevel
from shared.database import Transaction

A_MOMENT = timedelta(microseconds=1)
_LISTS = ("regions", "settings", "roles", "specialisms", "languages", "client_groups")
_DETAILS = ", ".join(("given_names", "family_name", "date_of_birth", "home_country", *_LISTS))

FIND = f"""
SELECT m.member_id, m.email, m.telephone, p.id, p.number, {_DETAILS}
FROM unnest($2::text[]) AS asked (member_id)
CROSS JOIN LATERAL (
    SELECT i.member_id, i.email, i.telephone, i.person_id FROM member_ids i
    WHERE i.association = $1 AND i.member_id = asked.member_id
    -- Keeps this a look-up for each row: the policy on reads would have all of an association read instead.
    OFFSET 0
) AS m
JOIN people p ON p.id = m.person_id
"""  # noqa: S608 - made of our own constants only

HELD = """
SELECT row_id, id, person_id, member_id, level, category,
    lower(valid) AS first, upper(valid) - 1 AS last, lower(known) AS known_from
FROM memberships
WHERE person_id = ANY($1::bigint[]) AND association = $2 AND upper_inf(known) AND NOT isempty(valid)
ORDER BY valid, id
"""

PREVIOUS = """
SELECT person_id, given_names, family_name FROM previous_names WHERE person_id = ANY($1::bigint[]) ORDER BY id
"""

MERGED = """
SELECT person_id, kept_person_id FROM merges
WHERE upper_inf(known) AND NOT isempty(valid)
    AND (person_id = ANY($1::bigint[]) OR kept_person_id = ANY($1::bigint[]))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """The open version of a membership: what a correction names, and since when it has been known."""

    row_id: int
    member_id: str
    known_from: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Members as they are recorded, by member id, with the versions of their memberships by fact."""

    members: Mapping[str, Stored]
    versions: Mapping[int, Version]

    def after_all(self, stored: Stored, now: datetime) -> datetime:
        """Return ``now``, or the next moment after everything held of the member was first known."""
        return max([now, *(self.versions[fact].known_from + A_MOMENT for fact in stored.held)])


async def find(tx: Transaction, association: str, member_ids: Collection[str]) -> Found:
    """Return those of these members that are recorded."""
    rows = await tx.driver.fetch(FIND, association, list(member_ids))
    ids = [row["id"] for row in rows]
    if not ids:
        return Found(members={}, versions={})
    held: dict[int, dict[int, Membership]] = defaultdict(dict)
    versions: dict[int, Version] = {}
    for row in await tx.driver.fetch(HELD, ids, association):
        held[row["person_id"]][row["id"]] = _membership(row)
        versions[row["id"]] = Version(
            row_id=row["row_id"], member_id=row["member_id"], known_from=row["known_from"]
        )
    previous: dict[int, list[Name]] = defaultdict(list)
    for row in await tx.driver.fetch(PREVIOUS, ids):
        previous[row["person_id"]].append(
            Name(given_names=row["given_names"], family_name=row["family_name"])
        )
    merged = {each for row in await tx.driver.fetch(MERGED, ids) for each in row}
    members = {
        row["member_id"]: Stored(
            person_id=row["id"],
            number=row["number"],
            details=_details(row),
            contact=Contact(email=row["email"], telephone=row["telephone"]),
            previous=tuple(previous.get(row["id"], ())),
            held=held.get(row["id"], {}),
            alone=row["id"] not in merged,
        )
        for row in rows
    }
    return Found(members=members, versions=versions)


def _membership(row: asyncpg.Record) -> Membership:
    return Membership(
        level=MembershipLevel(row["level"]),
        category=row["category"],
        valid_from=row["first"],
        valid_to=row["last"],
    )


def _details(row: asyncpg.Record) -> Details:
    return Details(
        given_names=row["given_names"],
        family_name=row["family_name"],
        date_of_birth=row["date_of_birth"],
        home_country=row["home_country"],
        **{name: tuple(row[name]) for name in _LISTS},
    )
