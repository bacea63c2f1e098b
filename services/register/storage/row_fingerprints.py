"""Rows that were found to say what is recorded: sent again as they are, they need not be read again.

A fingerprint is a projection: whatever changes the person, the membership or a merge deletes it in the same
transaction, by triggers; so no record is asked for here.
"""

from collections.abc import Mapping

from shared.database import Transaction

KNOWN = """
SELECT given.member_id, kept.number FROM unnest($2::text[], $3::bytea[]) AS given (member_id, digest)
CROSS JOIN LATERAL (
    SELECT f.number FROM row_fingerprints f
    WHERE f.association = $1 AND f.member_id = given.member_id AND f.digest = given.digest
        -- Those kept before numbers were, are passed over: their rows are read once more.
        AND f.number IS NOT NULL
    -- Keeps this a look-up for each row: otherwise all of an association would be read for every chunk.
    OFFSET 0
) AS kept
"""

KEEP = """
INSERT INTO row_fingerprints (association, member_id, digest, number)
SELECT $1, member_id, digest, number
FROM unnest($2::text[], $3::bytea[], $4::text[]) AS given (member_id, digest, number)
ON CONFLICT (association, member_id) DO UPDATE SET digest = excluded.digest, number = excluded.number
"""


async def known(tx: Transaction, association: str, digests: Mapping[str, bytes]) -> dict[str, str]:
    """Return the registration number by member id for those rows that are known to change nothing."""
    return dict(await tx.driver.fetch(KNOWN, association, list(digests), list(digests.values())))


async def keep(tx: Transaction, association: str, kept: Mapping[str, tuple[bytes, str]]) -> None:
    """Keep the fingerprints of rows that are recorded as they say, with the members' numbers."""
    if kept:
        digests, numbers = zip(*kept.values(), strict=True)
        await tx.driver.execute(KEEP, association, list(kept), digests, numbers)
