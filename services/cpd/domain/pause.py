"""Deferrals and exemptions: days on which nothing is asked, decided by somebody who may, for a reason."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.errors import Conflict, NotFound, Unprocessable


class NoSuchPause(NotFound):
    """There is no deferral or exemption {pause_id}."""


class PauseEndsBeforeItBegins(Unprocessable):
    """A deferral or an exemption cannot end before the day on which it begins."""


class PauseNotOpen(Conflict):
    """This deferral or exemption ends on {valid_to} at the latest already."""


class DeferralWithoutEnd(Unprocessable):
    """A deferral puts off, so it needs a last day; what has no end is an exemption."""


class PauseKind(StrEnum):
    """A deferral puts the duty off, an exemption takes it away; the days of neither oblige."""

    DEFERRAL = "deferral"
    EXEMPTION = "exemption"


class PauseReason(StrEnum):
    """Why nothing is asked; never told to anybody but who decides."""

    ILLNESS = "illness"
    FAMILY_LEAVE = "family_leave"
    BREAK_FROM_PRACTICE = "break_from_practice"
    NEWLY_REGISTERED = "newly_registered"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What is decided for a person, both days included."""

    kind: PauseKind
    reason: PauseReason
    note: str
    valid_from: date
    valid_to: date | None


def check(decision: Decision) -> None:
    """Refuse days that cannot be."""
    if decision.valid_to is None and decision.kind is PauseKind.DEFERRAL:
        raise DeferralWithoutEnd
    if decision.valid_to is not None and decision.valid_to < decision.valid_from:
        raise PauseEndsBeforeItBegins


def ended(valid_from: date, valid_to: date | None, *, last_day: date) -> date:
    """Return the last day of a pause that is ended early, never before its first."""
    if valid_to is not None and valid_to <= last_day:
        raise PauseNotOpen(valid_to=valid_to.isoformat())
    if last_day < valid_from:
        raise PauseEndsBeforeItBegins
    return last_day
