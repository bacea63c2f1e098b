"""The work on imports: chunk by chunk, each in one transaction with its outcomes and the import's progress.

Any process may work: an import is taken for a few seconds at a time, and given back by silence. Whatever
stops a worker, the next one goes on with the first chunk that has no outcomes, so nothing is done twice.
"""

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date

import structlog

from services.register.domain.member import name_key
from services.register.domain.member_file import Field, Layout, parse_mapping
from services.register.domain.member_import import ImportState, Outcome, RowOutcome, counted
from services.register.domain.member_row import MemberRow, RowReader
from services.register.operations.imports import finished, row_of
from services.register.operations.member_chunks import bring_in
from services.register.operations.member_details import Vocabulary, vocabulary
from services.register.operations.member_likenesses import MAY_BE_KNOWN
from services.register.operations.member_rows import ChunkRows, chunk_rows, read_rows
from services.register.operations.members import Told
from services.register.storage import import_progress, imports
from services.register.storage.imports import MemberImport
from shared.actor import Actor
from shared.clock import Clock, london_day
from shared.database import Database, Transaction

log = structlog.get_logger("imports")

PAUSE_SECONDS = 0.5
LEASE_SECONDS = 15.0
RETRY_SECONDS = 1.0
MOST_ATTEMPTS = 20
WORKER = Actor.system("imports")
BROKEN = (
    "Something broke on our side. What the files of outcomes tell is done; send the file again for the rest."
)


class ImportLost(Exception):
    """The import was cancelled, or another worker has taken it."""


@dataclass(slots=True)
class Run:
    """One import in a worker's hand. ``rehearsed`` are the people that a dry run would have made;
    ``mostly_new`` says that most rows of the last chunk had to be read.
    """

    made: MemberImport
    actor: Actor
    reader: RowReader
    known: Vocabulary
    worker: str
    lease: float
    rehearsed: set[tuple[str, date | None]] = field(default_factory=set)
    mostly_new: bool = False


@asynccontextmanager
async def working(db: Database, *, clock: Clock) -> AsyncIterator[None]:
    """Work on imports beside whatever the block does, until it ends."""
    task = asyncio.create_task(work(db, clock=clock))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def work(
    db: Database, *, clock: Clock, pause: float = PAUSE_SECONDS, lease: float = LEASE_SECONDS
) -> None:
    """Work on imports until cancelled; a fault is logged and tried again."""
    worker = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    while True:
        try:
            worked = await run_next(db, clock=clock, worker=worker, lease=lease)
        except Exception as fault:
            log.warning("import interrupted", fault=type(fault).__name__)
            worked = False
        if not worked:
            await asyncio.sleep(pause)


async def run_next(db: Database, *, clock: Clock, worker: str, lease: float = LEASE_SECONDS) -> bool:
    """Work on the next import that waits until it is over, and say whether there was one."""
    async with db.transaction(WORKER) as tx:
        claimed = await import_progress.claim(tx, worker, seconds=lease, started_at=clock())
    if claimed is None:
        return False
    import_id, attempts = claimed
    try:
        if attempts > MOST_ATTEMPTS:
            await _give_up(db, import_id, clock=clock)
        else:
            await _run(db, await _taken(db, import_id, worker, lease), clock=clock)
    except ImportLost:
        log.info("import lost", import_id=import_id)
    except asyncio.CancelledError:
        await asyncio.shield(_release(db, import_id, worker, seconds=0))
        raise
    except Exception:
        await _release(db, import_id, worker, seconds=RETRY_SECONDS)
        raise
    return True


async def _taken(db: Database, import_id: int, worker: str, lease: float) -> Run:
    async with db.reading() as tx:
        made = await imports.find(tx, import_id)
        known = await vocabulary(tx)
    assert made is not None  # noqa: S101 - it was claimed, and imports are never deleted
    actor = Actor(
        subject=made.submitted_by,
        client_id=made.client_id,
        scopes=frozenset({"members:write"}),
        association=made.association,
    )
    fields = tuple(None if name is None else Field(name) for name in made.fields)
    reader = RowReader(
        Layout(columns=made.columns, fields=fields),
        parse_mapping(made.mapping),
        known.codes,
        # The day on which the file was sent: a resumed import decides as one that was never stopped.
        today=london_day(made.submitted_at),
    )
    return Run(made=made, actor=actor, reader=reader, known=known, worker=worker, lease=lease)


async def _run(db: Database, run: Run, *, clock: Clock) -> None:
    if run.made.dry_run:
        await _recall(db, run)
    ahead = asyncio.create_task(_read_ahead(db, run, run.made.next_chunk))
    try:
        for number in range(run.made.next_chunk, run.made.chunks):
            chunk = await ahead
            # The next is read while this one is written: the one is our work, the other the database's.
            ahead = asyncio.create_task(_read_ahead(db, run, number + 1))
            await _work_on_chunk(db, run, number, chunk, clock=clock)
    finally:
        ahead.cancel()
        await asyncio.gather(ahead, return_exceptions=True)


async def _read_ahead(db: Database, run: Run, number: int) -> ChunkRows:
    if number >= run.made.chunks:
        return ChunkRows((), {}, None)
    async with db.reading() as tx:
        content, _ = await imports.chunk(tx, run.made.id, number)
    return await asyncio.to_thread(
        lambda: chunk_rows(run.reader, [row_of(each) for each in content], ahead=run.mostly_new)
    )


async def _work_on_chunk(db: Database, run: Run, number: int, chunk: ChunkRows, *, clock: Clock) -> None:
    now = clock()
    async with db.transaction(run.actor) as tx:
        if await import_progress.in_hand(tx, run.made.id, run.worker) != number:
            raise ImportLost
        told = Told(
            actor=run.actor,
            association=run.made.association,
            now=now,
            known=run.known,
        )
        if run.made.dry_run:
            async with import_progress.rehearsal(tx):
                outcomes, read = await bring_in(tx, told, run.reader, chunk, rehearsing=True)
            _remember(run, read)
        else:
            outcomes, read = await bring_in(tx, told, run.reader, chunk)
        await _move_on(tx, run, number, outcomes)
        if number + 1 == run.made.chunks:
            record = finished(run.made, ImportState.FINISHED, actor=run.actor, now=now)
            await imports.end(tx, run.made.id, ImportState.FINISHED, record=record)
    run.mostly_new = 2 * len(read) > len(outcomes)


async def _move_on(tx: Transaction, run: Run, number: int, outcomes: list[Outcome]) -> None:
    await import_progress.move_on(
        tx,
        run.made.id,
        number,
        outcomes=[
            [each.row, each.outcome.value, each.number, each.message, each.possible_duplicate]
            for each in outcomes
        ],
        totals=counted(outcomes),
        seconds=run.lease,
    )


def _remember(run: Run, read: list[tuple[Outcome, MemberRow]]) -> None:
    """Let later rows of a dry run meet the people whom earlier chunks would have written."""
    written: set[tuple[str, date | None]] = set()
    for outcome, row in read:
        if outcome.outcome not in (RowOutcome.CREATED, RowOutcome.CHANGED):
            continue
        details = row.telling.details
        born = details.date_of_birth
        keys = {(name_key(name), born) for name in (details.name, *row.telling.previous)}
        if outcome.outcome is RowOutcome.CREATED:
            outcome.number = None
            if born is not None and keys & run.rehearsed:
                outcome.possible_duplicate, outcome.message = True, f"Row {outcome.row}: {MAY_BE_KNOWN}"
        written.add((name_key(details.name), born))
    run.rehearsed |= written


async def _recall(db: Database, run: Run) -> None:
    """Read what the chunks before would have written, when a dry run is resumed."""
    for number in range(run.made.next_chunk):
        async with db.reading() as tx:
            content, said = await imports.chunk(tx, run.made.id, number)
        rows = ChunkRows([row_of(each) for each in content], {}, None)
        _, read = await asyncio.to_thread(read_rows, run.reader, rows, {})
        became = {row: RowOutcome(outcome) for row, outcome, *_ in said or ()}
        for outcome, _ in read:
            outcome.outcome = became[outcome.row]
        _remember(run, read)


async def _give_up(db: Database, import_id: int, *, clock: Clock) -> None:
    async with db.transaction(WORKER) as tx:
        made = await imports.find(tx, import_id)
        assert made is not None  # noqa: S101 - it was claimed, and imports are never deleted
        record = finished(made, ImportState.FAILED, actor=WORKER, now=clock())
        await imports.end(tx, import_id, ImportState.FAILED, problem=BROKEN, record=record)


async def _release(db: Database, import_id: int, worker: str, *, seconds: float) -> None:
    async with db.transaction(WORKER) as tx:
        await import_progress.release(tx, import_id, worker, seconds=seconds)
