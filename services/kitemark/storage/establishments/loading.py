"""A file of establishments ↔ rows: staged by COPY, compared and written by one statement for each step."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, fields
from datetime import datetime

from services.kitemark.domain.establishments.gias import Establishment, Link, words_of
from shared.database import Transaction
from shared.journal import Record

_COLUMNS = tuple(each.name for each in fields(Establishment))
_SAID = ", ".join(_COLUMNS)
_HELD = ", ".join(f"e.{name}" for name in _COLUMNS)
_STAGED = ", ".join(f"s.{name}" for name in _COLUMNS)

STAGE = """
CREATE TEMPORARY TABLE staged_establishments (
    LIKE establishments INCLUDING DEFAULTS, line bigint GENERATED ALWAYS AS IDENTITY) ON COMMIT DROP;
ALTER TABLE staged_establishments DROP COLUMN known_from;
CREATE TEMPORARY TABLE staged_links (number text, linked text, kind text, since date) ON COMMIT DROP;
"""
ONE_OF_EACH = """
DELETE FROM staged_establishments s USING staged_establishments t
WHERE s.number = t.number AND s.line < t.line
"""
INDEX = "CREATE UNIQUE INDEX ON staged_establishments (number); ANALYZE staged_establishments"
CHANGED = f"""
SELECT s.number, s.name, s.status AS status, e.status AS was, e.name AS named
FROM staged_establishments s LEFT JOIN establishments e USING (number)
WHERE e.number IS NULL OR ({_HELD}) IS DISTINCT FROM ({_STAGED})
"""  # noqa: S608 - the names of our own columns
KEEP_FORMER = f"""
INSERT INTO former_establishments (number, known, body)
SELECT e.number, tstzrange(e.known_from, greatest($1, e.known_from + interval '1 microsecond')),
    to_jsonb(e) - 'words' - 'known_from'
FROM establishments e JOIN staged_establishments s USING (number)
WHERE ({_HELD}) IS DISTINCT FROM ({_STAGED})
"""  # noqa: S608 - the names of our own columns
WRITE = f"""
INSERT INTO establishments AS e ({_SAID}, words, known_from)
SELECT {_SAID}, words, $1 FROM staged_establishments
ON CONFLICT (number) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[1:])},
    words = excluded.words,
    known_from = greatest(excluded.known_from, e.known_from + interval '1 microsecond')
WHERE ({_HELD}) IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in _COLUMNS)})
"""  # noqa: S608 - the names of our own columns
NEW_LINKS = """
SELECT count(*) FROM (SELECT DISTINCT number, linked, kind, since FROM staged_links) s
LEFT JOIN establishment_links l USING (number, linked, kind)
WHERE l.number IS NULL OR l.since IS DISTINCT FROM s.since
"""
WRITE_LINKS = """
INSERT INTO establishment_links AS l (number, linked, kind, since, known_from)
SELECT DISTINCT ON (number, linked, kind) number, linked, kind, since, $1 FROM staged_links
ORDER BY number, linked, kind, since
ON CONFLICT (number, linked, kind) DO UPDATE SET since = excluded.since, known_from = excluded.known_from
WHERE l.since IS DISTINCT FROM excluded.since
"""
HOLD = "SELECT pg_advisory_xact_lock(hashtextextended('establishments', 3))"


async def begin(tx: Transaction) -> None:
    """Make room for a file; one file is loaded at a time."""
    await tx.driver.execute(HOLD)
    await tx.driver.execute(STAGE)


async def stage(tx: Transaction, rows: Sequence[Establishment]) -> None:
    """Put some rows of the file beside what is known."""
    await tx.driver.copy_records_to_table(
        "staged_establishments",
        records=[(*astuple(each), words_of(each.name)) for each in rows],
        columns=(*_COLUMNS, "words"),
    )


async def stage_links(tx: Transaction, rows: Sequence[Link]) -> None:
    """Put some rows of the file of links beside what is known."""
    records = [(each.number, each.linked, each.kind, each.since) for each in rows]
    await tx.driver.copy_records_to_table("staged_links", records=records)


async def compare(tx: Transaction) -> Counter[str]:
    """Return how many establishments are new, closed, reopened, renamed or otherwise changed, and links."""
    await tx.driver.execute(ONE_OF_EACH)
    await tx.driver.execute(INDEX)
    counts: Counter[str] = Counter()
    for row in await tx.driver.fetch(CHANGED):
        counts[_what(row["was"], row["status"], row["named"], row["name"])] += 1
    counts["staged"] = await tx.driver.fetchval("SELECT count(*) FROM staged_establishments")
    counts["links"] = await tx.driver.fetchval(NEW_LINKS)
    return counts


async def write(tx: Transaction, *, at: datetime, record: Record) -> None:
    """Write what differs; what stood before stays readable."""
    await tx.driver.execute(KEEP_FORMER, at)
    await tx.driver.execute(WRITE, at)
    await tx.driver.execute(WRITE_LINKS, at)
    tx.record(record)


def _what(was: str | None, status: str, named: str | None, name: str) -> str:
    """Return what one changed row is counted as."""
    if was is None:
        return "new"
    closed_then, closed_now = was == "Closed", status == "Closed"
    if closed_then != closed_now:
        return "closed" if closed_now else "reopened"
    return "renamed" if named != name else "changed"
