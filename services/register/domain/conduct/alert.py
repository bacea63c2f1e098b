"""An alert: what an association has to be told of a sanction, by when it says that it knows."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from shared.errors import Conflict, NotFound


class NoSuchAlert(NotFound):
    """There is no such alert, or it is not one of yours."""


class AlertAlreadyAcknowledged(Conflict):
    """Your association has acknowledged this alert already."""


class Occasion(StrEnum):
    """What an alert tells of."""

    IMPOSED = "imposed"
    LIFTED = "lifted"


@dataclass(frozen=True, kw_only=True, slots=True)
class Alert:
    """One association's alert of one sanction."""

    association: str
    occasion: Occasion
    due_on: date
    acknowledged_at: datetime | None
    escalated_at: datetime | None


def check_may_acknowledge(alert: Alert, *, association: str | None) -> None:
    """Refuse anybody but the association that was told, and that once only; late is better than never."""
    if association is None or association != alert.association:
        raise NoSuchAlert
    if alert.acknowledged_at is not None:
        raise AlertAlreadyAcknowledged
