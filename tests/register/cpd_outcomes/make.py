"""Lines of CPD's journal for tests of the register, applied as if they had been followed."""

from collections.abc import Sequence
from datetime import UTC, datetime

from services.register.operations.cpd_outcomes import consequences
from services.register.storage.cpd_outcomes import outcomes
from shared.database import Transaction
from shared.journal import GENESIS, Line
from tests.register.conftest import Register

CPD_AT = datetime(2026, 11, 21, 9, tzinfo=UTC)


def line(position: int, event: str, number: str, *, case: int = 1) -> Line:
    """Return a line that CPD writes about a case."""
    return Line(
        position=position,
        at=CPD_AT,
        actor="auditor",
        event=event,
        subject=number,
        facts={"case": case, "audit": None, "on": "2026-11-21"},
        previous=GENESIS,
    )


async def follow(register: Register, *lines: Line) -> int:
    """Apply those of these lines that follow the position that was saved."""

    async def fetch(position: int) -> Sequence[Line]:
        return [each for each in lines if each.position > position]

    async def apply(tx: Transaction, told: Line) -> None:
        await consequences.apply(tx, told, clock=register.clock)

    return await outcomes.follow_cpd(register.db, fetch=fetch, apply=apply)
