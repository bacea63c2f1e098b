"""Rows that were found to say what is recorded: sent again as they are, they need not be read again.

A fingerprint is a projection: whatever changes the person, the membership or a merge deletes it in the same
transaction, by triggers; so no record is asked for here.
"""

from collections.abc import Mapping

from shared.database import Transaction

KNOWN = """
SELECT f.member_id, p.number FROM unnest($2::text[], $3::bytea[]) AS given (member_id, digest)
JOIN row_fingerprints f ON f.association = $1 AND f.member_id = given.member_id AND f.digest = given.digest
JOIN member_ids m ON m.association = f.association AND m.member_id = f.member_id
JOIN people p ON p.id = m.person_id
"""

KEEP = """
INSERT INTO row_fingerprints (association, member_id, digest)
SELECT $1, member_id, digest FROM unnest($2::text[], $3::bytea[]) AS given (member_id, digest)
ON CONFLICT (association, member_id) DO UPDATE SET digest = excluded.digest
"""


async def known(tx: Transaction, association: str, digests: Mapping[str, bytes]) -> dict[str, str]:
    """Return the registration number by member id for those rows that are known to change nothing."""
    rows = await tx.driver.fetch(KNOWN, association, list(digests), list(digests.values()))
    return {row["member_id"]: row["number"] for row in rows}


async def keep(tx: Transaction, association: str, digests: Mapping[str, bytes]) -> None:
    """Keep the fingerprints of rows that are recorded as they say."""
    if digests:
        await tx.driver.execute(KEEP, association, list(digests), list(digests.values()))
