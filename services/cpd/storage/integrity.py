"""What must never be found in the database: one question for each way in which an invariant could be broken.

The questions do not trust the constraints that should make them needless: they look at the rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from services.cpd.storage.tables import journal
from shared.database import Transaction
from shared.journal import Line, read_after

MOST_ROWS = 20
FACT_TABLES = ("entries", "pauses", "returns", "commitments")


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A question that a sound database answers with no row; each row is one column of text."""

    invariant: str
    name: str
    sql: str


def _every(sql: str) -> str:
    return " UNION ALL ".join(sql.replace("{table}", table) for table in FACT_TABLES)


QUESTIONS = (
    Question(
        invariant="I7",
        name="a fact known in two versions at once",
        sql=_every(
            "SELECT format('{table} %s and %s', a.row_id, b.row_id) FROM {table} a JOIN {table} b"
            " ON a.id = b.id AND a.row_id < b.row_id AND a.known && b.known"
        ),
    ),
    Question(
        invariant="I6",
        name="a fact without a journal line",
        sql=_every(
            "SELECT format('{table} %s', row_id) FROM {table} f"
            " WHERE NOT EXISTS (SELECT FROM journal j WHERE j.txid = f.txid)"
        ),
    ),
    Question(
        invariant="I16",
        name="an association's entry recorded twice",
        sql="""
        SELECT format('entries %s and %s', a.id, b.id) FROM entries a JOIN entries b
        ON a.association = b.association AND a.entry_id = b.entry_id AND a.id < b.id
        AND upper_inf(a.known) AND upper_inf(b.known)
        """,
    ),
    Question(
        invariant="I16",
        name="an entry of somebody who was never a member",
        sql="""
        SELECT format('entry %s', e.id) FROM entries e WHERE upper_inf(e.known)
        AND NOT EXISTS (SELECT FROM memberships m WHERE m.association = e.association AND m.number = e.number)
        AND NOT EXISTS (SELECT FROM merges WHERE e.number IN (merges.number, merges.kept_number))
        """,
    ),
    Question(
        invariant="I16",
        name="a year declared twice to one association",
        sql="""
        SELECT format('returns %s and %s', a.id, b.id) FROM returns a JOIN returns b
        ON a.association = b.association AND a.number = b.number AND a.id < b.id
        AND a.valid && b.valid AND upper_inf(a.known) AND upper_inf(b.known)
        """,
    ),
    Question(
        invariant="I13",
        name="a line of the register applied and not counted as followed",
        sql="""
        SELECT format('position %s', position) FROM (
            SELECT position FROM memberships UNION ALL SELECT position FROM register_moves
            UNION ALL SELECT position FROM merges) told
        WHERE position > (SELECT coalesce(max(position), 0) FROM followed WHERE source = 'register')
        """,
    ),
)


async def ask(tx: Transaction, question: Question) -> Sequence[str]:
    """Return the first rows that should not be there."""
    found = await tx.rows(text(f"{question.sql} LIMIT {MOST_ROWS}"))
    return [row[0] for row in found]


async def journal_lines(tx: Transaction, *, after: int, limit: int) -> Sequence[Line]:
    """Return lines of the journal that follow a position."""
    return await read_after(tx, journal, after=after, limit=limit)
