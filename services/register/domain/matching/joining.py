"""Two numbers joined by a registrar, which details are then shown, and the joining undone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from services.register.domain.member import Details
from shared.errors import Conflict, Forbidden, Unprocessable


class OnePersonAlready(Conflict):
    """These numbers are one person already: both lead to {number}."""


class MergerMayNotUndo(Forbidden):
    """Whoever joined two numbers may not undo it: another registrar has to."""


class MergeAlreadyUndone(Conflict):
    """This merge was undone already. If the two are one person after all, merge them again."""


class MergeReasonMissing(Unprocessable):
    """Say in a sentence why."""


class MergeStatus(StrEnum):
    """Whether a merge was left to stand."""

    STANDS = "stands"
    UNDONE = "undone"


class MergeEvent(StrEnum):
    """What can happen to a merge once it is made."""

    UNDO = "undo"


# Only a registrar moves a merge, and never the one who made it.
TRANSITIONS: Mapping[tuple[MergeStatus, MergeEvent], MergeStatus] = MappingProxyType(
    {(MergeStatus.STANDS, MergeEvent.UNDO): MergeStatus.UNDONE}
)


class Survivor(StrEnum):
    """The details that can be shown as the retired record has them."""

    NAME = "name"
    DATE_OF_BIRTH = "date_of_birth"
    HOME_COUNTRY = "home_country"
    REGIONS = "regions"
    SETTINGS = "settings"
    ROLES = "roles"
    SPECIALISMS = "specialisms"


@dataclass(frozen=True, kw_only=True, slots=True)
class Undoing:
    """Why a merge is undone, and by whom."""

    by: str
    reason: str


def undone(status: MergeStatus, *, merged_by: str, by: str, reason: str) -> Undoing:
    """Return the undoing of a merge, or refuse."""
    if TRANSITIONS.get((status, MergeEvent.UNDO)) is None:
        raise MergeAlreadyUndone
    if by == merged_by:
        raise MergerMayNotUndo
    return Undoing(by=by, reason=stated(reason))


def stated(reason: str) -> str:
    """Return a reason without the space around it; raises MergeReasonMissing where there is none."""
    if not reason.strip():
        raise MergeReasonMissing
    return reason.strip()


def shown(kept: Details, retired: Details, survives: frozenset[Survivor]) -> Details:
    """Return what is shown of two records as one: the kept one's details, but for those that survive."""
    taken = {each.value: getattr(retired, each.value) for each in survives if each is not Survivor.NAME}
    if Survivor.NAME in survives:
        taken |= {"given_names": retired.given_names, "family_name": retired.family_name}
    return replace(kept, **taken)


def left_alone(told: Details, recorded: Details, now_shown: Details) -> Details:
    """Return what is told, but each detail that is shown already as it is recorded, so that nothing changes.

    An association that goes on telling what survived a merge does not undo the choice of another.
    """
    same = {
        name: getattr(recorded, name) for name in _PARTS if getattr(told, name) == getattr(now_shown, name)
    }
    if told.name != now_shown.name:
        same.pop("given_names", None)
        same.pop("family_name", None)
    return replace(told, **same)


def told_anew(before: Details, after: Details) -> frozenset[Survivor]:
    """Return the details told otherwise than recorded: no earlier choice speaks for them any more."""
    changed = {name for name in _PARTS if getattr(before, name) != getattr(after, name)}
    renamed = {Survivor.NAME} if changed & {"given_names", "family_name"} else set()
    return frozenset(renamed | {each for each in Survivor if each.value in changed})


_PARTS = (
    "given_names",
    "family_name",
    *(each.value for each in Survivor if each is not Survivor.NAME),
)
