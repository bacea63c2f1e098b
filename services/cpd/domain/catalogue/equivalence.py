"""Equivalence of offers: one association proposes that another's is worth its own, and the other agrees."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from services.cpd.domain.catalogue.offer import LISTED
from shared.errors import Conflict, Forbidden, NotFound, Unprocessable


class NoSuchEquivalence(NotFound):
    """There is no such equivalence, or your association is no part of it."""


class EquivalenceNeedsAnother(Unprocessable):
    """Name an offer that another association keeps: nobody else can agree that it is equivalent to yours."""


class OfferIsOver(Conflict):
    """The offer {offer} is withdrawn, so nothing is equivalent to it any more."""


class EquivalenceOpenAlready(Conflict):
    """These two offers are equivalent already, or it is proposed that they are: look at your equivalences."""


class EquivalenceNotInThatState(Conflict):
    """This equivalence is {state}, so this cannot be done now: {can}."""


class NotYourSide(Forbidden):
    """Only {mover} can do this."""


class EquivalenceState(StrEnum):
    """How far two associations have come."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


class EquivalenceStep(StrEnum):
    """What one of them does."""

    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    END = "end"


class Side(StrEnum):
    """Which of the two associations takes a step."""

    PROPOSER = "the association that proposed it"
    OTHER = "the association to which it was proposed"
    EITHER = "one of the two associations"


@dataclass(frozen=True, slots=True)
class Move:
    """Where a step leads, and whose it is."""

    to: EquivalenceState
    by: Side


MOVES: Mapping[tuple[EquivalenceState, EquivalenceStep], Move] = MappingProxyType(
    {
        (EquivalenceState.PROPOSED, EquivalenceStep.ACCEPT): Move(EquivalenceState.ACCEPTED, Side.OTHER),
        (EquivalenceState.PROPOSED, EquivalenceStep.DECLINE): Move(EquivalenceState.DECLINED, Side.OTHER),
        (EquivalenceState.PROPOSED, EquivalenceStep.WITHDRAW): Move(
            EquivalenceState.WITHDRAWN, Side.PROPOSER
        ),
        (EquivalenceState.ACCEPTED, EquivalenceStep.END): Move(EquivalenceState.ENDED, Side.EITHER),
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """Two offers, each by its keeper and the keeper's own id; the proposer's comes first."""

    proposer: str
    offer_id: str
    other: str
    other_offer_id: str

    def side_of(self, association: str) -> Side:
        """Return which side an association is on; raises NoSuchEquivalence where it is on neither."""
        if association == self.proposer:
            return Side.PROPOSER
        if association == self.other:
            return Side.OTHER
        raise NoSuchEquivalence


def check_pair(pair: Pair) -> None:
    """Refuse two offers of one keeper, and one that nobody keeps who could agree."""
    if pair.other in {pair.proposer, LISTED}:
        raise EquivalenceNeedsAnother


def moved(state: EquivalenceState, step: EquivalenceStep, *, by: Side) -> EquivalenceState:
    """Return the state to which a step of one side leads.

    Raises EquivalenceNotInThatState, and NotYourSide where the step is the other association's.
    """
    move = MOVES.get((state, step))
    if move is None:
        can = " or ".join(can for at, can in MOVES if at is state)
        raise EquivalenceNotInThatState(state=state, can=f"it can {can}" if can else "nothing can")
    if move.by not in {by, Side.EITHER}:
        raise NotYourSide(mover=move.by)
    return move.to
