"""A keeper's whole list read from a file: what is new or changed is written, what is missing is reported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from services.kitemark.domain.providers.access import check_keeper, writing_body
from services.kitemark.domain.providers.accreditation import (
    Accreditation,
    AccreditationTwice,
    NoSuchAccreditation,
)
from services.kitemark.domain.providers.accreditation_file import (
    AccreditationFileOfTheFuture,
    AccreditationFileOlder,
    FileRow,
    RowOutcome,
    UnreadableRow,
    read_file,
)
from services.kitemark.operations.providers.accreditations import LIST, Listed, open_list
from services.kitemark.operations.providers.providers import record_named
from services.kitemark.storage.providers import accreditations, holds
from services.kitemark.storage.providers.accreditations import HeldAccreditation, HeldFile, Telling
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database
from shared.errors import Refusal
from shared.journal import Record

SeenFile = HeldFile


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """What one row of the file came to."""

    line: int
    own_id: str | None
    outcome: RowOutcome
    problem: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Judged:
    rows: tuple[Row, ...]
    tellings: tuple[Telling, ...]


async def read_in(
    db: Database, *, keeper: str, as_of: date, content: bytes, dry_run: bool, actor: Actor, now: datetime
) -> SeenFile:
    """Bring a keeper's list up to a file that says how it stood on a day, and return what came of it.

    Nothing is ended because it is missing: that is reported, for the keeper to say. A ``dry_run`` writes
    nothing and answers the same. The same file again changes nothing.
    """
    check_keeper(actor, keeper)
    if as_of > london_day(now):
        raise AccreditationFileOfTheFuture(as_of=as_of.isoformat())
    rows = read_file(content)
    async with db.transaction(actor) as tx:
        await holds.hold(tx, LIST, [keeper])
        last = await accreditations.last_file(tx, keeper)
        if last is not None and as_of < last.as_of:
            raise AccreditationFileOlder(keeper=keeper, as_of=last.as_of.isoformat())
        told = {row.own_id: _told(row, keeper, as_of) for row in rows if isinstance(row, FileRow)}
        listed = await open_list(tx, keeper, list(told.items()), actor=actor, now=now, whole=True)
        judged = _judge(_with_names(listed, rows), rows, keeper=keeper, as_of=as_of)
        file = HeldFile(
            keeper=keeper,
            as_of=as_of,
            sha256=sha256(content).hexdigest(),
            report=_report(judged, _missing(listed, rows, day=as_of)),
            read_at=now,
        )
        if dry_run or _is_the_same(last, file):
            return file
        await record_named(
            tx, _new_names(listed, rows, judged), body=writing_body(actor), actor=actor, now=now
        )
        await accreditations.save(tx, judged.tellings, record=listed.record)
        await accreditations.write_file(tx, file, record=_about(file, actor, now))
    return file


async def get(db: Database, *, keeper: str, as_of: date, actor: Actor) -> SeenFile:
    """Return what came of the last file as of a day; another's looks like one that does not exist."""
    check_keeper(actor, keeper)
    async with db.reading() as tx:
        found = await accreditations.find_file(tx, keeper, as_of)
    if found is None:
        raise NoSuchAccreditation
    return found


def _told(row: FileRow, keeper: str, as_of: date) -> Accreditation:
    return Accreditation(
        ukprn=row.ukprn,
        standard=row.standard,
        edition=row.edition,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        source=f"list of {keeper}",
        confirmed_on=as_of if row.valid_to is None else None,
        withdrawn_on=row.withdrawn_on,
    )


def _with_names(listed: Listed, rows: Sequence[FileRow | UnreadableRow]) -> Listed:
    """Count providers as known whose name the file gives: they are recorded with it."""
    named = {row.ukprn for row in rows if isinstance(row, FileRow) and row.name}
    return replace(listed, ukprns=listed.ukprns | named)


def _judge(listed: Listed, rows: Sequence[FileRow | UnreadableRow], *, keeper: str, as_of: date) -> _Judged:
    seen: set[str] = set()
    judged: list[Row] = []
    tellings: list[Telling] = []
    for row in rows:
        if isinstance(row, UnreadableRow):
            judged.append(
                Row(line=row.line, own_id=row.own_id, outcome=RowOutcome.REFUSED, problem=row.problem)
            )
            continue
        try:
            if row.own_id in seen:
                raise AccreditationTwice
            seen.add(row.own_id)
            telling = listed.telling(row.own_id, _told(row, keeper, as_of), by_file=True)
        except Refusal as refusal:
            problem = " ".join([refusal.detail, *(error.detail for error in refusal.errors)])
            judged.append(Row(line=row.line, own_id=row.own_id, outcome=RowOutcome.REFUSED, problem=problem))
            continue
        judged.append(Row(line=row.line, own_id=row.own_id, outcome=_outcome(telling)))
        if telling is not None:
            tellings.append(telling)
    return _Judged(rows=tuple(judged), tellings=tuple(tellings))


def _outcome(telling: Telling | None) -> RowOutcome:
    if telling is None:
        return RowOutcome.UNCHANGED
    return RowOutcome.RECORDED if telling.held is None else RowOutcome.CHANGED


def _missing(
    listed: Listed, rows: Sequence[FileRow | UnreadableRow], *, day: date
) -> list[HeldAccreditation]:
    """Return what was told before, may still hold on the file's day, and is not in the file."""
    there = {row.own_id for row in rows}
    return sorted(
        (
            each
            for each in listed.held.values()
            if each.own_id not in there
            and each.accreditation.valid_from <= day
            and each.accreditation.holds(day) is not False
        ),
        key=lambda each: each.own_id,
    )


def _new_names(listed: Listed, rows: Sequence[FileRow | UnreadableRow], judged: _Judged) -> Mapping[str, str]:
    written = {each.told.ukprn for each in judged.tellings} - listed.ukprns
    return {
        row.ukprn: row.name for row in rows if isinstance(row, FileRow) and row.name and row.ukprn in written
    }


def _report(judged: _Judged, missing: Sequence[HeldAccreditation]) -> Mapping[str, Any]:
    counts = {outcome.value: 0 for outcome in RowOutcome} | {"missing": len(missing)}
    for row in judged.rows:
        counts[row.outcome.value] += 1
    return {
        "counts": counts,
        "rows": [
            {
                "line": row.line,
                "accreditation_id": row.own_id,
                "outcome": row.outcome.value,
                "problem": row.problem,
            }
            for row in judged.rows
        ],
        "missing": [
            {
                "accreditation_id": each.own_id,
                "ukprn": each.accreditation.ukprn,
                "standard": each.accreditation.standard,
            }
            for each in missing
        ],
    }


def _is_the_same(last: HeldFile | None, file: HeldFile) -> bool:
    counts = file.report["counts"]
    changes = counts[RowOutcome.RECORDED] + counts[RowOutcome.CHANGED]
    same = last is not None and (last.as_of, last.sha256) == (file.as_of, file.sha256)
    return same and not changes


def _about(file: HeldFile, actor: Actor, now: datetime) -> Record:
    subject = f"accreditation-file:{file.keeper}:{file.as_of.isoformat()}"
    facts = {"sha256": file.sha256, **file.report["counts"]}
    return Record(actor=actor, at=now, event="accreditation-file.read", subject=subject, facts=facts)
