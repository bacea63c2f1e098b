"""A module: what can be learnt in one piece, the credit that it gives, and how long that credit counts."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.errors import Conflict, FieldError, NotFound, Unprocessable

LAST_YEAR = 9999


class NoSuchModule(NotFound):
    """There is no such module or version of it, or it is not yours to change."""


class ModuleNotPlausible(Unprocessable):
    """This module cannot be right: see errors for what to mend."""


class VersionDayTaken(Conflict):
    """Another version takes effect on this day already: choose another day, or amend that version."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CreditValue:
    """Credits at a level of a framework. None of the three says anything without the other two."""

    framework: str
    level: str
    credits: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Module:
    """One version of a module, in effect from a day until the next one takes effect.

    ``offer`` is the offer of the catalogue by keeper and id, such as ``ICG/talk-7``. ``expires_after_months``
    is the policy for its credit; None where credit counts for good.
    """

    version: str
    effective_from: date
    title: str
    awarding_body: str
    value: CreditValue
    free_standing: bool
    offer: str | None = None
    expires_after_months: int | None = None
    withdrawn: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return the module as JSON."""
        return {
            "version": self.version,
            "effective_from": self.effective_from.isoformat(),
            "title": self.title,
            "awarding_body": self.awarding_body,
            "framework": self.value.framework,
            "level": self.value.level,
            "credits": self.value.credits,
            "free_standing": self.free_standing,
            "offer": self.offer,
            "expires_after_months": self.expires_after_months,
            "withdrawn": self.withdrawn,
        }


def parse_module(data: Mapping[str, Any]) -> Module:
    """Return the module that the JSON of ``as_dict`` describes."""
    given = dict(data)
    value = CreditValue(**{name: given.pop(name) for name in ("framework", "level", "credits")})
    return Module(**given | {"effective_from": date.fromisoformat(given["effective_from"]), "value": value})


def check_module(module: Module) -> None:
    """Refuse an offer that is not named by its keeper and its id; raises ModuleNotPlausible."""
    if module.offer is not None and not is_reference(module.offer):
        detail = "Name an offer as keeper and id, such as ICG/talk-7."
        raise ModuleNotPlausible(errors=[FieldError("/offer", "not-a-reference", detail)])


def is_reference(text: str) -> bool:
    """Tell whether a text names something by its association and that association's id of it."""
    association, slash, own_id = text.partition("/")
    return bool(association and slash and own_id)


def expires_on(awarded_on: date, months: int | None) -> date | None:
    """Return the first day on which credit counts no more; None where it counts for good.

    It is the same day of the month so many months later, or the last of that month where it is shorter.
    """
    if months is None:
        return None
    years, month = divmod(awarded_on.month - 1 + months, 12)
    year = awarded_on.year + years
    if year > LAST_YEAR:
        return None
    return date(year, month + 1, min(awarded_on.day, monthrange(year, month + 1)[1]))
