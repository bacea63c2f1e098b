"""Accreditations and the files that tell of them: every version is kept, the newest open."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, insert, select
from sqlalchemy.dialects.postgresql import Range

from services.kitemark.domain.providers.accreditation import Accreditation
from services.kitemark.storage.facts import as_known, days, first_day, last_day
from services.kitemark.storage.providers.tables import accreditation_files as files
from services.kitemark.storage.providers.tables import accreditations
from shared.database import Transaction
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldAccreditation:
    """An accreditation as it is or was known, by its keeper's own id."""

    keeper: str
    own_id: str
    accreditation: Accreditation
    known_from: datetime
    id: int
    row_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """An accreditation to be written: new, or the next version of the one ``held``."""

    keeper: str
    own_id: str
    told: Accreditation
    held: HeldAccreditation | None


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldFile:
    """A file that was read, and what came of it."""

    keeper: str
    as_of: date
    sha256: str
    report: Mapping[str, Any]
    read_at: datetime


async def find(tx: Transaction, keeper: str, own_id: str) -> HeldAccreditation | None:
    """Return an accreditation by its keeper's id, or None."""
    return (await of_keeper(tx, keeper, [own_id])).get(own_id)


async def of_keeper(
    tx: Transaction, keeper: str, own_ids: Collection[str] | None = None
) -> Mapping[str, HeldAccreditation]:
    """Return by own id what a keeper tells, all of it or these."""
    chosen = select(accreditations).where(accreditations.c.keeper == keeper, as_known(accreditations, None))
    if own_ids is not None:
        chosen = chosen.where(accreditations.c.own_id == func.any(sorted(set(own_ids))))
    return {row.own_id: _held(row) for row in await tx.rows(chosen)}


async def of_providers(
    tx: Transaction, ukprns: Collection[str], *, known_at: datetime | None = None
) -> Mapping[str, tuple[HeldAccreditation, ...]]:
    """Return by UKPRN the accreditations that were known, oldest first."""
    rows = await tx.rows(
        select(accreditations)
        .where(accreditations.c.subject == func.any(sorted(set(ukprns))), as_known(accreditations, known_at))
        .order_by(accreditations.c.valid, accreditations.c.id)
    )
    found: dict[str, tuple[HeldAccreditation, ...]] = {}
    for row in rows:
        found[row.subject] = (*found.get(row.subject, ()), _held(row))
    return found


async def save(tx: Transaction, tellings: Sequence[Telling], *, record: Callable[[Telling], Record]) -> None:
    """Write new accreditations, and next versions of others; ``record`` says what happened to each."""
    records = [record(each) for each in tellings]
    rows = [_row(each, of.at) for each, of in zip(tellings, records, strict=True)]
    for known in (False, True):
        if chosen := [row for row in rows if ("corrects" in row) is known]:
            await tx.execute(insert(accreditations), chosen)
    for each in records:
        tx.record(each)


async def last_file(tx: Transaction, keeper: str) -> HeldFile | None:
    """Return the file of a keeper with the latest day, the last one read of that day; or None."""
    row = await tx.row(_files().where(files.c.keeper == keeper).limit(1))
    return None if row is None else HeldFile(**row._mapping)


async def find_file(tx: Transaction, keeper: str, as_of: date) -> HeldFile | None:
    """Return the last file of a keeper as of a day, or None."""
    row = await tx.row(_files().where(files.c.keeper == keeper, files.c.as_of == as_of).limit(1))
    return None if row is None else HeldFile(**row._mapping)


async def write_file(tx: Transaction, file: HeldFile, *, record: Record) -> None:
    """Keep what came of a file."""
    await tx.execute(
        insert(files).values(
            keeper=file.keeper,
            as_of=file.as_of,
            sha256=file.sha256,
            report=dict(file.report),
            read_at=file.read_at,
        )
    )
    tx.record(record)


def _files() -> Any:
    columns = (files.c.keeper, files.c.as_of, files.c.sha256, files.c.report, files.c.read_at)
    return select(*columns).order_by(files.c.as_of.desc(), files.c.id.desc())


def _row(telling: Telling, at: datetime) -> dict[str, Any]:
    told = telling.told
    row: dict[str, Any] = {
        "subject": told.ukprn,
        "valid": days(told.valid_from, told.valid_to),
        "known": Range(at, None, bounds="[)"),
        "keeper": telling.keeper,
        "own_id": telling.own_id,
        "standard": told.standard,
        "edition": told.edition,
        "source": told.source,
        "confirmed_on": told.confirmed_on,
        "withdrawn_on": told.withdrawn_on,
    }
    if telling.held is not None:
        row |= {"id": telling.held.id, "corrects": telling.held.row_id}
    return row


def _held(row: Row[Any]) -> HeldAccreditation:
    return HeldAccreditation(
        keeper=row.keeper,
        own_id=row.own_id,
        accreditation=Accreditation(
            ukprn=row.subject,
            standard=row.standard,
            edition=row.edition,
            valid_from=first_day(row.valid),
            valid_to=last_day(row.valid),
            source=row.source,
            confirmed_on=row.confirmed_on,
            withdrawn_on=row.withdrawn_on,
        ),
        known_from=row.known.lower,
        id=row.id,
        row_id=row.row_id,
    )
