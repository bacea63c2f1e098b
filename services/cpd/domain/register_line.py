"""What a line of the register's journal tells CPD, and which membership a correction replaces."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.cpd.domain.cycle import Membership
from services.cpd.domain.policy import MembershipLevel

RECORDED, CHANGED, ENDED = "membership.recorded", "membership.changed", "membership.ended"
ENTERED, RETIRED, DECEASED = "register.entered", "register.retired", "register.deceased"
DEATH_DECIDED = "death.correction-decided"
MERGED, PARTED = "people.merged", "people.parted"
ERASED = "person.erased"


@dataclass(frozen=True, kw_only=True, slots=True)
class MembershipTold:
    """A membership as a line tells it; ``was_from`` is the first day of the one that it replaces, if any."""

    membership: Membership
    category: str | None
    replaces: bool
    was_from: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class MoveTold:
    """Somebody came onto the register or left it, where they ``died`` for good."""

    moved_on: date
    entered: bool
    died: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class DeathUndoneTold:
    """A death was recorded wrongly: the person never died, or another line says when."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MergeTold:
    """A number leads to another from now on."""

    kept_number: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PartingTold:
    """A merge was undone: the number that led to another never did, but in what was known until now."""

    kept_number: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ErasureTold:
    """Somebody was erased: what was written about them is taken out."""


LineTold = MembershipTold | MoveTold | DeathUndoneTold | MergeTold | PartingTold | ErasureTold


def read(event: str, facts: Mapping[str, Any]) -> LineTold | None:
    """Return what a line tells, or None where it tells nothing that CPD has to know."""
    if event in (RECORDED, CHANGED, ENDED):
        first = date.fromisoformat(facts["valid_from"])
        was_from = facts.get("was_from")
        return MembershipTold(
            membership=Membership(
                association=facts["association"],
                level=MembershipLevel(facts["level"]),
                valid_from=first,
                valid_to=None if facts["valid_to"] is None else date.fromisoformat(facts["valid_to"]),
            ),
            category=facts["category"],
            replaces=event != RECORDED,
            was_from=date.fromisoformat(was_from) if was_from is not None else None,
        )
    if event in (ENTERED, RETIRED, DECEASED):
        first = date.fromisoformat(facts["valid_from"])
        return MoveTold(moved_on=first, entered=event == ENTERED, died=event == DECEASED)
    if event == DEATH_DECIDED:
        return DeathUndoneTold() if facts["outcome"] == "confirmed" else None
    if event == ERASED:
        return ErasureTold()
    if event == PARTED:
        return PartingTold(kept_number=facts["kept_number"])
    return MergeTold(kept_number=facts["kept_number"]) if event == MERGED else None


def replaced(told: MembershipTold, held: Sequence[Membership]) -> int | None:
    """Return the place of the membership that is replaced among those held, or None where none is.

    The line says its first day. Where it does not, it is the one with the same first day, or the one that
    begins later and has a day in common: the register lets a new telling replace no other.
    """
    if not told.replaces:
        return None
    wanted = told.was_from or told.membership.valid_from
    last = told.membership.valid_to or date.max
    for place, each in enumerate(held):
        if each.valid_from == wanted:
            return place
    for place, each in enumerate(held):
        if wanted < each.valid_from <= last:
            return place
    return None
