"""What is handed in for an audit: versions of packs, made of entries of the log as they were then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select

from services.cpd.domain.audit.pack import Described, Gap, Pack
from services.cpd.domain.entry import EntryStatus
from services.cpd.storage.audit.tables import audit_packs
from services.cpd.storage.facts import as_known, days, first_day, last_day
from services.cpd.storage.tables import entries
from shared.database import Transaction
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldPack:
    """A version of what was handed in, with the entries of the log as they were then."""

    version: int
    association: str
    pack: Pack
    entries: Sequence[dict[str, Any]]
    submitted_by: str
    submitted_at: datetime


async def done_by(
    tx: Transaction, numbers: Sequence[str], *, first: date, last: date
) -> dict[int, tuple[date, date, int]]:
    """Return by id what a person did between two days: first and last day, and the version of the entry."""
    rows = await tx.rows(
        select(entries.c.id, entries.c.valid, entries.c.row_id).where(
            entries.c.number == func.any(list(numbers)),
            entries.c.status == EntryStatus.DONE.value,
            entries.c.valid.overlaps(days(first, last)),
            as_known(entries, None),
        )
    )
    return {row.id: (first_day(row.valid), last_day(row.valid) or last, row.row_id) for row in rows}


async def submit(
    tx: Transaction, case_id: int, pack: Pack, *, versions: Sequence[int], association: str, record: Record
) -> int:
    """Write another version of a pack and return it; ``versions`` are those of the entries that it names."""
    last = await tx.scalar(select(func.max(audit_packs.c.version)).where(audit_packs.c.case_id == case_id))
    version = int(last or 0) + 1
    await tx.execute(
        insert(audit_packs).values(
            case_id=case_id,
            version=version,
            association=association,
            activities=[
                {
                    "entry_id": each.entry_id,
                    "row_id": row_id,
                    "what": each.what,
                    "learned": each.learned,
                    "benefit": each.benefit,
                }
                for each, row_id in zip(pack.activities, versions, strict=True)
            ],
            gaps=[
                {"first": each.first.isoformat(), "last": each.last.isoformat(), "why": each.why}
                for each in pack.gaps
            ],
            submitted_by=record.actor.subject,
            submitted_at=record.at,
        )
    )
    tx.record(record)
    return version


async def pack(tx: Transaction, case_id: int, version: int | None) -> HeldPack | None:
    """Return a version of what was handed in, the newest where none is said; None where there is none."""
    chosen = select(audit_packs).where(audit_packs.c.case_id == case_id)
    if version is not None:
        chosen = chosen.where(audit_packs.c.version == version)
    row = await tx.row(chosen.order_by(audit_packs.c.version.desc()).limit(1))
    if row is None:
        return None
    told = await tx.rows(
        select(entries).where(entries.c.row_id == func.any([each["row_id"] for each in row.activities]))
    )
    by_row = {each.row_id: each for each in told}
    return HeldPack(
        version=row.version,
        association=row.association,
        pack=Pack(
            activities=tuple(
                Described(**{k: v for k, v in each.items() if k != "row_id"}) for each in row.activities
            ),
            gaps=tuple(
                Gap(
                    first=date.fromisoformat(each["first"]),
                    last=date.fromisoformat(each["last"]),
                    why=each["why"],
                )
                for each in row.gaps
            ),
        ),
        entries=[dict(by_row[each["row_id"]]._mapping) for each in row.activities],
        submitted_by=row.submitted_by,
        submitted_at=row.submitted_at,
    )
