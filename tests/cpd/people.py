"""The register's people for tests of CPD: lines of its journal, applied as if they had been followed."""

from datetime import datetime
from typing import Any

from services.cpd.domain.number import check_character
from services.cpd.operations.following import FOLLOWER, apply
from services.cpd.storage import members
from shared.journal import GENESIS, Line
from tests.cpd.conftest import Cpd


def number(serial: int) -> str:
    """Return the registration number of a serial."""
    return f"CR{serial:07}{check_character(f'{serial:07}')}"


ANN, BEA, CIM, DEE = (number(serial) for serial in range(1, 5))


async def tell(cpd: Cpd, event: str, subject: str, *, at: datetime | None = None, **facts: Any) -> None:
    """Apply the register's next line."""
    async with cpd.db.transaction(FOLLOWER) as tx:
        position = await members.position(tx) + 1
        line = Line(
            position=position,
            at=at or cpd.clock(),
            actor="icg-system",
            event=event,
            subject=subject,
            facts=facts,
            previous=GENESIS,
        )
        await members.hold_position(tx, position)
        await apply(tx, line)


async def member(
    cpd: Cpd,
    who: str = ANN,
    *,
    level: str = "professional",
    association: str = "ICG",
    since: str = "2026-01-10",
    until: str | None = None,
    entered: str | None = "2026-02-01",
) -> str:
    """Make somebody a member, on the register where they are professional; return the number."""
    at = cpd.clock().replace(year=2025)
    await tell(
        cpd,
        "membership.recorded",
        who,
        at=at,
        association=association,
        level=level,
        category=None,
        valid_from=since,
        valid_to=until,
    )
    if level == "professional" and entered is not None:
        await tell(cpd, "register.entered", who, at=at, valid_from=entered)
    return who
