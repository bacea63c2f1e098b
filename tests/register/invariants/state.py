"""Everything that is stored, as a few digests: equal digests mean that nothing was changed."""

from tests.register.conftest import Register

FACTS = ("memberships", "holdings", "merges", "register_entries", "licences", "licence_scopes", "sanctions")
TABLES = (
    "people",
    "previous_names",
    "member_ids",
    *FACTS,
    "code_acceptances",
    "possible_duplicates",
    "applications",
    "public_entries",
    "journal",
    "idempotency_keys",
)


async def digests(register: Register) -> dict[str, str]:
    """Return the digest of each table."""
    queries = " UNION ALL ".join(
        f"SELECT '{table}' AS name, md5(coalesce(string_agg(r::text, '|' ORDER BY r::text), '')) AS digest"
        f" FROM {table} r"
        for table in TABLES
    )
    return {row["name"]: row["digest"] for row in await register.db.fetch(queries)}


async def transactions(register: Register) -> int:
    """Return how many transactions have written journal lines."""
    rows = await register.db.fetch("SELECT count(DISTINCT txid) AS number FROM journal")
    number: int = rows[0]["number"]
    return number
