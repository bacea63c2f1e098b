"""Providers and what became of them: every version is kept, the newest open."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, insert, literal, select
from sqlalchemy.dialects.postgresql import Range

from services.kitemark.domain.providers.provider import Circumstance, Closing, Outcome, Provider, Sector
from services.kitemark.storage.facts import (
    ONE_DAY,
    as_known,
    assert_fact,
    correct_fact,
    days,
    first_day,
    on_day,
)
from services.kitemark.storage.providers.tables import accreditations, provider_closings, providers
from shared.database import Transaction
from shared.journal import Record

# What is told of a provider has no days of its own: the days stand in its circumstances.
ALWAYS: Range[date] = Range(None, None, bounds="()")


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldProvider:
    """A provider as it is or was known; ``recorded_by`` is the body that told of it, None the panel."""

    ukprn: str
    recorded_by: str | None
    provider: Provider
    known_from: datetime
    version: Row[Any]


async def find(tx: Transaction, ukprn: str, *, known_at: datetime | None = None) -> HeldProvider | None:
    """Return a provider as it was known, or None."""
    return (await find_many(tx, [ukprn], known_at=known_at)).get(ukprn)


async def find_many(
    tx: Transaction, ukprns: Collection[str], *, known_at: datetime | None = None
) -> Mapping[str, HeldProvider]:
    """Return by UKPRN the providers that were known."""
    rows = await tx.rows(
        select(providers).where(
            providers.c.subject == func.any(sorted(set(ukprns))), as_known(providers, known_at)
        )
    )
    return {row.subject: _held(row) for row in rows}


async def record_new(
    tx: Transaction,
    told: Mapping[str, Provider],
    *,
    recorded_by: str | None,
    record: Callable[[str], Record],
) -> None:
    """Write providers that were not known, by UKPRN; ``record`` takes each UKPRN and says what happened."""
    records = [record(ukprn) for ukprn in told]
    rows = [
        {
            "subject": ukprn,
            "valid": ALWAYS,
            "known": Range(of.at, None, bounds="[)"),
            "recorded_by": recorded_by,
            **_content(each),
        }
        for (ukprn, each), of in zip(told.items(), records, strict=True)
    ]
    if rows:
        await tx.execute(insert(providers), rows)
    for each in records:
        tx.record(each)


async def change(tx: Transaction, held: HeldProvider, told: Provider, *, record: Record) -> None:
    """Write the next version of what is told of a provider; those before stay readable."""
    await correct_fact(tx, providers, held.version, record=record, **_content(told))


async def page(
    tx: Transaction,
    *,
    name: str | None,
    local_authority: str | None,
    standard: str | None,
    day: date,
    after: str,
    limit: int,
) -> Sequence[HeldProvider]:
    """Return providers by UKPRN: with a text in a name, of an area, accredited to a standard on a day."""
    chosen = select(providers).where(providers.c.subject > after, as_known(providers, None))
    if name is not None:
        chosen = chosen.where(providers.c.search_key.contains(search_key(name), autoescape=True))
    if local_authority is not None:
        chosen = chosen.where(literal(local_authority) == func.any(providers.c.local_authorities))
    if standard is not None:
        told = accreditations.c
        chosen = chosen.where(
            select(told.row_id)
            .where(
                told.subject == providers.c.subject,
                told.standard == standard,
                on_day(accreditations, day),
                func.coalesce(told.withdrawn_on > day, True),
                # Without an end it is known to hold for as long as its source listed it.
                ~func.upper_inf(told.valid) | func.coalesce(told.confirmed_on >= day, False),
                as_known(accreditations, None),
            )
            .exists()
        )
    return [_held(row) for row in await tx.rows(chosen.order_by(providers.c.subject).limit(limit))]


async def ukprns_after(
    tx: Transaction, after: str, *, known_at: datetime | None, limit: int
) -> Sequence[str]:
    """Return the UKPRNs of providers that were known, in order."""
    rows = await tx.rows(
        select(providers.c.subject)
        .where(providers.c.subject > after, as_known(providers, known_at))
        .order_by(providers.c.subject)
        .limit(limit)
    )
    return [row.subject for row in rows]


async def write_closing(tx: Transaction, ukprn: str, closing: Closing, *, record: Record) -> None:
    """Write what became of a provider, from the day after its last one on."""
    await assert_fact(
        tx,
        provider_closings,
        subject=ukprn,
        valid=days(closing.closed_on + ONE_DAY, None),
        record=record,
        outcome=closing.outcome.value,
        successor=closing.successor,
    )


async def closings_of(
    tx: Transaction, ukprns: Collection[str], *, known_at: datetime | None = None
) -> Mapping[str, Closing]:
    """Return by UKPRN what became of those that closed, or are to close."""
    table = provider_closings
    rows = await tx.rows(
        select(table).where(table.c.subject == func.any(sorted(set(ukprns))), as_known(table, known_at))
    )
    return {row.subject: _closing(row) for row in rows}


async def taken_over_by(
    tx: Transaction, ukprn: str, *, known_at: datetime | None = None
) -> Mapping[str, Closing]:
    """Return by UKPRN the closings of those that went over into a provider, the first closed first."""
    table = provider_closings
    rows = await tx.rows(
        select(table)
        .where(table.c.successor == ukprn, as_known(table, known_at))
        .order_by(table.c.valid, table.c.subject)
    )
    return {row.subject: _closing(row) for row in rows}


async def predecessors_of(
    tx: Transaction, ukprns: Collection[str], *, day: date, known_at: datetime | None = None
) -> Mapping[str, frozenset[str]]:
    """Return by UKPRN all that went over into it by a day, directly or by way of others."""
    table = provider_closings
    closed = (as_known(table, known_at), func.lower(table.c.valid) <= day)
    line = (
        select(table.c.successor.label("ukprn"), table.c.subject.label("predecessor"))
        .where(table.c.successor == func.any(sorted(set(ukprns))), *closed)
        .cte("line", recursive=True)
    )
    # UNION, not UNION ALL: each pair once, so that the walk ends whatever was recorded.
    line = line.union(
        select(line.c.ukprn, table.c.subject)
        .join(line, table.c.successor == line.c.predecessor)
        .where(*closed)
    )
    found: dict[str, set[str]] = {}
    for row in await tx.rows(select(line.c.ukprn, line.c.predecessor)):
        found.setdefault(row.ukprn, set()).add(row.predecessor)
    return {ukprn: frozenset(those) for ukprn, those in found.items()}


def search_key(text_: str) -> str:
    """Return a name as it is searched: without case and with single spaces."""
    return " ".join(text_.casefold().split())


def _content(told: Provider) -> dict[str, Any]:
    return {
        "name": told.name,
        "trade_name": told.trade_name,
        "search_key": search_key(f"{told.name} {told.trade_name or ''}"),
        "sector": None if told.sector is None else told.sector.value,
        "sole_trader": told.sole_trader,
        "publicly_funded": told.publicly_funded,
        "local_authorities": list(told.local_authorities),
        "circumstances": [
            {
                "code": each.code,
                "holds": each.holds,
                "valid_from": None if each.first is None else each.first.isoformat(),
                "valid_to": None if each.last is None else each.last.isoformat(),
            }
            for each in told.circumstances
        ],
    }


def _held(row: Row[Any]) -> HeldProvider:
    return HeldProvider(
        ukprn=row.subject,
        recorded_by=row.recorded_by,
        provider=Provider(
            name=row.name,
            trade_name=row.trade_name,
            sector=None if row.sector is None else Sector(row.sector),
            sole_trader=row.sole_trader,
            publicly_funded=row.publicly_funded,
            local_authorities=tuple(row.local_authorities),
            circumstances=tuple(_circumstance(each) for each in row.circumstances),
        ),
        known_from=row.known.lower,
        version=row,
    )


def _circumstance(told: Mapping[str, Any]) -> Circumstance:
    first, last = told["valid_from"], told["valid_to"]
    return Circumstance(
        code=told["code"],
        holds=told["holds"],
        first=None if first is None else date.fromisoformat(first),
        last=None if last is None else date.fromisoformat(last),
    )


def _closing(row: Row[Any]) -> Closing:
    return Closing(
        closed_on=first_day(row.valid) - ONE_DAY, outcome=Outcome(row.outcome), successor=row.successor
    )
