"""Restoration after a removal: proposed on application, decided by another, the only way a removal ends."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from services.register.domain.licence import term_end
from services.register.domain.qualification import ReasonMissing
from shared.errors import Conflict, Forbidden


class NotRemoved(Conflict):
    """No removal of this person is in force, so there is nothing to restore."""


class RestorationTooEarly(Conflict):
    """This person can be restored from {first_possible} at the earliest."""


class RestorationAlreadyDecided(Conflict):
    """This restoration is {status}, so it cannot be decided again."""


class ProposerMayNotRestore(Forbidden):
    """You proposed this restoration yourself, so another registrar has to decide it."""


class RestorationStatus(StrEnum):
    """Where a restoration stands."""

    PROPOSED = "proposed"
    RESTORED = "restored"
    REFUSED = "refused"


class RestorationEvent(StrEnum):
    """What a second registrar can do with a proposal."""

    RESTORE = "restore"
    REFUSE = "refuse"


TRANSITIONS: Mapping[tuple[RestorationStatus, RestorationEvent], RestorationStatus] = MappingProxyType(
    {
        (RestorationStatus.PROPOSED, RestorationEvent.RESTORE): RestorationStatus.RESTORED,
        (RestorationStatus.PROPOSED, RestorationEvent.REFUSE): RestorationStatus.REFUSED,
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Restoration:
    """A proposal to end somebody's removal, and what became of it."""

    proposed_by: str
    status: RestorationStatus = RestorationStatus.PROPOSED
    decided_by: str | None = None
    reason: str | None = None


def first_possible(removed_on: date, *, months: int) -> date:
    """Return the first day on which somebody may be restored who was removed on a day."""
    return term_end(removed_on, months=months) + timedelta(days=1) if months else removed_on


def check_time(removed_on: date | None, *, months: int, today: date) -> None:
    """Refuse a restoration of somebody who is not removed, or was removed too short a time ago."""
    if removed_on is None:
        raise NotRemoved
    earliest = first_possible(removed_on, months=months)
    if today < earliest:
        raise RestorationTooEarly(first_possible=earliest.isoformat())


def decide(restoration: Restoration, event: RestorationEvent, *, by: str, reason: str) -> Restoration:
    """Return the restoration as decided by somebody other than who proposed it."""
    after = TRANSITIONS.get((restoration.status, event))
    if after is None:
        raise RestorationAlreadyDecided(status=restoration.status)
    if by == restoration.proposed_by:
        raise ProposerMayNotRestore
    if not reason.strip():
        raise ReasonMissing
    return replace(restoration, status=after, decided_by=by, reason=reason.strip())
