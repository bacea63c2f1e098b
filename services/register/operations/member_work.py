"""What has to be done with the rows of a chunk, by what is recorded of their members."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.register.domain.member import MemberAlreadyRecorded
from services.register.domain.member_import import Difference, Outcome, RowOutcome, Stored, difference
from services.register.domain.member_row import MemberRow, RowReader
from services.register.operations.member_rows import fail
from services.register.storage.recorded_members import Found
from shared.errors import Refusal


@dataclass(slots=True)
class Work:
    """The rows of a chunk by what has to be done with them."""

    new: dict[str, tuple[Outcome, MemberRow]] = field(default_factory=dict)
    changed: list[tuple[Outcome, MemberRow, Stored, Difference]] = field(default_factory=list)
    one_by_one: list[tuple[Outcome, MemberRow]] = field(default_factory=list)

    def member_ids(self) -> list[str]:
        """Return the members that will be written."""
        return [
            *self.new,
            *(row.member_id for _, row, _, _ in self.changed),
            *(row.member_id for _, row in self.one_by_one),
        ]

    def numbers_given(self) -> list[str]:
        """Return the registration numbers that rows give, those of members who are known too."""
        given = (row.telling.registration_number for _, row in self.one_by_one)
        return [number for number in given if number is not None]


def sorted_out(read: Sequence[tuple[Outcome, MemberRow]], found: Found, reader: RowReader) -> Work:
    """Return the rows by what has to be done with them, each outcome as far as it is known."""
    work = Work()
    for outcome, row in read:
        outcome.outcome = RowOutcome.UNCHANGED
        stored = found.members.get(row.member_id)
        given = row.telling.registration_number
        if stored is None and given is None:
            work.new[row.member_id] = outcome, row
        elif stored is None or not stored.alone:
            work.one_by_one.append((outcome, row))
        elif given is not None and given != stored.number:
            fail(outcome, MemberAlreadyRecorded().detail)
        else:
            outcome.number = stored.number
            _compare(work, outcome, row, stored, reader)
    return work


def _compare(work: Work, outcome: Outcome, row: MemberRow, stored: Stored, reader: RowReader) -> None:
    try:
        differs = difference(row.telling, stored, reader)
    except Refusal as refusal:
        fail(outcome, refusal.detail)
        return
    if differs:
        outcome.outcome = RowOutcome.CHANGED
        work.changed.append((outcome, row, stored, differs))
