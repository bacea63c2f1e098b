"""Which numbers are one person: a merged number leads to the one that is kept, over any number of merges."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import text

from shared.database import Transaction

# Up from the numbers asked to those that are kept, then down from these to everybody who leads there.
_GROUPS = text("""
WITH RECURSIVE
    known AS (
        SELECT number, kept_number FROM merges
        WHERE CASE WHEN CAST(:known_at AS timestamptz) IS NULL THEN known_to IS NULL
            ELSE known_from <= :known_at AND coalesce(known_to, 'infinity') > :known_at END
    ),
    up AS (
        SELECT n AS asked, n AS number FROM unnest(CAST(:numbers AS text[])) AS asked (n)
        UNION SELECT up.asked, known.kept_number FROM up JOIN known ON known.number = up.number
    ),
    kept AS (
        SELECT asked, number FROM up
        WHERE NOT EXISTS (SELECT FROM known WHERE known.number = up.number)
    ),
    down AS (
        SELECT number AS root, number FROM kept
        UNION SELECT down.root, known.number FROM down JOIN known ON known.kept_number = down.number
    )
SELECT kept.asked, kept.number AS root, down.number FROM kept JOIN down ON down.root = kept.number
ORDER BY kept.asked, down.number
""")


class Group:
    """One person's numbers; ``kept`` is the one that others lead to."""

    __slots__ = ("kept", "numbers")

    def __init__(self, kept: str, numbers: tuple[str, ...]) -> None:
        self.kept = kept
        self.numbers = numbers


async def of_numbers(
    tx: Transaction, numbers: Collection[str], *, known_at: datetime | None = None
) -> Mapping[str, Group]:
    """Return for each number the person whom it names, as it was known."""
    rows = await tx.rows(_GROUPS, {"numbers": sorted(set(numbers)), "known_at": known_at})
    roots: dict[str, str] = {}
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        roots[row.asked] = row.root
        found[row.asked].append(row.number)
    return {asked: Group(roots[asked], tuple(numbers)) for asked, numbers in found.items()}
