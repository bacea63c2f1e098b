"""Correcting a recorded death: proposed by one registrar, decided by another, for the day or altogether."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from services.register.domain.qualification import ReasonMissing
from shared.errors import Conflict, Forbidden


class NoDeathRecorded(Conflict):
    """No death of this person is recorded, so there is nothing to correct."""


class DeathCorrectionChangesNothing(Conflict):
    """The death is recorded on {died_on} already."""


class DeathCorrectionAlreadyProposed(Conflict):
    """A correction of this person's death is waiting for a decision already."""


class DeathCorrectionAlreadyDecided(Conflict):
    """This correction is {status}, so it cannot be decided again."""


class ProposerMayNotCorrect(Forbidden):
    """You proposed this correction yourself, so another registrar has to decide it."""


class DeathCorrectionStatus(StrEnum):
    """Where a correction stands."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class DeathCorrectionEvent(StrEnum):
    """What a second registrar can do with a proposal."""

    CONFIRM = "confirm"
    REFUSE = "refuse"


TRANSITIONS: Mapping[tuple[DeathCorrectionStatus, DeathCorrectionEvent], DeathCorrectionStatus] = (
    MappingProxyType(
        {
            (DeathCorrectionStatus.PROPOSED, DeathCorrectionEvent.CONFIRM): DeathCorrectionStatus.CONFIRMED,
            (DeathCorrectionStatus.PROPOSED, DeathCorrectionEvent.REFUSE): DeathCorrectionStatus.REFUSED,
        }
    )
)


@dataclass(frozen=True, kw_only=True, slots=True)
class DeathCorrection:
    """A proposal to say that somebody died on another day, or has not died, and what became of it.

    ``died_on`` is None for somebody who has not died.
    """

    died_on: date | None
    proposed_by: str
    status: DeathCorrectionStatus = DeathCorrectionStatus.PROPOSED
    decided_by: str | None = None
    reason: str | None = None


def check_change(recorded: Collection[date], died_on: date | None) -> None:
    """Refuse a correction where no death is recorded, and one to the day that is recorded.

    ``recorded`` are the days of death that are held true: several where two records were merged afterwards.
    """
    if not recorded:
        raise NoDeathRecorded
    if died_on is not None and set(recorded) == {died_on}:
        raise DeathCorrectionChangesNothing(died_on=died_on.isoformat())


def decide(
    correction: DeathCorrection, event: DeathCorrectionEvent, *, by: str, reason: str
) -> DeathCorrection:
    """Return the correction as decided by somebody other than who proposed it."""
    after = TRANSITIONS.get((correction.status, event))
    if after is None:
        raise DeathCorrectionAlreadyDecided(status=correction.status)
    if by == correction.proposed_by:
        raise ProposerMayNotCorrect
    if not reason.strip():
        raise ReasonMissing
    return replace(correction, status=after, decided_by=by, reason=reason.strip())
