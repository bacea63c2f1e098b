"""What must never be found in the database: one question for each way in which an invariant could be broken.

The questions do not trust the constraints that should make them needless: they look at the rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from services.kitemark.storage.tables import journal
from shared.database import Transaction
from shared.journal import Line, read_after

MOST_ROWS = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A question that a sound database answers with no row; each row is one column of text."""

    invariant: str
    name: str
    sql: str


def of_facts(*tables: str) -> tuple[Question, ...]:
    """Return what is asked of every table of dated facts, of these tables."""

    def every(sql: str) -> str:
        return " UNION ALL ".join(sql.replace("{table}", table) for table in tables)

    return (
        Question(
            invariant="I7",
            name="a fact known in two versions at once",
            sql=every(
                "SELECT format('{table} %s and %s', a.row_id, b.row_id) FROM {table} a JOIN {table} b"
                " ON a.id = b.id AND a.row_id < b.row_id AND a.known && b.known"
            ),
        ),
        Question(
            invariant="I6",
            name="a fact without a journal line",
            sql=every(
                "SELECT format('{table} %s', row_id) FROM {table} f"
                " WHERE NOT EXISTS (SELECT FROM journal j WHERE j.txid = f.txid)"
            ),
        ),
    )


async def ask(tx: Transaction, question: Question) -> Sequence[str]:
    """Return the first rows that should not be there."""
    found = await tx.rows(text(f"{question.sql} LIMIT {MOST_ROWS}"))
    return [row[0] for row in found]


async def journal_lines(tx: Transaction, *, after: int, limit: int) -> Sequence[Line]:
    """Return lines of the journal that follow a position."""
    return await read_after(tx, journal, after=after, limit=limit)
