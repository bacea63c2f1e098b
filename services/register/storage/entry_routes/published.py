"""Standards suites and competence policies as they were published: written once, never changed."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.dialects.postgresql import insert

from services.register.storage.entry_routes.tables import competence_policies, standards_suites
from shared.database import Transaction
from shared.journal import Record


async def save_suite(tx: Transaction, body: Mapping[str, Any], *, record: Record) -> bool:
    """Write a suite; False when there is one with its code.

    Raises the refusal for a name and version that another code has already.
    """
    named = {"name": body["name"], "version": body["version"]}
    return await _save(tx, standards_suites, body, named, record=record)


async def save_policy(tx: Transaction, body: Mapping[str, Any], *, record: Record) -> bool:
    """Write a competence policy; False when there is one with its code."""
    return await _save(tx, competence_policies, body, {"suite": body["suite"]}, record=record)


async def suite(tx: Transaction, code: str) -> Mapping[str, Any] | None:
    """Return a suite, or None."""
    return await _find(tx, standards_suites, code)


async def policy(tx: Transaction, code: str) -> Mapping[str, Any] | None:
    """Return a competence policy, or None."""
    return await _find(tx, competence_policies, code)


async def suites(tx: Transaction, *, after: str, limit: int) -> Sequence[Mapping[str, Any]]:
    """Return suites by code."""
    return await _page(tx, standards_suites, after=after, limit=limit)


async def policies(tx: Transaction, *, after: str, limit: int) -> Sequence[Mapping[str, Any]]:
    """Return competence policies by code."""
    return await _page(tx, competence_policies, after=after, limit=limit)


async def standards(tx: Transaction) -> frozenset[tuple[str, str]]:
    """Return the (suite, standard) pairs of every suite."""
    rows = await tx.driver.fetch(
        "SELECT code, standard ->> 'code'"
        " FROM standards_suites, jsonb_array_elements(body -> 'standards') standard"
    )
    return frozenset((row[0], row[1]) for row in rows)


async def _save(
    tx: Transaction, table: Table, body: Mapping[str, Any], named: Mapping[str, str], *, record: Record
) -> bool:
    written = await tx.execute(
        insert(table)
        .values(code=body["code"], body=dict(body), **named)
        .on_conflict_do_nothing(index_elements=["code"])
    )
    if written:
        tx.record(record)
    return bool(written)


async def _find(tx: Transaction, table: Table, code: str) -> Mapping[str, Any] | None:
    found: Mapping[str, Any] | None = await tx.scalar(select(table.c.body).where(table.c.code == code))
    return found


async def _page(tx: Transaction, table: Table, *, after: str, limit: int) -> Sequence[Mapping[str, Any]]:
    rows = await tx.rows(select(table.c.body).where(table.c.code > after).order_by(table.c.code).limit(limit))
    return [row.body for row in rows]
