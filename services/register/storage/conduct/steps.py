"""What was done in a complaint, read back step by step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from services.register.domain.conduct.complaint import State, Step
from services.register.storage.conduct.tables import complaint_steps
from shared.database import Transaction


@dataclass(frozen=True, kw_only=True, slots=True)
class TakenStep:
    """One step of a complaint, with the words that were said with it."""

    step: Step
    state_after: State
    taken_by: str
    taken_at: datetime
    words: str | None


async def taken(tx: Transaction, complaint_id: int) -> Sequence[TakenStep]:
    """Return the steps of a complaint, first to last."""
    rows = await tx.rows(
        select(complaint_steps)
        .where(complaint_steps.c.complaint_id == complaint_id)
        .order_by(complaint_steps.c.place)
    )
    return [
        TakenStep(
            step=Step(row.step),
            state_after=State(row.state_after),
            taken_by=row.taken_by,
            taken_at=row.taken_at,
            words=row.words,
        )
        for row in rows
    ]
