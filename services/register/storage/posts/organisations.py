"""Organisations: each version is kept, and the last one counts."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, insert, select
from sqlalchemy.dialects.postgresql import distinct_on

from services.register.domain.posts.organisation import Organisation, OrganisationKind, Sector
from services.register.storage.posts.tables import organisation_versions as versions
from services.register.storage.posts.tables import organisations
from shared.database import Transaction
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldOrganisation:
    """An organisation with its id; ``association`` is the one that recorded it, None a registrar."""

    organisation_id: int
    ukprn: str | None
    association: str | None
    version: int
    organisation: Organisation


async def record_new(
    tx: Transaction,
    told: Organisation,
    *,
    ukprn: str | None,
    association: str | None,
    record: Callable[[int], Record],
) -> int:
    """Write a new organisation and return its id; ``record`` takes the id and says what happened."""
    organisation_id = await tx.scalar(
        insert(organisations).values(ukprn=ukprn, association=association).returning(organisations.c.id)
    )
    written = record(int(organisation_id))
    await _write(tx, int(organisation_id), 1, told, written.at)
    tx.record(written)
    return int(organisation_id)


async def change(tx: Transaction, held: HeldOrganisation, told: Organisation, *, record: Record) -> None:
    """Write the next version; the ones before stay readable."""
    await _write(tx, held.organisation_id, held.version + 1, told, record.at)
    tx.record(record)


async def find(
    tx: Transaction, organisation_id: int, *, known_at: datetime | None = None
) -> HeldOrganisation | None:
    """Return an organisation as it was known, or None."""
    row = await tx.row(_read(known_at).where(versions.c.organisation_id == organisation_id))
    return None if row is None else _held(row)


async def find_by_ukprn(tx: Transaction, ukprn: str) -> HeldOrganisation | None:
    """Return the organisation of a UKPRN, or None."""
    row = await tx.row(_read(None).where(organisations.c.ukprn == ukprn))
    return None if row is None else _held(row)


async def find_many(tx: Transaction, ids: Collection[int]) -> Mapping[int, HeldOrganisation]:
    """Return the organisations by id."""
    rows = await tx.rows(_read(None).where(versions.c.organisation_id.in_(sorted(set(ids)))))
    return {row.organisation_id: _held(row) for row in rows}


async def page(tx: Transaction, *, after: int, limit: int) -> Sequence[HeldOrganisation]:
    """Return organisations in the order in which they were recorded."""
    rows = await tx.rows(_read(None).where(versions.c.organisation_id > after).limit(limit))
    return [_held(row) for row in rows]


async def _write(
    tx: Transaction, organisation_id: int, version: int, told: Organisation, at: datetime
) -> None:
    content = asdict(told) | {"sector": told.sector.value, "kind": told.kind.value}
    await tx.execute(
        insert(versions).values(organisation_id=organisation_id, version=version, changed_at=at, **content)
    )


def _read(known_at: datetime | None) -> Select[Any]:
    """Select the last version of each organisation that was known."""
    read = (
        select(versions, organisations.c.ukprn, organisations.c.association)
        .join(organisations, organisations.c.id == versions.c.organisation_id)
        .ext(distinct_on(versions.c.organisation_id))
        .order_by(versions.c.organisation_id, versions.c.version.desc())
    )
    return read if known_at is None else read.where(versions.c.changed_at <= known_at)


def _held(row: Row[Any]) -> HeldOrganisation:
    return HeldOrganisation(
        organisation_id=row.organisation_id,
        ukprn=row.ukprn,
        association=row.association,
        version=row.version,
        organisation=Organisation(
            name=row.name,
            sector=Sector(row.sector),
            kind=OrganisationKind(row.kind),
            publicly_funded=row.publicly_funded,
            trade_body_id=row.trade_body_id,
            closed_on=row.closed_on,
            successor_id=row.successor_id,
        ),
    )
