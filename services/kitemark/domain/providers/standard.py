"""Standards for providers, as data: each named and versioned, none of them known to the code by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Standard:
    """What has to be known of a standard to record an accreditation to it.

    ``launched`` is the first day on which it can have been there, None where no source says.
    ``kept_by`` are the bodies who may tell who is accredited.
    """

    code: str
    title: str
    launched: date | None
    editions: tuple[str, ...]
    kept_by: frozenset[str]


def read_standard(entry: Mapping[str, Any]) -> Standard:
    """Return the standard that an entry of the reference data describes."""
    launched = entry["launched"]
    return Standard(
        code=entry["code"],
        title=entry["title"],
        launched=None if launched is None else date.fromisoformat(launched),
        editions=tuple(edition["code"] for edition in entry["editions"]),
        kept_by=frozenset(entry["kept_by"]),
    )
