"""What is held on a person, made readable for that person."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

_RANGE = re.compile(r"([\[(])\"?([^\",]*)\"?,\"?([^\",]*)\"?([\])])")


def readable(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored row with its two axes spelt out: the days of ``valid`` inclusive, as everywhere."""
    told = dict(row)
    valid, known = told.pop("valid", None), told.pop("known", None)
    if valid is not None:
        told["valid_from"], told["valid_to"] = _days(valid)
    if known is not None:
        told["known_from"], told["known_to"] = _bounds(known)
    return told


def _days(text: str) -> tuple[str | None, str | None]:
    first, after = _bounds(text)
    return first, None if after is None else (date.fromisoformat(after) - timedelta(days=1)).isoformat()


def _bounds(text: str) -> tuple[str | None, str | None]:
    """Return the bounds of a range as PostgreSQL writes it; an empty one has none."""
    found = _RANGE.fullmatch(text)
    return (found[2] or None, found[3] or None) if found else (None, None)
