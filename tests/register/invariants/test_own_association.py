"""I9: no association writes what is another's, even where the service's own check is left out."""

import pytest
from sqlalchemy.exc import DBAPIError

from services.register.operations.members import tell, tellers
from tests.clones import execute
from tests.register import make
from tests.register.conftest import Register
from tests.register.test_people import ACEG, ICG, NOW, TELLING

GUARDED = """
SELECT c.relname AS name, c.relrowsecurity AS guarded,
    (SELECT count(*) FROM pg_policies p WHERE p.tablename = c.relname AND p.cmd IN ('INSERT', 'UPDATE')) AS n
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attname = 'association'
"""


async def unguarded(register: Register) -> set[str]:
    """Return the tables of associations' data that have no policy on who may write."""
    rows = await register.db.fetch(GUARDED)
    assert rows
    return {row["name"] for row in rows if not row["guarded"] or row["n"] < 2}


async def tell_in_anothers_name(register: Register) -> None:
    """Write a member of the first association as the second, past the service's own check."""
    async with register.db.transaction(ACEG) as tx:
        told = await tellers(tx, ICG, now=NOW)
        await tell(tx, told, member_id="1", telling=TELLING)


async def test_every_table_of_an_associations_data_has_its_policies(register: Register) -> None:
    assert await unguarded(register) == set()


async def test_without_our_check_and_without_the_policies_a_foreign_write_goes_through(
    register: Register,
) -> None:
    """The fault that shows that it is the policies that refuse it, and that a missing one is seen."""
    with pytest.raises(DBAPIError, match="row-level security"):
        await tell_in_anothers_name(register)
    assert await make.journal(register) == []
    tables = ("member_ids", "memberships")
    for table in tables:
        await execute(
            register.urls.owner,
            f"DROP POLICY own_inserts ON {table}",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        )
    await tell_in_anothers_name(register)
    assert [event for event, _ in await make.journal(register)] == ["member.recorded", "membership.recorded"]
    assert await unguarded(register) == set(tables)
