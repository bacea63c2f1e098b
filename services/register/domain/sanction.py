"""Sanctions: conditions, suspensions and removal, from a day until they end or are lifted."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from shared.errors import Conflict, Unprocessable


class NeverOnTheRegister(Conflict):
    """This person has never been on the register, so there is nothing to sanction."""


class SanctionEndsBeforeItStarts(Unprocessable):
    """A sanction cannot end before the day it starts."""


class PublicReasonMissing(Unprocessable):
    """A sanction needs a reason that the public may read."""


class InternalReasonMissing(Unprocessable):
    """A sanction needs an internal reason, for those who have to review it."""


class ConditionsMissing(Unprocessable):
    """Say in words that the public may read what the conditions are."""


class ConditionsNotExpected(Unprocessable):
    """Only a sanction of the kind “conditions” carries conditions."""


class RemovalHasNoEnd(Unprocessable):
    """A removal has no last day: it ends only when the person is restored to the register."""


class RemovalEndsOnlyByRestoration(Conflict):
    """A removal cannot be lifted: the person returns only by being restored to the register."""


class SanctionAlreadyLifted(Conflict):
    """This sanction was lifted already."""


class SanctionAlreadyOver(Conflict):
    """This sanction ended on {ended_on}, so there is nothing left to lift."""


class LiftingReasonMissing(Unprocessable):
    """Say in a sentence why the sanction is lifted."""


class EvidenceStillMissing(Conflict):
    """The licence rests on evidence that was found false, and nothing else bears it: have another
    qualification authenticated first."""


class SanctionKind(StrEnum):
    """What a sanction does, mildest first."""

    CONDITIONS = "conditions"
    INTERIM_SUSPENSION = "interim_suspension"
    SUSPENSION = "suspension"
    REMOVAL = "removal"


SUSPENSIONS = frozenset({SanctionKind.INTERIM_SUSPENSION, SanctionKind.SUSPENSION})


class SanctionStatus(StrEnum):
    """Whether a sanction was left to stand."""

    IMPOSED = "imposed"
    LIFTED = "lifted"


class SanctionEvent(StrEnum):
    """What can happen to a sanction once it is imposed."""

    LIFT = "lift"


# A removal has no row: nothing ends it but restoration, which is a decision of its own.
TRANSITIONS: Mapping[tuple[SanctionKind, SanctionStatus, SanctionEvent], SanctionStatus] = MappingProxyType(
    {
        (kind, SanctionStatus.IMPOSED, SanctionEvent.LIFT): SanctionStatus.LIFTED
        for kind in SanctionKind
        if kind is not SanctionKind.REMOVAL
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sanction:
    """One sanction; its days are inclusive and open-ended until it is lifted.

    A sanction lifted on its first day stands for no day at all: its `valid_to` is then the day
    before its `valid_from`.
    """

    kind: SanctionKind
    public_reason: str
    internal_reason: str
    conditions: str | None
    valid_from: date
    valid_to: date | None
    imposed_by: str
    status: SanctionStatus = SanctionStatus.IMPOSED
    lifted_by: str | None = None
    lifted_reason: str | None = None

    @property
    def stands(self) -> bool:
        """Tell whether the sanction holds for any day."""
        return self.valid_to is None or self.valid_to >= self.valid_from


def impose(
    *,
    kind: SanctionKind,
    public_reason: str,
    internal_reason: str,
    conditions: str | None,
    valid_from: date,
    valid_to: date | None,
    by: str,
    ever_on_register: bool,
) -> Sanction:
    """Return the sanction, or refuse one that says too little or cannot be."""
    if not ever_on_register:
        raise NeverOnTheRegister
    if kind is SanctionKind.REMOVAL and valid_to is not None:
        raise RemovalHasNoEnd
    if valid_to is not None and valid_to < valid_from:
        raise SanctionEndsBeforeItStarts
    if not public_reason.strip():
        raise PublicReasonMissing
    if not internal_reason.strip():
        raise InternalReasonMissing
    return Sanction(
        kind=kind,
        public_reason=public_reason.strip(),
        internal_reason=internal_reason.strip(),
        conditions=_checked_conditions(kind, conditions),
        valid_from=valid_from,
        valid_to=valid_to,
        imposed_by=by,
    )


def lift(sanction: Sanction, *, by: str, on: date, reason: str) -> Sanction:
    """Return the sanction as lifted: it no longer holds on the day `on`, nor afterwards."""
    if sanction.kind is SanctionKind.REMOVAL:
        raise RemovalEndsOnlyByRestoration
    status = TRANSITIONS.get((sanction.kind, sanction.status, SanctionEvent.LIFT))
    if status is None:
        raise SanctionAlreadyLifted
    if sanction.valid_to is not None and sanction.valid_to < on:
        raise SanctionAlreadyOver(ended_on=sanction.valid_to.isoformat())
    if not reason.strip():
        raise LiftingReasonMissing
    last_day = max(on, sanction.valid_from) - timedelta(days=1)
    return replace(sanction, status=status, valid_to=last_day, lifted_by=by, lifted_reason=reason.strip())


def _checked_conditions(kind: SanctionKind, conditions: str | None) -> str | None:
    """Return the public text of conditions, which belongs to that kind alone."""
    text = (conditions or "").strip()
    if kind is SanctionKind.CONDITIONS:
        if not text:
            raise ConditionsMissing
        return text
    if text:
        raise ConditionsNotExpected
    return None
