"""Loading the files of the national register of schools, as they are published, in one pass."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

from services.kitemark.domain.establishments.gias import (
    ENCODING,
    LINKS_NEEDED,
    NEEDED,
    Establishment,
    EstablishmentsNotReadable,
    Link,
    RowFault,
    check_header,
    read_establishments,
    read_links,
)
from services.kitemark.storage.establishments import loading
from shared.actor import Actor
from shared.database import Database, Transaction
from shared.journal import Record

CHUNK = 5_000
MOST_FAULTS = 100
LOADER = Actor.system("import-establishments")

Row = TypeVar("Row", Establishment, Link)
Progress = Callable[[int], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Loaded:
    """What a file came to: establishments by what happened to them, links, and lines that say nothing."""

    staged: int
    new: int
    closed: int
    reopened: int
    renamed: int
    changed: int
    links: int
    faulty: int
    faults: Sequence[RowFault]

    @property
    def is_nothing_new(self) -> bool:
        """Whether everything in the file was known."""
        return not (self.new or self.closed or self.reopened or self.renamed or self.changed or self.links)


async def load_files(
    db: Database,
    establishments: Path,
    links: Path | None,
    *,
    dry_run: bool,
    now: datetime,
    progress: Progress = lambda _: None,
) -> Loaded:
    """Bring what is known of schools up to a file; the same file again changes nothing.

    All of it is one transaction: a file that is cut in half, or another file, leaves nothing behind. With
    ``dry_run`` nothing is written. Raises EstablishmentsNotReadable.
    """
    faults: list[RowFault] = []
    with ExitStack() as files:
        rows = read_establishments(_rows(files, establishments, NEEDED))
        of_links = read_links(_rows(files, links, LINKS_NEEDED)) if links is not None else iter(())
        async with db.transaction(LOADER) as tx:
            await loading.begin(tx)
            faulty = await _staged(tx, rows, loading.stage, faults, progress)
            faulty += await _staged(tx, of_links, loading.stage_links, faults, progress)
            counts = await loading.compare(tx)
            if not counts["staged"]:
                raise EstablishmentsNotReadable(why="it has no row that could be read.")
            names = ("staged", "new", "closed", "reopened", "renamed", "changed", "links")
            loaded = Loaded(**{name: counts[name] for name in names}, faulty=faulty, faults=faults)
            if not dry_run and not loaded.is_nothing_new:
                await loading.write(tx, at=now, record=_record(loaded, now))
    return loaded


def _rows(files: ExitStack, path: Path, needed: Sequence[str]) -> Iterator[Mapping[str, str | None]]:
    """Return the rows of a file by the names of their columns, as they are read from the disk."""
    stream = files.enter_context(path.open(encoding=ENCODING, newline="", errors="strict"))
    reader = csv.DictReader(stream, strict=True)
    check_header(reader.fieldnames or (), needed)
    return _whole(reader)


def _whole(reader: "csv.DictReader[str]") -> Iterator[Mapping[str, str | None]]:
    """Refuse a file whose last line is torn: a row with fewer cells than there are columns."""
    try:
        for row in reader:
            if None in row.values() or None in row:
                raise EstablishmentsNotReadable(why=f"line {reader.line_num} has too few cells, or too many.")
            yield row
    except (csv.Error, UnicodeDecodeError) as fault:
        raise EstablishmentsNotReadable(why=f"line {reader.line_num}: {fault}.") from None


async def _staged(
    tx: Transaction,
    rows: Iterator[Row | RowFault],
    stage: Callable[[Transaction, Sequence[Row]], object],
    faults: list[RowFault],
    progress: Progress,
) -> int:
    """Stage rows a chunk at a time and return how many lines say nothing."""
    done = faulty = 0
    while chunk := list(islice(rows, CHUNK)):
        good = [each for each in chunk if not isinstance(each, RowFault)]
        bad = [each for each in chunk if isinstance(each, RowFault)]
        faults += bad[: MOST_FAULTS - len(faults)]
        faulty += len(bad)
        if good:
            await stage(tx, good)  # type: ignore[misc]
        done += len(chunk)
        progress(done)
    return faulty


def _record(loaded: Loaded, now: datetime) -> Record:
    facts = {
        "establishments": loaded.staged,
        "new": loaded.new,
        "closed": loaded.closed,
        "reopened": loaded.reopened,
        "links": loaded.links,
    }
    return Record(
        actor=LOADER, at=now, event="establishments.loaded", subject="establishments:gias", facts=facts
    )
