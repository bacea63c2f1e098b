"""The rules by which records are shown, erased and forgotten, one for each table that knows a person.

They are data of the migrations: whoever adds a table that knows people says with it, by ``record_rule``,
whose its rows are, what of them an association sees, what an erasure takes away and what stays. The running
role reads them and cannot change them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select

from services.register.storage.rights.tables import record_rules
from shared.database import Transaction
from shared.journal import Record

# A parameter that a condition does not use has its type all the same.
_GIVEN = "WITH given AS (SELECT $1::bigint[], $2::text[], $3::text)"


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordRule:
    """What holds for the rows of one table. The conditions are SQL: see the migration that wrote them."""

    relation: str
    record_class: str
    read_from: str
    rows_of: str
    association_sees: str | None
    hides: tuple[str, ...]
    open_when: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """The person that is asked about: every row of theirs, the kept one first, with every number."""

    ids: tuple[int, ...]
    numbers: tuple[str, ...]

    @property
    def number(self) -> str:
        """The number that is kept."""
        return self.numbers[0]


async def rules(tx: Transaction) -> list[RecordRule]:
    """Return the rule of every table."""
    names = RecordRule.__dataclass_fields__
    rows = await tx.rows(
        select(*(record_rules.c[name] for name in names)).order_by(
            record_rules.c.record_class, record_rules.c.relation
        )
    )
    return [RecordRule(**dict(row._mapping) | {"hides": tuple(row.hides)}) for row in rows]


async def held(
    tx: Transaction, rule: RecordRule, subject: Subject, *, association: str | None
) -> list[dict[str, Any]]:
    """Return the rows of a table that are the person's, superseded versions too; None is everybody's view."""
    seen = "true" if association is None else rule.association_sees or "false"
    rows = await tx.driver.fetch(
        f"{_GIVEN} SELECT (to_jsonb(shown) - $4::text[])::text"  # noqa: S608 - the rules are the owner's
        f" FROM (SELECT * FROM {rule.read_from} WHERE ({rule.rows_of}) AND ({seen})) AS shown ORDER BY 1",
        list(subject.ids),
        list(subject.numbers),
        association,
        list(rule.hides),
    )
    return [orjson.loads(row[0]) for row in rows]


async def open_matters(tx: Transaction, subject: Subject) -> Sequence[str]:
    """Return the tables in which something about the person waits for a decision."""
    found = []
    for rule in await rules(tx):
        if rule.open_when is not None:
            waiting = await tx.driver.fetch(
                f"{_GIVEN} SELECT FROM {rule.relation} WHERE ({rule.rows_of}) AND ({rule.open_when}) LIMIT 1",
                list(subject.ids),
                list(subject.numbers),
                None,
            )
            found += [rule.relation] if waiting else []
    return found


async def erase(tx: Transaction, erasure_id: int, *, record: Record) -> None:
    """Take away what an erasure that was confirmed takes away, in every table and every version."""
    await tx.driver.execute("SELECT erase_person($1, $2)", erasure_id, record.at)
    tx.record(record)


async def forgettable(tx: Transaction) -> frozenset[str]:
    """Return the classes of which something can be outlived."""
    chosen = select(record_rules.c.record_class).where(record_rules.c.outlived.is_not(None)).distinct()
    return frozenset(row.record_class for row in await tx.rows(chosen))


async def count_outlived(tx: Transaction, record_class: str, *, before: datetime) -> int:
    """Return how much of a class is outlived and still there."""
    return await _forget(tx, record_class, before=before, rehearsing=True)


async def forget(
    tx: Transaction, record_class: str, *, before: datetime, record: Callable[[int], Record]
) -> int:
    """Delete what of a class is outlived and return how much that was, which is what ``record`` is given."""
    found = await _forget(tx, record_class, before=before, rehearsing=False)
    if found:
        tx.record(record(found))
    return found


async def _forget(tx: Transaction, record_class: str, *, before: datetime, rehearsing: bool) -> int:
    found: int = await tx.driver.fetchval(
        "SELECT forget_outlived($1, $2, $3)", record_class, before, rehearsing
    )
    return found
