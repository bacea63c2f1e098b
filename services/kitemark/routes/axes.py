"""The two axes of time as query parameters: a day, and an instant with its offset."""

import re
from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import Query, Request
from pydantic import BeforeValidator

from shared.errors import FieldError
from shared.problems import InputNotValid

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
FIRST_YEAR = 1900
LAST_YEAR = 2999  # no year may run out of the calendar


def parse_day(given: object) -> date:
    """Return a day of the calendar written as 2026-11-21; raises ValueError with what is wrong."""
    if not isinstance(given, str) or not _DAY.fullmatch(given):
        raise ValueError("A day is written as 2026-11-21.")
    try:
        day = date.fromisoformat(given)
    except ValueError:
        raise ValueError("There is no such day in the calendar.") from None
    if day.year < FIRST_YEAR:
        raise ValueError(f"The day lies before {FIRST_YEAR}.")
    if day.year > LAST_YEAR:
        raise ValueError(f"The day lies after {LAST_YEAR}.")
    return day


def parse_instant(given: object) -> datetime:
    """Return an instant written as 2026-11-21T09:30:00Z; raises ValueError with what is wrong."""
    if not isinstance(given, str) or not _INSTANT.fullmatch(given):
        raise ValueError(
            "An instant is written as 2026-11-21T09:30:00Z, or with its offset in place of Z (where + "
            "has to be sent as %2B in an address)."
        )
    try:
        instant = datetime.fromisoformat(given.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("There is no such instant in the calendar.") from None
    if instant.year < FIRST_YEAR:
        raise ValueError(f"The instant lies before {FIRST_YEAR}.")
    return instant


Instant = Annotated[datetime, BeforeValidator(parse_instant)]
"""An instant such as 2026-11-21T09:30:00Z."""

ValidAt = Annotated[
    date | None,
    BeforeValidator(lambda given: None if given is None else parse_day(given)),
    Query(
        description="The day to be told about, in Europe/London; today, or the day of known_at, if not said."
    ),
]
KnownAt = Annotated[
    datetime | None,
    BeforeValidator(lambda given: None if given is None else parse_instant(given)),
    Query(description="Answer as it was known at this instant; now, if not said."),
]


def only_these_parameters(request: Request, *names: str) -> None:
    """Refuse a query with any other parameter: a misspelt valid_at would be answered as of today."""
    strange = sorted(set(request.query_params) - set(names))
    if strange:
        known = f"The parameters are {' and '.join(names)}."
        raise InputNotValid(errors=[FieldError(f"query:/{name}", "unknown", known) for name in strange])
