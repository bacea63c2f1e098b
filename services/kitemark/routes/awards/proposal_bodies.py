"""What the panel proposes, as it is sent and shown."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from services.kitemark.domain.awards.proposal import ProposalKind, ProposalState
from services.kitemark.operations.awards.proposals import SeenProposal
from services.kitemark.routes.fields import Body, Sentence


class RefusalIn(Body):
    """Why it should not stand, in a sentence."""

    reason: Annotated[Sentence, Field(min_length=1)]


class ProposalOut(BaseModel):
    """What is proposed, by whom, and what became of it.

    `standing` is the validation or authority that is to end, `recorded` the one that the confirmation wrote
    or ended. `tied_bodies` are those whose case it is: who speaks for one of them takes no part.
    """

    id: int
    kind: ProposalKind
    state: ProposalState
    scheme: str
    body: str | None
    standing: int | None
    valid_from: date
    valid_to: date | None
    decision: str
    conditions: list[str]
    source: str
    tied_bodies: list[str]
    proposed_by: str
    decided_by: str | None
    reason: str | None
    recorded: int | None
    known_from: datetime

    @classmethod
    def of(cls, held: SeenProposal) -> "ProposalOut":
        """Return it as the panel sees it."""
        told, wanted = held.proposal, held.proposal.wanted
        return cls(
            id=held.id,
            kind=wanted.kind,
            state=told.state,
            scheme=wanted.scheme,
            body=wanted.body,
            standing=wanted.standing,
            valid_from=wanted.first,
            valid_to=wanted.last,
            decision=wanted.decision,
            conditions=list(wanted.conditions),
            source=wanted.source,
            tied_bodies=list(told.ties),
            proposed_by=told.proposed_by,
            decided_by=told.decided_by,
            reason=told.reason,
            recorded=held.recorded,
            known_from=held.known_from,
        )


class ProposalPage(BaseModel):
    """Some proposals, and the cursor of the next page."""

    items: list[ProposalOut]
    next: str | None
