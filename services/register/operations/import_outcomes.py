"""The outcomes of an import as files: the association's own rows, each with what became of it."""

import csv
import io
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.register.domain.member_cells import GUARDED
from services.register.domain.member_file import OUTCOME_COLUMNS
from services.register.domain.member_import import RowOutcome
from services.register.operations.imports import get
from services.register.operations.rights import disclosures
from services.register.storage import imports
from services.register.storage.imports import MemberImport
from shared.actor import Actor
from shared.database import Database
from shared.errors import Gone

NOT_YET = "This row was not worked on."


class RowsForgotten(Gone):
    """The rows of this import are no longer kept: what they said of your members stands in the members."""


class OutcomeFile(StrEnum):
    """Which rows a file of outcomes tells of."""

    SUCCESSFUL = "successful"
    FAILED = "failed"
    UNPROCESSED = "unprocessed"


async def opened(
    db: Database, *, import_id: int, which: OutcomeFile, actor: Actor, now: datetime
) -> MemberImport:
    """Return one's own import whose rows are still kept, and write down that they are given out."""
    made = await get(db, import_id=import_id, actor=actor)
    async with db.reading(actor) as tx:
        if not await imports.has_rows(tx, import_id):
            raise RowsForgotten
    operation = f"getImport{which.value.capitalize()}"
    await disclosures.note_import(db, import_id, operation=operation, actor=actor, now=now)
    return made


async def lines(db: Database, made: MemberImport, which: OutcomeFile) -> AsyncIterator[str]:
    """Yield a CSV file in parts, which Excel opens as it is and the register takes in again once mended.

    A cell that a spreadsheet would run as a formula stands behind an apostrophe.
    """
    # The mark without which Excel reads UTF-8 as Windows text.
    yield "\ufeff" + _csv([[*made.columns, *(column.capitalize() for column in OUTCOME_COLUMNS)]])
    for number in range(made.chunks):
        async with db.reading() as tx:
            content, outcomes = await imports.chunk(tx, made.id, number)
        rows = list(_chosen(content, outcomes, which, len(made.columns)))
        if rows:
            yield _csv(rows)


def _chosen(
    content: Sequence[Any], outcomes: Sequence[Any] | None, which: OutcomeFile, width: int
) -> Iterator[list[Any]]:
    if outcomes is None:
        if which is OutcomeFile.UNPROCESSED:
            for number, _, cells in content:
                yield [*_padded(cells, width), number, "unprocessed", "", NOT_YET]
        return
    if which is OutcomeFile.UNPROCESSED:
        return
    for (_, _, cells), (row, outcome, number, message, _) in zip(content, outcomes, strict=True):
        if (outcome == RowOutcome.FAILED) is (which is OutcomeFile.FAILED):
            yield [*_padded(cells, width), row, outcome, number or "", message or ""]


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]


def _csv(rows: Sequence[Sequence[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([[_harmless(cell) for cell in row] for row in rows])
    return text.getvalue()


def _harmless(cell: Any) -> Any:
    if isinstance(cell, str) and cell[:1] and cell[0] in GUARDED:
        return f"'{cell}"
    return cell
