"""Counts of refused attempts to join, by day: of each association, and of each number.

The counts are bookkeeping: every refused attempt has a journal line of its own.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date

from shared.database import Transaction

BEGIN = """
INSERT INTO join_attempts (counter, day) SELECT counter, $2 FROM unnest($1::text[]) AS given (counter)
ORDER BY counter ON CONFLICT DO NOTHING
"""

HOLD = """
SELECT counter, attempts FROM join_attempts WHERE day = $2 AND counter = ANY ($1) ORDER BY counter FOR UPDATE
"""

COUNT = """
UPDATE join_attempts a SET attempts = a.attempts + given.more
FROM unnest($1::text[], $2::integer[]) AS given (counter, more) WHERE a.counter = given.counter AND a.day = $3
"""


async def hold(tx: Transaction, counters: Collection[str], *, day: date) -> Counter[str]:
    """Return the day's counts and hold them until the transaction ends, always in the same order."""
    if not counters:
        return Counter()
    wanted = sorted(counters)
    await tx.driver.execute(BEGIN, wanted, day)
    return Counter({row["counter"]: row["attempts"] for row in await tx.driver.fetch(HOLD, wanted, day)})


async def count(tx: Transaction, more: Mapping[str, int], *, day: date) -> None:
    """Add to counts that are held."""
    if more:
        await tx.driver.execute(COUNT, list(more), list(more.values()), day)
