"""What the panel decides about a scheme or a body: proposed by one person, confirmed by another.

Nobody judges their own case. Who speaks for the body that a proposal is about, or for the owner of its
scheme, neither proposes nor decides it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from shared.errors import Conflict, Forbidden, NotFound


class NoSuchProposal(NotFound):
    """There is no such proposal."""


class ProposalDecidedAlready(Conflict):
    """This proposal is {state} already: make a new one."""


class ProposerMayNotDecide(Forbidden):
    """You proposed this yourself, so somebody else of the panel has to decide it."""


class OnlyTheProposerWithdraws(Forbidden):
    """Somebody else proposed this: refuse it if it should not stand."""


class OwnCase(Forbidden):
    """This is about a body for which you speak: somebody without a tie to it has to propose and decide it."""


class ProposalKind(StrEnum):
    """What becomes of it once it is confirmed."""

    VALIDATION = "validation"
    AUTHORITY = "authority"
    VALIDATION_ENDING = "validation_ending"
    AUTHORITY_ENDING = "authority_ending"
    VALIDATION_ANNULMENT = "validation_annulment"
    AUTHORITY_ANNULMENT = "authority_annulment"

    @property
    def annuls(self) -> bool:
        """Say whether something is to be corrected that never held."""
        return self in (ProposalKind.VALIDATION_ANNULMENT, ProposalKind.AUTHORITY_ANNULMENT)


class ProposalState(StrEnum):
    """How far it has come."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ProposalEvent(StrEnum):
    """What somebody can do about a proposal."""

    CONFIRM = "confirm"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


class Part(StrEnum):
    """Who moves it: the person who proposed it, or another of the panel."""

    PROPOSER = "proposer"
    ANOTHER = "another"


TRANSITIONS: Mapping[tuple[ProposalState, ProposalEvent, Part], ProposalState] = MappingProxyType(
    {
        (ProposalState.PROPOSED, ProposalEvent.CONFIRM, Part.ANOTHER): ProposalState.CONFIRMED,
        (ProposalState.PROPOSED, ProposalEvent.REFUSE, Part.ANOTHER): ProposalState.REFUSED,
        (ProposalState.PROPOSED, ProposalEvent.WITHDRAW, Part.PROPOSER): ProposalState.WITHDRAWN,
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What is to stand, or with ``standing`` what is to end or never held; ``source`` says why.

    Both days are included, ``last`` None is open.
    """

    kind: ProposalKind
    scheme: str
    body: str | None
    standing: int | None
    first: date
    last: date | None
    decision: str
    conditions: tuple[str, ...]
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """What was proposed by whom, and what became of it.

    ``ties`` are the bodies whose case it is; ``…_for`` is the body for which that person spoke, if any.
    """

    wanted: Wanted
    ties: tuple[str, ...]
    proposed_by: str
    proposed_for: str | None
    state: ProposalState = ProposalState.PROPOSED
    decided_by: str | None = None
    decided_for: str | None = None
    reason: str | None = None


def ties_of(scheme: Mapping[str, str], body: str | None) -> tuple[str, ...]:
    """Return the bodies whose case a scheme's or a body's standing is, each once."""
    named = (scheme["body"], scheme["owner"], body)
    return tuple(sorted({each for each in named if each}))


def propose(wanted: Wanted, *, ties: Sequence[str], by: str, speaking_for: str | None) -> Proposal:
    """Return a proposal; raises OwnCase."""
    _without_tie(ties, speaking_for)
    return Proposal(wanted=wanted, ties=tuple(ties), proposed_by=by, proposed_for=speaking_for)


def move(
    held: Proposal,
    event: ProposalEvent,
    *,
    ties: Sequence[str],
    by: str,
    speaking_for: str | None,
    reason: str | None = None,
) -> Proposal:
    """Return the proposal moved on. ``ties`` are those of now, since a scheme may have changed hands.

    Raises ProposalDecidedAlready, ProposerMayNotDecide, OnlyTheProposerWithdraws, OwnCase.
    """
    part = Part.PROPOSER if by == held.proposed_by else Part.ANOTHER
    state = TRANSITIONS.get((held.state, event, part))
    if state is None and held.state is not ProposalState.PROPOSED:
        raise ProposalDecidedAlready(state=held.state.value)
    if state is None:
        raise ProposerMayNotDecide if part is Part.PROPOSER else OnlyTheProposerWithdraws
    if state is ProposalState.CONFIRMED:
        # What one with a tie proposed before the scheme changed hands cannot be confirmed after.
        _without_tie(ties, held.proposed_for)
    if state is not ProposalState.WITHDRAWN:
        _without_tie(ties, speaking_for)
    return replace(
        held, state=state, ties=tuple(ties), decided_by=by, decided_for=speaking_for, reason=reason
    )


def _without_tie(ties: Sequence[str], speaking_for: str | None) -> None:
    # However its code is written in a token: capitals open no way round.
    if speaking_for is not None and speaking_for.casefold() in {each.casefold() for each in ties}:
        raise OwnCase
