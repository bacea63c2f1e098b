"""A register of synthetic people, as many as wanted: only what the look-up reads, written by COPY."""

import asyncpg

from services.register.domain.facts import EntryFact, Facts, LicenceFact, MembershipFact, ScopeFact
from services.register.domain.licence import EntryStatus
from services.register.domain.person import number_from
from services.register.domain.policy import MembershipLevel, Scope
from services.register.domain.verdict import timeline
from services.register.operations.public_entries import body_of
from shared.clock import london_day, utc_now
from shared.postgres.urls import asyncpg_dsn

STEP = 7
"""Serials are this far apart, so that numbers are not in a row."""


def number_of(place: int) -> str:
    """Return the number of the person at a place."""
    return number_from(place * STEP % 10_000_000)


def facts_of(number: str) -> Facts:
    """Return the facts of somebody licensed for this year and the next."""
    today = london_day(utc_now())
    first, last = today.replace(month=1, day=1), today.replace(year=today.year + 1, month=12, day=31)
    return Facts(
        number=number,
        memberships=(MembershipFact(level=MembershipLevel.PROFESSIONAL, valid_from=first),),
        entries=(EntryFact(status=EntryStatus.ON_REGISTER, valid_from=first),),
        licences=(LicenceFact(valid_from=first, valid_to=last),),
        scopes=(ScopeFact(scope=Scope.PERSONAL_GUIDANCE, valid_from=first, valid_to=last),),
        grace_days=28,
    )


async def settle(owner_url: str, count: int) -> None:
    """Make the register hold so many people."""
    pattern = timeline(facts_of("CR********"))
    starts = [start for start, _ in pattern]
    bodies = [body_of(verdict) for _, verdict in pattern]
    db = await asyncpg.connect(asyncpg_dsn(owner_url))
    try:
        held = await db.fetchval("SELECT count(*) FROM people")
        for begin in range(held, count, 50_000):
            numbers = [(place, number_of(place)) for place in range(begin, min(begin + 50_000, count))]
            await db.copy_records_to_table(
                "people",
                columns=["number", "given_names", "family_name", "folded_name", "created_at"],
                records=[
                    (number, "Nia", f"Person {place}", f"niaperson{place}", utc_now())
                    for place, number in numbers
                ],
            )
            ids = dict(await db.fetch("SELECT number, id FROM people WHERE id > $1", begin))
            await db.copy_records_to_table(
                "public_entries",
                columns=["number", "person_id", "starts", "bodies", "version"],
                records=[
                    (number, ids[number], starts, [body.replace("CR********", number) for body in bodies], 1)
                    for _, number in numbers
                ],
            )
        await db.execute("VACUUM ANALYZE public_entries, people")
    finally:
        await db.close()
