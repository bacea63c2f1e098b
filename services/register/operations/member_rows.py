"""The rows of a chunk read as members, each with the outcome that it will have."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from services.register.domain.member_import import Outcome, RowOutcome, row_message
from services.register.domain.member_row import MemberRow, RowReader
from services.register.operations.member_files import FileRow

Read = tuple[MemberRow | None, list[str]]


class ChunkRows(NamedTuple):
    """The rows of a chunk, the digest by member id of each that may have been seen before, and what each
    says, where that was read ahead.
    """

    rows: Sequence[FileRow]
    digests: Mapping[str, bytes]
    said: Sequence[Read] | None


def chunk_rows(reader: RowReader, rows: Sequence[FileRow], *, ahead: bool = False) -> ChunkRows:
    """Make rows ready to be brought in; ``ahead`` reads what they say, for a chunk that is likely new."""
    digests = {
        row.cells[reader.member_id_place]: reader.digest(row.cells)
        for row in rows
        if row.repeats is None and reader.may_be_known(row.cells)
    }
    return ChunkRows(rows, digests, [reader.read(row.cells) for row in rows] if ahead else None)


def read_rows(
    reader: RowReader, chunk: ChunkRows, known: Mapping[str, str]
) -> tuple[list[Outcome], list[tuple[Outcome, MemberRow]]]:
    """Read every row: what is wrong with it stands in its outcome, the others are returned beside theirs.

    ``known`` has the numbers of members whose rows are known to change nothing, and are not read.
    """
    outcomes: list[Outcome] = []
    read: list[tuple[Outcome, MemberRow]] = []
    for place, row in enumerate(chunk.rows):
        outcome = Outcome(row=row.number, outcome=RowOutcome.UNCHANGED)
        outcomes.append(outcome)
        if row.repeats is None and reader.may_be_known(row.cells):
            outcome.number = known.get(row.cells[reader.member_id_place])
            if outcome.number is not None:
                continue
        member, wrong = reader.read(row.cells) if chunk.said is None else chunk.said[place]
        if row.repeats is not None:
            wrong = [f"the same member number stands in row {row.repeats} already", *wrong]
        if wrong or member is None:
            fail(outcome, *wrong)
        else:
            read.append((outcome, member))
    return outcomes, read


def fail(outcome: Outcome, *sentences: str) -> None:
    """Note that a row cannot be used, and why, in one sentence that names the row."""
    outcome.outcome, outcome.number = RowOutcome.FAILED, None
    outcome.message = row_message(outcome.row, sentences)
