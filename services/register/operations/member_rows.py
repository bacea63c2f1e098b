"""The rows of a chunk read as members, each with the outcome that it will have."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from services.register.domain.member_import import Outcome, RowOutcome, row_message
from services.register.domain.member_row import MemberRow, RowReader
from services.register.operations.member_files import FileRow

NOBODY: Mapping[str, str] = MappingProxyType({})


def read_rows(
    reader: RowReader, rows: Sequence[FileRow], known: Mapping[str, str] = NOBODY
) -> tuple[list[Outcome], list[tuple[Outcome, MemberRow]]]:
    """Read every row: what is wrong with it stands in its outcome, the others are returned beside theirs.

    ``known`` has the numbers of members whose rows are known to change nothing, and are not read.
    """
    outcomes: list[Outcome] = []
    read: list[tuple[Outcome, MemberRow]] = []
    for row in rows:
        outcome = Outcome(row=row.number, outcome=RowOutcome.UNCHANGED)
        outcomes.append(outcome)
        if row.repeats is None and reader.may_be_known(row.cells):
            outcome.number = known.get(row.cells[reader.member_id_place])
            if outcome.number is not None:
                continue
        member, wrong = reader.read(row.cells)
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
