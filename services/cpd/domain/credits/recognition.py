"""Recognition of prior learning: claimed for a module by one, assessed with reasons by another."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from services.cpd.domain.credits.credit import CreditSource
from shared.errors import Conflict, Forbidden, NotFound, Unprocessable


class NoSuchRecognition(NotFound):
    """There is no such claim of prior learning, or you have no part in it."""


class RecognitionOpenAlready(Conflict):
    """A claim for this person and this module is open already: let it be assessed, or withdraw it."""


class RecognitionNotInThatState(Conflict):
    """This claim is {state}, so this cannot be done now."""


class MayNotRecogniseOwnClaim(Forbidden):
    """Whoever claims prior learning does not assess it: leave it to another person."""


class NotForYouToTake(Forbidden):
    """Only {mover} can do this."""


class ReasonsNeeded(Unprocessable):
    """An assessment needs its reasons: say in `reasons` on what it rests."""


class RecognitionKind(StrEnum):
    """What is claimed: credit for what was learnt elsewhere, or that the module need not be taken."""

    CREDIT = "credit"
    EXEMPTION = "exemption"

    @property
    def source(self) -> CreditSource:
        """The source of the credit to which a granted claim leads."""
        return CreditSource.RECOGNISED if self is RecognitionKind.CREDIT else CreditSource.EXEMPTED


class RecognitionState(StrEnum):
    """How a claim stands."""

    CLAIMED = "claimed"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class RecognitionStep(StrEnum):
    """What is done with a claim."""

    GRANT = "grant"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


class Part(StrEnum):
    """Who takes a step: the association that claims, or whoever assesses."""

    CLAIMANT = "the association that made the claim"
    ASSESSOR = "the association that tells the module, or an auditor who speaks for none"


MOVES: Mapping[tuple[RecognitionState, RecognitionStep], tuple[RecognitionState, Part]] = MappingProxyType(
    {
        (RecognitionState.CLAIMED, RecognitionStep.GRANT): (RecognitionState.GRANTED, Part.ASSESSOR),
        (RecognitionState.CLAIMED, RecognitionStep.REFUSE): (RecognitionState.REFUSED, Part.ASSESSOR),
        (RecognitionState.CLAIMED, RecognitionStep.WITHDRAW): (RecognitionState.WITHDRAWN, Part.CLAIMANT),
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """What is claimed, for whom and on which grounds; the module is ``association/id``."""

    number: str
    claimant: str
    kind: RecognitionKind
    module: str
    module_version: str
    grounds: str
    reference: str | None = None

    @property
    def keeper(self) -> str:
        """The association that tells the module."""
        return self.module.partition("/")[0]

    def parts_of(self, association: str | None) -> frozenset[Part]:
        """Return which parts somebody has who speaks for an association, or for none.

        Raises NoSuchRecognition where that is no part.
        """
        parts = {Part.CLAIMANT} if association == self.claimant else set()
        if association is None or association == self.keeper:
            parts.add(Part.ASSESSOR)
        if not parts:
            raise NoSuchRecognition
        return frozenset(parts)


def moved(
    state: RecognitionState,
    step: RecognitionStep,
    *,
    parts: frozenset[Part],
    another: bool,
    reasons: str | None,
) -> RecognitionState:
    """Return the state to which a step leads; ``another`` says that it is not who made the claim.

    Raises RecognitionNotInThatState, NotForYouToTake, MayNotRecogniseOwnClaim, ReasonsNeeded.
    """
    if (state, step) not in MOVES:
        raise RecognitionNotInThatState(state=state)
    to, part = MOVES[state, step]
    if part not in parts:
        raise NotForYouToTake(mover=part)
    if part is Part.ASSESSOR:
        if not another:
            raise MayNotRecogniseOwnClaim
        if reasons is None:
            raise ReasonsNeeded
    return to
