"""The draw over a million people: frozen, drawn, proved and drawn again, by the operations themselves."""

import json
import time
from datetime import UTC, datetime, timedelta

import asyncpg

from services.cpd.operations.audit import audits, proofs
from services.cpd.operations.audit.audits import AUDIT, Announcement
from services.cpd.operations.reference import load_reference
from services.cpd.storage.database import connect
from shared.actor import Actor
from shared.database import Database
from shared.draw import SeedKind, SeedSource, drawn, list_hash
from shared.idempotency import WithoutKey
from shared.postgres.urls import asyncpg_dsn
from shared.sampling import SizeRule
from tests.bench.databases import Databases
from tests.bench.rows import Row

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
SEED = "a seed that nobody knew when the list was frozen"
ASSOCIATIONS = ("ACEG", "AGCAS", "ICG", "NAEGA", "NISCA", "CDI")
ONE, TWO = (
    Actor(subject=name, client_id=name, scopes=frozenset({AUDIT})) for name in ("auditor-one", "auditor-two")
)

# Everybody in one association, a quarter in a second one; one in a hundred is new.
_PEOPLE = """
INSERT INTO memberships (position, number, association, level, valid_from, known_from)
SELECT 2 * n, 'CR' || lpad(n::text, 8, '0'), ($2::text[])[1 + n % 6], 'professional', date '2015-01-01', now()
FROM generate_series(1, $1::integer) n
UNION ALL
SELECT 2 * n + 1, 'CR' || lpad(n::text, 8, '0'), ($2::text[])[1 + (n + 1) % 6], 'professional',
    date '2015-01-01', now() FROM generate_series(1, $1::integer, 4) n
"""
_MOVES = """
INSERT INTO register_moves (position, number, moved_on, entered, known_from)
SELECT 2 * n, 'CR' || lpad(n::text, 8, '0'),
    CASE WHEN n % 100 = 0 THEN date '2026-01-01' ELSE date '2016-01-01' END, true, now()
FROM generate_series(1, $1::integer) n
"""


async def measure(database: Databases, *, many: int) -> list[Row]:
    """Freeze, draw and prove once; the draw is compared with the same in Python over the proof."""
    urls = await database("draw", "cpd")
    db = connect(urls.app)
    try:
        await _people(urls.owner, many)
        await load_reference(db, now=NOW)
        source = SeedSource(kind=SeedKind.GIVEN, where="a benchmark", expected_at=NOW + timedelta(hours=1))
        strata: list[tuple[str, SizeRule | None]] = [(each, None) for each in ASSOCIATIONS]
        announced = Announcement(title="A benchmark", source=source, strata=strata)
        audit = await audits.announce(db, WithoutKey(), announced=announced, actor=ONE, now=NOW)
        began = time.perf_counter()
        await audits.freeze(db, WithoutKey(), audit_id=audit.id, actor=ONE, now=NOW)
        froze = time.perf_counter() - began
        later = NOW + timedelta(hours=2)
        await audits.enter_seed(
            db, WithoutKey(), audit_id=audit.id, seed=SEED, born_at=later, actor=ONE, now=later
        )
        began = time.perf_counter()
        held = await audits.draw(db, WithoutKey(), audit_id=audit.id, actor=TWO, now=later)
        drew = time.perf_counter() - began
        return [*await _proved(db, held.id, drew, many), Row(f"freeze, {many:,} people", f"{froze:.1f} s")]
    finally:
        await db.close()


async def _people(owner_url: str, many: int) -> None:
    owner = await asyncpg.connect(asyncpg_dsn(owner_url))
    await owner.execute(_PEOPLE, many, list(ASSOCIATIONS))
    await owner.execute(_MOVES, many)
    await owner.execute("VACUUM ANALYZE")
    await owner.close()


async def _proved(db: Database, audit_id: int, drew: float, many: int) -> list[Row]:
    """Read the whole proof, draw again from it in Python, and compare who was drawn."""
    began = time.perf_counter()
    people = {salted: of async for salted, of in proofs.listed(db, audit_id=audit_id)}
    read = time.perf_counter() - began
    held = await proofs.proof(db, audit_id=audit_id)
    if held.freeze is None or list_hash(people) != held.freeze.list_hash:
        raise RuntimeError("the list is not the one that was frozen")
    sizes = {association: size for association, (_, size) in held.freeze.sizes.items()}
    began = time.perf_counter()
    again = drawn(people, sizes, SEED)
    repeated = time.perf_counter() - began
    samples = await db.fetch(
        "SELECT s.association, p.salted_id FROM audit_samples s JOIN audit_people p USING (audit_id, number)"
        " ORDER BY s.association, s.place"
    )
    if [tuple(row) for row in samples] != [(a, one) for a in sorted(again) for one in again[a]]:
        raise RuntimeError("drawn again, others are drawn")
    people_drawn = len({one for sample in again.values() for one in sample})
    megabytes = len(json.dumps(people)) / 1e6
    return [
        Row(
            f"draw, {many:,} people, with a case for each",
            f"{drew:.1f} s",
            f"drawn again in Python: {repeated:.1f} s",
            drew / repeated,
        ),
        Row(
            "people drawn for the places in samples",
            f"{people_drawn:,}",
            f"{len(samples):,} places",
            people_drawn / len(samples),
        ),
        Row(f"proof, {megabytes:.0f} MB, read", f"{read:.1f} s"),
    ]
