"""The two axes of a question: the day it is about, and the instant of whose knowledge it is answered."""

from dataclasses import dataclass
from datetime import date, datetime

from shared.clock import london_day

KNOWN_AT_IN_FUTURE = "known-at-is-in-the-future"
VALID_AT_IN_FUTURE = "valid-at-is-in-the-future"


@dataclass(frozen=True, kw_only=True, slots=True)
class Axes:
    """The day and the instant that an answer is about, and what has to be said of them.

    ``known_at`` is None where the caller did not ask for an instant: then the present state counts.
    """

    valid_at: date
    known_at: datetime | None
    said_at: datetime
    notes: tuple[str, ...] = ()

    @classmethod
    def chosen(
        cls, *, now: datetime, valid_at: date | None = None, known_at: datetime | None = None
    ) -> "Axes":
        """Return the axes of a question; the day is that of the instant where none was asked for.

        Nothing is known of the future: an instant to come is answered as of now, and a day to come from
        what is known; the answer says so.
        """
        future = known_at is not None and known_at > now
        said_at = now if known_at is None or future else known_at
        day = london_day(said_at) if valid_at is None else valid_at
        notes = ((KNOWN_AT_IN_FUTURE,) if future else ()) + (
            (VALID_AT_IN_FUTURE,) if day > london_day(said_at) else ()
        )
        return cls(valid_at=day, known_at=None if future else known_at, said_at=said_at, notes=notes)
