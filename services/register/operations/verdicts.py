"""What the register says of a number: on any day, and as it was known at any instant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson

from services.register.domain.verdict import decide, never_issued
from services.register.operations.public_entries import body_of, grace_days, leaving_rules
from services.register.storage import policies, public_entries, standing
from shared.clock import london_day, rfc3339
from shared.database import Database
from shared.errors import NotFound

AT_ONCE = 500
"""For so many people facts are read and decided at once, so that others get their turn in between."""

VALID_AT_IN_FUTURE = "valid-at-is-in-the-future"
KNOWN_AT_IN_FUTURE = "known-at-is-in-the-future"


class NeverIssued(NotFound):
    """{sentence}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Axes:
    """The day and the instant that an answer is about, and what has to be said of them.

    ``known_at`` is None where the caller did not ask for an instant: then the present state counts.
    """

    valid_at: date
    known_at: datetime | None
    said_at: datetime
    notes: tuple[str, ...] = ()

    @classmethod
    def chosen(cls, *, valid_at: date | None, known_at: datetime | None, now: datetime) -> "Axes":
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

    def asked(self) -> bytes:
        """Return what tells the same question from another: the axes as the caller chose them."""
        return f"{self.valid_at}{self.known_at}".encode()

    def tail(self, head: int) -> bytes:
        """Return the end of an answer: what it is about, and how far the journal had come."""
        return (
            f',"valid_at":"{self.valid_at.isoformat()}","known_at":"{rfc3339(self.said_at)}"'
            f',"journal_position":{head}}}'
        ).encode()


@dataclass(frozen=True, slots=True)
class Bodies:
    """What was found: verdicts as JSON by number, what was asked, and the end that every answer gets."""

    by_number: Mapping[str, bytes]
    axes: Axes
    head: int
    asked: bytes
    tail: bytes


async def bodies_today(db: Database, numbers: Sequence[str], *, now: datetime) -> Bodies:
    """Return what these numbers say today, from the stored entries: the look-up that everybody makes."""
    axes = Axes(valid_at=london_day(now), known_at=None, said_at=now)
    found = await public_entries.on_day(db, numbers, day=axes.valid_at)
    return Bodies(found.by_number, axes, found.head, axes.asked(), axes.tail(found.head))


async def bodies(db: Database, numbers: Sequence[str], *, axes: Axes) -> Bodies:
    """Return what these numbers say on the axes; a number that was not issued by then is left out."""
    if axes.known_at is None:
        found = await public_entries.on_day(db, numbers, day=axes.valid_at)
        texts, head = found.by_number, found.head
    else:
        texts, head = await _as_known(db, numbers, day=axes.valid_at, known_at=axes.known_at)
    if axes.notes:
        texts = {number: _noted(text, axes.notes) for number, text in texts.items()}
    return Bodies(texts, axes, head, axes.asked(), axes.tail(head))


async def bodies_in_order(
    db: Database, numbers: Sequence[str | None], *, axes: Axes
) -> tuple[list[bytes | None], bytes]:
    """Return what is said on the axes, one for each number in its place, and the end that every answer gets.

    None stands where nothing was asked, or the number was not issued by then.
    """
    if axes.known_at is None and not axes.notes:
        texts, head = await public_entries.in_order(db, numbers, day=axes.valid_at)
        return texts, axes.tail(head)
    found = await bodies(db, [each for each in numbers if each is not None], axes=axes)
    return [found.by_number.get(number or "") for number in numbers], found.tail


def not_issued(number: str) -> NeverIssued:
    """Return the refusal for a well-formed number that nobody has."""
    return NeverIssued(sentence=never_issued(number).sentence)


async def _as_known(
    db: Database, numbers: Sequence[str], *, day: date, known_at: datetime
) -> tuple[dict[str, bytes], int]:
    """Decide from the facts as they were known; by the same function that made the stored entries."""
    texts: dict[str, bytes] = {}
    async with db.reading() as tx:
        head = await standing.journal_head(tx)
        grace = await grace_days(tx, today=london_day(known_at))
        leaving = leaving_rules(await policies.licence_policies(tx))
        for start in range(0, len(numbers), AT_ONCE):
            ids = await standing.ids_of(tx, numbers[start : start + AT_ONCE])
            facts = await standing.facts_of(
                tx, ids.values(), grace_days=grace, leaving=leaving, known_at=known_at
            )
            texts |= {each.number: body_of(decide(each, day=day)).encode() for each in facts.values()}
    return texts, head


def _noted(text: bytes, notes: Sequence[str]) -> bytes:
    """Add to the reasons what has to be said of the question."""
    verdict: dict[str, Any] = orjson.loads(text)
    verdict["reasons"] = [*verdict["reasons"], *notes]
    return orjson.dumps(verdict)
