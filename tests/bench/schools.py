"""Schools: the whole register of them loaded from its file, and the marks of ten thousand in one call."""

import csv
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median

import asyncpg

from services.kitemark.operations.awards import marks, sample
from services.kitemark.operations.awards.awards import Item, Told, upsert_batch
from services.kitemark.operations.awards.marks import Axes
from services.kitemark.operations.establishments.loading import load_files
from services.kitemark.operations.shipped import load
from services.kitemark.storage.database import connect
from shared.database import Database
from shared.idempotency import WithoutKey
from shared.postgres.urls import asyncpg_dsn
from tests.bench.databases import Databases
from tests.bench.rows import Row

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
SCHOOLS, MARKS, BATCH = 52_000, 10_000, 200
HEADER = (
    "URN", "EstablishmentName", "EstablishmentStatus (name)", "OpenDate", "CloseDate", "LA (code)",
    "LA (name)", "EstablishmentNumber", "UKPRN", "TypeOfEstablishment (name)", "PhaseOfEducation (name)",
    "GOR (code)", "Town", "Postcode",
)  # fmt: skip


async def measure(database: Databases, *, rounds: int) -> list[Row]:
    """Load a made-up file, load it again, ask for marks; COPY of the same values is measured beside it."""
    urls = await database("schools", "kitemark")
    db = connect(urls.app)
    try:
        with tempfile.TemporaryDirectory() as folder:
            file = _file(Path(folder) / "edubasealldata.csv")
            await load(db, now=NOW)
            await sample.load_sample(db, now=NOW)
            began = time.perf_counter()
            await load_files(db, file, None, dry_run=False, now=NOW)
            new = time.perf_counter() - began
            began = time.perf_counter()
            await load_files(db, file, None, dry_run=False, now=NOW)
            same = time.perf_counter() - began
            copied = await _copied(urls.owner, file)
        return [
            Row(f"{SCHOOLS:,} schools loaded, all new", f"{new:.2f} s", f"COPY {copied:.2f} s", copied / new),
            Row(f"{SCHOOLS:,} schools loaded again", f"{same:.2f} s", f"COPY {copied:.2f} s", copied / same),
            *await _marks(db, rounds),
        ]
    finally:
        await db.close()


def _values(place: int) -> tuple[str, ...]:
    closed = "31-08-2020" if place % 5 == 0 else ""
    status = "Closed" if closed else "Open"
    return (
        str(100_000 + place), f"School {place} of Somewhere", status, "01-09-1990", closed,
        f"{200 + place % 150}", f"Authority {place % 150}", f"{place % 10_000:04}", f"{10_000_000 + place}",
        "Community school",
        "Secondary" if place % 3 else "Primary", "ABDEFGHJK"[place % 9], "Somewhere", "ZZ1 1ZZ",
    )  # fmt: skip


def _file(path: Path) -> Path:
    with path.open("w", encoding="cp1252", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        writer.writerows(_values(place) for place in range(SCHOOLS))
    return path


async def _copied(owner_url: str, file: Path) -> float:
    """Return the seconds that COPY of the same values takes, into a table with the same first index."""
    owner = await asyncpg.connect(asyncpg_dsn(owner_url))
    columns = ", ".join(f"c{place} text" for place in range(len(HEADER)))
    await owner.execute(f"CREATE TABLE bare ({columns}, PRIMARY KEY (c0))")
    began = time.perf_counter()
    await owner.copy_to_table("bare", source=file, format="csv", header=True)
    seconds = time.perf_counter() - began
    await owner.close()
    return seconds


async def _marks(db: Database, rounds: int) -> list[Row]:
    """Give an award to every second of ten thousand schools, and ask for the marks of all."""
    held = [str(100_000 + place) for place in range(0, MARKS, 2)]
    for start in range(0, len(held), BATCH):
        items = [
            Item(
                external_id=f"B-{urn}",
                told=Told(
                    external_id=f"B-{urn}",
                    school=urn,
                    scheme="SAMPLE-1",
                    stage="full",
                    valid_from=date(2025, 9, 1),
                ),
            )
            for urn in held[start : start + BATCH]
        ]
        await upsert_batch(db, WithoutKey(), items=items, actor=sample.SYSTEM, now=NOW)
    asked = [str(100_000 + place) for place in range(MARKS)]
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        await marks.batch(db, schools=asked, axes=Axes(), now=NOW)
        seconds.append(time.perf_counter() - began)
    began = time.perf_counter()
    await marks.batch(db, schools=asked[:1], axes=Axes(), now=NOW)
    one = time.perf_counter() - began
    many = median(seconds)
    return [
        Row(
            f"marks of {MARKS:,} schools",
            f"{many * 1e6 / MARKS:.0f} µs a school",
            f"one school {one * 1e3:.1f} ms",
        ),
        Row(
            f"marks of {MARKS:,} schools against one",
            f"{many * 1e3:.0f} ms",
            f"{one * 1e3:.1f} ms",
            many / one,
        ),
    ]
