"""I9, the second line of reads: with the service's own check switched off, the database still refuses."""

import pytest

from services.register.domain.member import NoSuchMember
from services.register.domain.member_import import NoSuchImport
from services.register.operations import imports, member_records
from services.register.operations.rights import disclosures
from shared.actor import Actor
from tests.clones import execute
from tests.register import make
from tests.register.conftest import Register
from tests.register.make_licences import applicant
from tests.register.member_files import csv_file, imported, row

ICG, ACEG = (
    Actor(subject=each, client_id=each, scopes=frozenset({"members:write"}), association=each)
    for each in ("ICG", "ACEG")
)
TABLES = ("member_ids", "applications", "imports", "import_chunks", "import_mappings", "row_fingerprints")


async def seen_by(register: Register, actor: Actor | None) -> dict[str, int]:
    """Return how many rows of each table a reader sees who is kept back by nothing but the database."""
    async with register.db.reading(actor) as tx:
        return {name: await tx.driver.fetchval(f"SELECT count(*) FROM {name}") for name in TABLES}


async def ask_for_anothers(register: Register) -> None:
    """Ask as one association for what is the other's, past the service's own check."""
    now = register.clock.now
    with pytest.raises(NoSuchMember):
        await member_records.get(register.db, association="ICG", member_id="1", actor=ACEG, now=now)
    with pytest.raises(NoSuchImport):
        await imports.get(register.db, import_id=1, actor=ACEG)


async def test_what_is_anothers_is_not_there_even_without_our_check(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, _ = await applicant(register, "1")
    await imported(register, csv_file(row(7)))
    await register.http.put(
        "/v1/import-mappings/usual",
        json={"columns": {"Nr": "member_id"}},
        headers=make.association_headers("ICG"),
    )
    assert min((await seen_by(register, ICG)).values()) > 0
    assert await seen_by(register, None) == await seen_by(register, ICG)
    assert set((await seen_by(register, ACEG)).values()) == {0}
    for module in (member_records, imports):
        monkeypatch.setattr(module, "own_association", lambda _: "ICG")
    await ask_for_anothers(register)
    assert await disclosures.page(register.db, number=number, actor=ICG, after=None, limit=1)
    # The fault that shows that it is the policies that refuse.
    for table in ("member_ids", "imports"):
        await execute(
            register.urls.owner,
            f"DROP POLICY own_reads ON {table}",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        )
    with pytest.raises(pytest.fail.Exception):
        await ask_for_anothers(register)
