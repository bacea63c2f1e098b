"""Which principles of the code of ethics a complaint cites: of the version in force when it happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.register.domain.admission import codes_in_force
from shared.errors import Unprocessable


class PrincipleNotInTheCode(Unprocessable):
    """The code in force on {day} has no principle “{principle}”: its principles are {known}."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Citation:
    """The version of the code, None where none is known for the day, and what is cited of it.

    A principle is ``listed`` where a source names it; the lists of some versions are known not to be whole,
    and then another principle is taken as it is written.
    """

    code_version: str | None
    principles: tuple[str, ...]
    listed: tuple[bool, ...]


def cite(codes: Sequence[Mapping[str, Any]], principles: Sequence[str], *, day: date) -> Citation:
    """Return what is cited of the version in force on the day, as its source writes it."""
    in_force = codes_in_force(codes, day=day)
    # The newest, where two were in force on one day.
    code = max(
        (each for each in codes if each["code"] in in_force),
        key=lambda each: str(each["effective_from"]),
        default=None,
    )
    titles = {} if code is None else {each["title"].casefold(): each["title"] for each in code["principles"]}
    asked = tuple(dict.fromkeys(each.strip() for each in principles if each.strip()))
    unlisted = [each for each in asked if each.casefold() not in titles]
    if code is not None and code["complete"] and unlisted:
        known = ", ".join(titles.values())
        raise PrincipleNotInTheCode(day=day.isoformat(), principle=unlisted[0], known=known)
    return Citation(
        code_version=None if code is None else code["code"],
        principles=tuple(titles.get(each.casefold(), each) for each in asked),
        listed=tuple(each.casefold() in titles for each in asked),
    )
