"""Work done for an award that its practitioner also records as CPD, with the school's consent.

Award and entry point at each other: this record holds both names. Who the practitioner is stands in the
entry, which only their association reads, and not here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from shared.errors import Conflict, FieldError, NotFound, Unprocessable

_URN = re.compile(r"[0-9]{5,6}")


class NoSuchReuse(NotFound):
    """There is no such reuse, or it is not one of yours."""


class ReuseMovesOn(Conflict):
    """This reuse is {state} and cannot be {event}: read it again."""


class ReuseNotSaid(Unprocessable):
    """Say which school it is, and in a sentence which work, so that the school knows what it consents to."""


class ReuseAskedAlready(Conflict):
    """This entry is asked for already, for this award: read that reuse."""


class ReuseState(StrEnum):
    """How far a reuse has come."""

    ASKED = "asked"
    CONSENTED = "consented"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ReuseEvent(StrEnum):
    """What somebody can do about a reuse."""

    CONSENT = "consented"
    REFUSE = "refused"
    WITHDRAW = "withdrawn"


class Side(StrEnum):
    """Who speaks: the practitioner by their association, or the school whose work it was."""

    PRACTITIONER = "practitioner"
    SCHOOL = "school"


TRANSITIONS: Mapping[tuple[ReuseState, ReuseEvent, Side], ReuseState] = MappingProxyType(
    {
        (ReuseState.ASKED, ReuseEvent.CONSENT, Side.SCHOOL): ReuseState.CONSENTED,
        (ReuseState.ASKED, ReuseEvent.REFUSE, Side.SCHOOL): ReuseState.REFUSED,
        (ReuseState.ASKED, ReuseEvent.WITHDRAW, Side.PRACTITIONER): ReuseState.WITHDRAWN,
        (ReuseState.CONSENTED, ReuseEvent.WITHDRAW, Side.PRACTITIONER): ReuseState.WITHDRAWN,
        # A school may take its consent back, as anyone may who has given one.
        (ReuseState.CONSENTED, ReuseEvent.WITHDRAW, Side.SCHOOL): ReuseState.WITHDRAWN,
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reuse:
    """One piece of work: the award that it was done for, and the entry of the CPD log that tells of it."""

    urn: str
    award_body: str
    award_id: str
    association: str
    entry_id: str
    work: str
    state: ReuseState = ReuseState.ASKED


def ask(told: Reuse) -> Reuse:
    """Return a reuse as an association asks for it."""
    work = " ".join(told.work.split())
    errors = [] if work else [FieldError("/work", "missing", "Say which work it is.")]
    if not _URN.fullmatch(told.urn):
        errors.append(
            FieldError("/urn", "not-a-urn", "A URN has six digits, or five for a children's centre.")
        )
    if errors:
        raise ReuseNotSaid(errors=errors)
    return replace(told, work=work, state=ReuseState.ASKED)


def move(held: Reuse, event: ReuseEvent, side: Side) -> Reuse:
    """Return the reuse moved on, or refuse what is not this side's to do now."""
    state = TRANSITIONS.get((held.state, event, side))
    if state is None:
        raise ReuseMovesOn(state=held.state.value, event=event.value)
    return replace(held, state=state)
