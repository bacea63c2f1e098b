"""What the panel proposed ↔ rows: each step is a version, the newest open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from services.kitemark.domain.awards.proposal import Proposal, ProposalKind, ProposalState, Wanted
from services.kitemark.storage.awards.tables import standing_proposals
from services.kitemark.storage.facts import ALWAYS, as_known, assert_fact, correct_fact
from shared.database import Transaction
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldProposal:
    """A proposal as it is known; ``recorded`` is the validation or authority that its confirmation wrote."""

    id: int
    proposal: Proposal
    recorded: int | None
    known_from: datetime
    version: Row[Any]


async def write(tx: Transaction, told: Proposal, *, record: Record) -> int:
    """Write what is proposed, and return its id."""
    return await assert_fact(
        tx, standing_proposals, subject=told.wanted.scheme, valid=ALWAYS, record=record, **_content(told)
    )


async def move(
    tx: Transaction, held: HeldProposal, told: Proposal, *, recorded: int | None, record: Record
) -> None:
    """Write the next step; the one before stays readable."""
    content = _content(told) | {"recorded": recorded}
    await correct_fact(tx, standing_proposals, held.version, record=record, **content)


async def find(tx: Transaction, id_: int) -> HeldProposal | None:
    """Return a proposal by its id, or None."""
    table = standing_proposals
    row = await tx.row(select(table).where(table.c.id == id_, as_known(table, None)))
    return None if row is None else _held(row)


async def page(
    tx: Transaction, *, state: ProposalState | None, after: int, limit: int
) -> Sequence[HeldProposal]:
    """Return proposals by id, of one state where it is named."""
    table = standing_proposals
    chosen = select(table).where(table.c.id > after, as_known(table, None))
    if state is not None:
        chosen = chosen.where(table.c.state == state.value)
    return [_held(row) for row in await tx.rows(chosen.order_by(table.c.id).limit(limit))]


def _content(told: Proposal) -> dict[str, Any]:
    wanted = told.wanted
    return {
        "kind": wanted.kind.value,
        "body": wanted.body,
        "standing": wanted.standing,
        "first_day": wanted.first,
        "last_day": wanted.last,
        "decision": wanted.decision,
        "conditions": list(wanted.conditions),
        "source": wanted.source,
        "ties": list(told.ties),
        "state": told.state.value,
        "proposed_by": told.proposed_by,
        "proposed_for": told.proposed_for,
        "decided_by": told.decided_by,
        "decided_for": told.decided_for,
        "reason": told.reason,
    }


def _held(row: Row[Any]) -> HeldProposal:
    wanted = Wanted(
        kind=ProposalKind(row.kind),
        scheme=row.subject,
        body=row.body,
        standing=row.standing,
        first=row.first_day,
        last=row.last_day,
        decision=row.decision,
        conditions=tuple(row.conditions),
        source=row.source,
    )
    proposal = Proposal(
        wanted=wanted,
        ties=tuple(row.ties),
        proposed_by=row.proposed_by,
        proposed_for=row.proposed_for,
        state=ProposalState(row.state),
        decided_by=row.decided_by,
        decided_for=row.decided_for,
        reason=row.reason,
    )
    return HeldProposal(
        id=row.id, proposal=proposal, recorded=row.recorded, known_from=row.known.lower, version=row
    )
