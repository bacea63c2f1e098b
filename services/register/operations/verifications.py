"""Many numbers verified at once, each with a second fact where the caller gave one."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import orjson

from services.register.domain.person import MalformedNumber, folded, parse_number
from services.register.domain.verdict import details_do_not_match, malformed, never_issued
from services.register.operations.public_entries import body_of
from services.register.operations.rights import disclosures
from services.register.operations.verdicts import Axes, bodies_in_order
from services.register.storage.identities import KnownAs, known_as
from shared.actor import Actor
from shared.database import Database
from shared.disclosures import Disclosed, Disclosure
from shared.errors import TooLarge, Unauthenticated, Unprocessable

MOST_ROWS = 10_000
MOST_ROWS_FOR_ANYONE = 100
MOST_DATES_OF_BIRTH = 3
ROWS_IN_A_PIECE = 200
ENTITLED = frozenset({"checks:write", "people:match", "members:write", "register:decide", "internal"})
"""Who may learn that a number exists although the second fact differs."""

_LOOKS_CANONICAL = re.compile(r"CR[0-9]{7}[0-9X]").fullmatch


class TooManyRows(TooLarge):
    """At most {most} rows can be checked at once: send the rest in a further request."""


class TooManyRowsForAnyone(TooLarge):
    """Without an access token at most {most} rows can be checked at once: send fewer rows, or a token."""


class DateOfBirthNotForAnyone(Unauthenticated):
    """A date of birth is compared only for callers with an access token: send one, or the family name."""


class TooManyDatesOfBirth(Unprocessable):
    """More than {most} dates of birth were given for one number: send those that the person gave you."""


@dataclass(frozen=True, slots=True)
class SecondFact:
    """What the caller knows besides the number; at least one of the two."""

    family_name: str | None
    date_of_birth: date | None


@dataclass(frozen=True, slots=True)
class Batch:
    """The rows of a batch as columns: one number and one reference each, second facts by row where given.

    A number is whatever stood in the row; what is no number gets the outcome ``malformed``.
    """

    numbers: Sequence[object]
    references: Sequence[str | None]
    second_facts: Mapping[int, SecondFact]


async def verify(
    db: Database, batch: Batch, *, axes: Axes, purpose: str, actor: Actor, now: datetime
) -> list[bytes]:
    """Return one outcome for each row, in order, as the pieces of the JSON that is sent.

    Where the second fact differs, only a caller who may know that the number exists is told so; anybody else
    gets what is said of a number that was never issued. A date of birth that is confirmed is a disclosure.
    """
    _check_size(len(batch.numbers), actor)
    numbers = [_canonical(each) for each in batch.numbers]
    _check_dates_of_birth(numbers, batch.second_facts, actor)
    found, tail = await bodies_in_order(db, numbers, axes=axes)
    differing = await _differing(db, numbers, batch.second_facts)
    await _note_births(
        db,
        [
            numbers[place] or ""
            for place, fact in batch.second_facts.items()
            if fact.date_of_birth is not None and place not in differing and found[place] is not None
        ],
        purpose=purpose,
        actor=actor,
        now=now,
    )
    for place in differing:
        if found[place] is not None:
            found[place] = _mismatch(numbers[place] or "", actor)
    texts = [
        _nothing_found(batch.numbers[place], numbers[place]) if text is None else text
        for place, text in enumerate(found)
    ]
    return _rendered(batch.references, texts, tail)


async def _note_births(
    db: Database, confirmed: Sequence[str], *, purpose: str, actor: Actor, now: datetime
) -> None:
    """Write down whose date of birth is confirmed, before it is."""
    told = [Disclosure(about=number, fields=("date_of_birth",)) for number in dict.fromkeys(confirmed)]
    if told:
        await disclosures.note(
            db, Disclosed(actor=actor, operation="verify", purpose=purpose, at=now, disclosures=told)
        )


def _check_size(rows: int, actor: Actor) -> None:
    if rows > MOST_ROWS:
        raise TooManyRows(most=f"{MOST_ROWS:,}")
    if actor.is_anonymous and rows > MOST_ROWS_FOR_ANYONE:
        raise TooManyRowsForAnyone(most=MOST_ROWS_FOR_ANYONE)


def _check_dates_of_birth(
    numbers: Sequence[str | None], facts: Mapping[int, SecondFact], actor: Actor
) -> None:
    """Refuse whoever could find out a date of birth by trying: it is compared to confirm, never to search."""
    tried: defaultdict[str | None, set[date]] = defaultdict(set)
    for place, fact in facts.items():
        if fact.date_of_birth is not None:
            tried[numbers[place]].add(fact.date_of_birth)
    if not tried:
        return
    if actor.is_anonymous:
        raise DateOfBirthNotForAnyone
    actor.require(*sorted(ENTITLED))
    if max(len(dates) for dates in tried.values()) > MOST_DATES_OF_BIRTH:
        raise TooManyDatesOfBirth(most=MOST_DATES_OF_BIRTH)


def _canonical(number: object) -> str | None:
    """Return the number to look up, or None for what is no number.

    What looks canonical is looked up as it is: if it is found, its check character is right.
    """
    if type(number) is str and _LOOKS_CANONICAL(number):
        return number
    try:
        return parse_number(number)  # type: ignore[arg-type]
    except MalformedNumber:
        return None


async def _differing(
    db: Database, numbers: Sequence[str | None], facts: Mapping[int, SecondFact]
) -> frozenset[int]:
    """Return the rows whose second fact is not that of their number.

    A number that does not exist is treated as one that does, so that the time taken does not tell them apart.
    """
    if not facts:
        return frozenset()
    asked = {number for place in facts if (number := numbers[place]) is not None}
    async with db.reading() as tx:
        known = await known_as(tx, asked)
    nobody = KnownAs(frozenset(), frozenset())
    return frozenset(
        place for place, fact in facts.items() if not _agrees(fact, known.get(numbers[place] or "", nobody))
    )


def _agrees(fact: SecondFact, known: KnownAs) -> bool:
    if fact.family_name is not None:
        key = folded(fact.family_name)
        if not key or key not in {folded(name) for name in known.family_names}:
            return False
    return fact.date_of_birth is None or fact.date_of_birth in known.dates_of_birth


def _mismatch(number: str, actor: Actor) -> bytes:
    if actor.scopes & ENTITLED:
        return body_of(details_do_not_match(number)).encode()
    return _not_found(number)


def _nothing_found(given: object, number: str | None) -> bytes:
    """Return what is said of a row with which no entry was found."""
    return body_of(malformed(given)).encode() if number is None else _not_found(number)  # type: ignore[arg-type]


def _not_found(number: str) -> bytes:
    """Return what is said of a number that nobody has, or that looked canonical and is malformed."""
    try:
        parse_number(number)
    except MalformedNumber:
        return body_of(malformed(number)).encode()
    return body_of(never_issued(number)).encode()


def _rendered(references: Sequence[str | None], texts: Sequence[bytes], tail: bytes) -> list[bytes]:
    """Return the answer in pieces: one of many megabytes would cost more to find room for than to look up."""
    pieces, begin = [b'{"items":['], b'{"reference":'
    between = tail + b"," + begin
    for start in range(0, len(texts), ROWS_IN_A_PIECE):
        parts = [begin]
        end = start + ROWS_IN_A_PIECE
        for reference, text in zip(references[start:end], texts[start:end], strict=True):
            parts += (orjson.dumps(reference), b",", text[1:-1], between)
        parts[-1] = tail
        pieces.append(b"".join(parts))
        begin = b"," + begin if start == 0 else begin
    return [*pieces, b"]}"]
