"""How an audit comes to its draw, which is that of ``shared.draw`` over people, with associations as strata.

The seed is one for everybody, so a person has one place in the order of hashes whatever associations they
belong to. Whoever comes early comes early in each of their associations, and is audited once.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from shared.draw import SeedSource, check_expected
from shared.errors import Conflict, NotFound, Unprocessable


class NoSuchAudit(NotFound):
    """There is no audit {audit_id}."""


class AuditNotInThatState(Conflict):
    """This audit is {state}, so this cannot be done with it now: {can}."""


class NobodyToNotify(Conflict):
    """Nobody who was drawn in this audit waits for a notice."""


class AssociationTwice(Unprocessable):
    """{association} is named more than once: one association is one stratum."""


class AssociationNotAudited(Unprocessable):
    """No policy has the professional members of {association} audited, so it cannot be a stratum."""


class AuditState(StrEnum):
    """How far an audit is."""

    ANNOUNCED = "announced"
    FROZEN = "frozen"
    SEEDED = "seeded"
    DRAWN = "drawn"
    CANCELLED = "cancelled"


class AuditMove(StrEnum):
    """What is done with an audit."""

    FREEZE = "freeze"
    ENTER_SEED = "enter the seed"
    DRAW = "draw"
    CANCEL = "cancel"


MOVES: Mapping[tuple[AuditState, AuditMove], AuditState] = MappingProxyType(
    {
        (AuditState.ANNOUNCED, AuditMove.FREEZE): AuditState.FROZEN,
        (AuditState.FROZEN, AuditMove.ENTER_SEED): AuditState.SEEDED,
        (AuditState.SEEDED, AuditMove.DRAW): AuditState.DRAWN,
        (AuditState.ANNOUNCED, AuditMove.CANCEL): AuditState.CANCELLED,
        (AuditState.FROZEN, AuditMove.CANCEL): AuditState.CANCELLED,
        (AuditState.SEEDED, AuditMove.CANCEL): AuditState.CANCELLED,
    }
)


class Exclusion(StrEnum):
    """Why somebody cannot be drawn, the first that applies."""

    NOT_ON_REGISTER = "not_on_register"
    NEWLY_REGISTERED = "newly_registered"
    EXEMPT = "exempt"
    DEFERRED = "deferred"
    AUDIT_OPEN = "audit_open"
    BEING_DRAWN = "being_drawn"
    RECENTLY_AUDITED = "recently_audited"


def moved(state: AuditState, move: AuditMove) -> AuditState:
    """Return the state to which an audit is moved; raises AuditNotInThatState."""
    after = MOVES.get((state, move))
    if after is None:
        can = " or ".join(can for at, can in MOVES if at is state)
        raise AuditNotInThatState(state=state, can=f"it can {can}" if can else "nothing can")
    return after


def check_announcement(source: SeedSource, associations: Iterable[str], *, now: datetime) -> None:
    """Refuse a seed that is there already, and one association as two strata."""
    check_expected(source, now=now)
    seen: set[str] = set()
    for association in associations:
        if association in seen:
            raise AssociationTwice(association=association)
        seen.add(association)


def salted_id(salt: bytes, number: str) -> str:
    """Return what stands for a person in the published list: nobody without the salt can tell whom."""
    return hashlib.sha256(salt + number.encode()).hexdigest()
