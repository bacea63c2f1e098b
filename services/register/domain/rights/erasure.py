"""Erasing a person: on which grounds, decided by whom, and what a public register has to keep first.

The grounds are those of Article 17(1) of the UK GDPR; Article 17(3) lets a register keep what the law or the
public interest asks of it, which is what the bars below stand for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from services.register.domain.facts import Dated, Facts
from services.register.domain.licence import EntryStatus
from services.register.domain.rights.policy import RetentionPolicy
from services.register.domain.sanction import SanctionKind
from shared.errors import Conflict, Forbidden


class AlreadyErased(Conflict):
    """This person was erased already."""


class ErasureAlreadyProposed(Conflict):
    """An erasure of this person waits for a decision already."""


class ErasureAlreadyDecided(Conflict):
    """This erasure was decided already: it is {status}."""


class ProposerMayNotDecide(Forbidden):
    """Whoever proposed an erasure may not decide it: another registrar has to."""


class StillAMember(Conflict):
    """This person is a member of an association today: the membership has to end first."""


class StillOnTheRegister(Conflict):
    """This person is on the register, or licensed, today or from a later day: they have to retire first."""


class StillSanctioned(Conflict):
    """A sanction stands against this person: it has to be lifted, or to end, first."""


class RemovalIsKept(Conflict):
    """This person was removed from the register. A removal stays, and so does the person it is about."""


class MatterOpen(Conflict):
    """Something about this person waits for a decision: {matters}. It has to be decided first."""


class StillToBeKept(Conflict):
    """Records of the class {record_class} are kept until {last}: the person can be erased after that day."""


class Ground(StrEnum):
    """Why a person is erased, by the letters of Article 17(1) of the UK GDPR."""

    NO_LONGER_NEEDED = "no_longer_needed"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    OBJECTION = "objection"
    UNLAWFUL = "unlawful"
    LEGAL_DUTY = "legal_duty"


class ErasureStatus(StrEnum):
    """How an erasure stands."""

    PROPOSED = "proposed"
    DONE = "done"
    DECLINED = "declined"


class ErasureDecision(StrEnum):
    """What the second registrar decides."""

    CONFIRMED = "confirmed"
    DECLINED = "declined"


TRANSITIONS: Mapping[tuple[ErasureStatus, ErasureDecision], ErasureStatus] = MappingProxyType(
    {
        (ErasureStatus.PROPOSED, ErasureDecision.CONFIRMED): ErasureStatus.DONE,
        (ErasureStatus.PROPOSED, ErasureDecision.DECLINED): ErasureStatus.DECLINED,
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Erasure:
    """An erasure as it was proposed and decided."""

    ground: Ground
    status: ErasureStatus
    proposed_by: str
    decided_by: str | None = None


def decide(erasure: Erasure, decision: ErasureDecision, *, by: str) -> Erasure:
    """Return the erasure as another registrar decides it."""
    after = TRANSITIONS.get((erasure.status, decision))
    if after is None:
        raise ErasureAlreadyDecided(status=erasure.status.value)
    if by == erasure.proposed_by:
        raise ProposerMayNotDecide
    return replace(erasure, status=after, decided_by=by)


def check_may_be_erased(
    facts: Facts, *, policy: RetentionPolicy, open_matters: Sequence[str], today: date
) -> None:
    """Refuse to erase whoever the register still has to answer for, as of ``today``."""
    if any(each.kind is SanctionKind.REMOVAL for each in facts.sanctions):
        if policy.of("removals").days is None:
            raise RemovalIsKept
        _check_kept(policy, "removals", facts.sanctions, today)
    if any(_stands(each, today) for each in facts.memberships):
        raise StillAMember
    entries = [each for each in facts.entries if each.status is EntryStatus.ON_REGISTER]
    held: tuple[Dated, ...] = (*entries, *facts.licences)
    if any(_stands(each, today) for each in held):
        raise StillOnTheRegister
    if any(_stands(each, today) for each in facts.sanctions):
        raise StillSanctioned
    if open_matters:
        raise MatterOpen(matters=", ".join(each.replace("_", " ") for each in open_matters))
    _check_kept(policy, "sanctions", facts.sanctions, today)
    _check_kept(policy, "standing", (*facts.memberships, *held), today)


def _stands(fact: Dated, today: date) -> bool:
    return fact.valid_to is None or today <= fact.valid_to


def _check_kept(policy: RetentionPolicy, record_class: str, facts: Iterable[Dated], today: date) -> None:
    """Refuse before the last of these facts has ended for as long as its class is kept."""
    ended = max((each.valid_to for each in facts if each.valid_to is not None), default=None)
    if ended is None:
        return
    last = policy.of(record_class).ends(ended)
    if last is None or today <= last:
        raise StillToBeKept(record_class=record_class, last="ever" if last is None else last.isoformat())
