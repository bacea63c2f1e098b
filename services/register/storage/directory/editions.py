"""Drafts and editions: a draft is a document that changes, a published edition is a document and its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from services.register.domain.directory.course_fact import CourseFact, FactKind, facts_of
from services.register.domain.directory.edition import Edition
from services.register.storage.directory import tables
from shared.database import Transaction
from shared.journal import Record

# One edition at a time is published, so that each follows the one that is the latest.
PUBLISHING = 0x64697265


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """An edition that is being worked on, and by whom."""

    code: str
    document: Mapping[str, Any]
    based_on: str | None
    worked_on_by: Sequence[str]
    changed_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedEdition:
    """An edition without its content; nobody worked on one that came with the register."""

    code: str
    title: str
    revision: int
    published_in: date
    published_at: datetime


async def lock_publishing(tx: Transaction) -> None:
    """Wait until nobody else publishes."""
    await tx.execute(select(func.pg_advisory_xact_lock(PUBLISHING)))


async def latest(tx: Transaction) -> PublishedEdition | None:
    """Return the edition that was published last, or None."""
    row = await tx.row(_heads().order_by(tables.editions.c.revision.desc()).limit(1))
    return None if row is None else _head(row)


async def find(tx: Transaction, code: str) -> PublishedEdition | None:
    """Return an edition, or None."""
    row = await tx.row(_heads().where(tables.editions.c.code == code))
    return None if row is None else _head(row)


async def document(tx: Transaction, code: str) -> Mapping[str, Any] | None:
    """Return an edition word for word as it was published, or None."""
    found: Mapping[str, Any] | None = await tx.scalar(
        select(tables.editions.c.document).where(tables.editions.c.code == code)
    )
    return found


async def page(tx: Transaction, *, below: int | None, limit: int) -> Sequence[PublishedEdition]:
    """Return editions, the latest first, below a revision."""
    chosen = _heads().order_by(tables.editions.c.revision.desc()).limit(limit)
    if below is not None:
        chosen = chosen.where(tables.editions.c.revision < below)
    return [_head(row) for row in await tx.rows(chosen)]


async def publish(
    tx: Transaction, edition: Edition, *, worked_on_by: Sequence[str], published_by: str, record: Record
) -> None:
    """Write an edition and its rows, for good."""
    await tx.execute(
        insert(tables.editions).values(
            code=edition.code,
            title=edition.title,
            revision=edition.revision,
            published_in=edition.published_in,
            document=dict(edition.document),
            worked_on_by=list(worked_on_by),
            published_by=published_by,
            published_at=record.at,
        )
    )
    for table, rows in (
        (tables.bodies, _bodies(edition)),
        (tables.courses, _courses(edition)),
        (tables.awards, _awards(edition)),
        (tables.statements, _statements(edition)),
        (tables.course_facts, _facts(edition)),
    ):
        if rows:
            await tx.execute(insert(table), rows)
    tx.record(record)


async def stored_facts(tx: Transaction, code: str) -> frozenset[CourseFact]:
    """Return the facts by which the courses of an edition are searched, as they are stored."""
    columns = tables.course_facts.c
    rows = await tx.rows(
        select(
            columns.course,
            columns.kind,
            columns.value,
            columns.region,
            columns.closeness,
            columns.holds,
            columns.firm,
        ).where(columns.edition == code)
    )
    return frozenset(CourseFact(**(row._asdict() | {"kind": FactKind(row.kind)})) for row in rows)


async def lock_draft(tx: Transaction, code: str) -> Draft | None:
    """Return a draft, locked until the transaction ends, or None."""
    return await _draft(tx, _drafts().where(tables.drafts.c.code == code).with_for_update())


async def find_draft(tx: Transaction, code: str) -> Draft | None:
    """Return a draft, or None."""
    return await _draft(tx, _drafts().where(tables.drafts.c.code == code))


async def page_of_drafts(tx: Transaction, *, after: str, limit: int) -> Sequence[Draft]:
    """Return drafts by their codes."""
    rows = await tx.rows(
        _drafts().where(tables.drafts.c.code > after).order_by(tables.drafts.c.code).limit(limit)
    )
    return [Draft(**row._mapping) for row in rows]


async def create_draft(tx: Transaction, draft: Draft, *, record: Record) -> bool:
    """Write a new draft; False when there is one of its code."""
    written = await tx.execute(
        insert(tables.drafts)
        .values(code=draft.code, based_on=draft.based_on, **_content(draft, record))
        .on_conflict_do_nothing(index_elements=["code"])
    )
    if written:
        tx.record(record)
    return bool(written)


async def replace_draft(tx: Transaction, draft: Draft, *, record: Record) -> None:
    """Write a draft in the place of the one that is locked."""
    changed = tables.drafts.update().where(tables.drafts.c.code == draft.code)
    await tx.execute(changed.values(**_content(draft, record)))
    tx.record(record)


async def drop_draft(tx: Transaction, code: str, *, record: Record) -> None:
    """Remove a draft that has become an edition; the record is that of its publication."""
    await tx.execute(delete(tables.drafts).where(tables.drafts.c.code == code))
    tx.record(record)


def _heads() -> Select[Any]:
    columns = tables.editions.c
    return select(
        columns.code,
        columns.title,
        columns.revision,
        columns.published_in,
        columns.published_at,
    )


def _head(row: Row[Any]) -> PublishedEdition:
    return PublishedEdition(**row._mapping)


def _drafts() -> Select[Any]:
    columns = tables.drafts.c
    return select(columns.code, columns.document, columns.based_on, columns.worked_on_by, columns.changed_at)


async def _draft(tx: Transaction, chosen: Select[Any]) -> Draft | None:
    row = await tx.row(chosen)
    return None if row is None else Draft(**row._mapping)


def _content(draft: Draft, record: Record) -> dict[str, Any]:
    return {
        "document": dict(draft.document),
        "worked_on_by": list(draft.worked_on_by),
        "changed_at": record.at,
    }


def _bodies(edition: Edition) -> list[dict[str, Any]]:
    return [
        {
            "edition": edition.code,
            "code": body.code,
            "position": position,
            "kind": body.kind.value,
            "region": body.region,
            "body": body.body,
        }
        for position, body in enumerate(edition.awarding_bodies)
    ]


def _courses(edition: Edition) -> list[dict[str, Any]]:
    return [
        {
            "edition": edition.code,
            "code": course.code,
            "position": position,
            "awarding_body": course.awarding_body,
            "title": course.title,
            "status": course.status.value,
            "body": course.body,
        }
        for position, course in enumerate(edition.courses)
    ]


def _awards(edition: Edition) -> list[dict[str, Any]]:
    return [
        {
            "edition": edition.code,
            "course": course.code,
            "position": position,
            "title": award.title,
            "framework": award.framework,
            "level": award.level,
            "qualification": award.qualification,
        }
        for course in edition.courses
        for position, award in enumerate(course.awards)
    ]


def _statements(edition: Edition) -> list[dict[str, Any]]:
    return [
        {
            "edition": edition.code,
            "position": position,
            "kind": statement.kind.value,
            "courses": list(statement.courses),
            "awarding_bodies": list(statement.awarding_bodies),
            "body": statement.body,
        }
        for position, statement in enumerate(edition.statements)
    ]


def _facts(edition: Edition) -> list[dict[str, Any]]:
    return [
        {
            "edition": edition.code,
            "course": fact.course,
            "kind": fact.kind.value,
            "value": str(fact.value),
            "region": fact.region,
            "closeness": fact.closeness,
            "holds": fact.holds,
            "firm": fact.firm,
        }
        for fact in facts_of(edition)
    ]
