"""Locks by name, so that what is not there yet can be held too until a transaction ends."""

from collections.abc import Iterable

from sqlalchemy import text

from shared.database import Transaction


async def hold(tx: Transaction, kind: str, names: Iterable[str]) -> None:
    """Let nobody else write what these names stand for, known or new, until the transaction ends."""
    # One statement over a sorted list: two callers take the same locks in the same order.
    await tx.execute(
        text(
            "SELECT count(pg_advisory_xact_lock(hashtextextended(name, 0)))"
            " FROM unnest(CAST(:names AS text[])) WITH ORDINALITY AS held (name, place)"
        ),
        {"names": sorted({f"{kind}\n{each}" for each in names})},
    )


async def speak_for(tx: Transaction, body: str | None) -> None:
    """Let the database keep this transaction to one body's lists; None is the panel, who writes in all."""
    await tx.execute(text("SELECT set_config('app.body', :name, true)"), {"name": body or ""})
