"""The acceptance of a version of the code of ethics."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from shared.errors import Conflict, FieldError, Unprocessable


class CodeVersionNotKnown(Unprocessable):
    """There is no such version of the code of ethics: see errors for those that there are."""


class AcceptanceInTheFuture(Unprocessable):
    """A code cannot have been accepted after today."""


class CodeNotInForceThen(Conflict):
    """This version of the code was not in force on the day on which it is said to have been accepted."""


def check_acceptance(
    code_version: str, accepted_on: date, *, codes: Mapping[str, Mapping[str, Any]], today: date
) -> None:
    """Refuse a version that is not listed, a day to come, and a day on which the version was not in force.

    Where the list does not say from when or until when a version held, nothing is held against the day.
    """
    code = codes.get(code_version)
    if code is None:
        detail = f"This is not one of: {', '.join(sorted(codes))}."
        raise CodeVersionNotKnown(errors=[FieldError("/code_version", "not-known", detail)])
    if accepted_on > today:
        raise AcceptanceInTheFuture
    day = accepted_on.isoformat()
    if day < (code["effective_from"] or "") or day > (code["effective_to"] or "9999"):
        raise CodeNotInForceThen
