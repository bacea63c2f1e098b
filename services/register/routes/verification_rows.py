"""The body of a batch of verifications, read by hand: ten thousand models would cost more than the look-up.

A number that cannot be read is no fault of the batch: its row gets the outcome ``malformed``. Anything else
out of place is named with its row.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import orjson

from services.register.operations.verifications import MOST_ROWS, Batch, SecondFact, TooManyRows
from services.register.routes.axes import parse_day, parse_instant
from shared.errors import FieldError
from shared.problems import MOST_ERRORS, BodyNotReadable, InputNotValid

LONGEST_REFERENCE = 100
LONGEST_NAME = 200
MEMBERS = frozenset({"rows", "valid_at", "known_at"})
ROW_MEMBERS = frozenset({"reference", "number", "family_name", "date_of_birth"})


@dataclass(frozen=True, slots=True)
class Question:
    """A batch and the axes that it is asked on."""

    batch: Batch
    valid_at: date | None
    known_at: datetime | None


@dataclass(slots=True)
class _Reading:
    """Values read so far, and what was wrong with others."""

    errors: list[FieldError] = field(default_factory=list)

    def wrong(self, pointer: str, code: str, detail: str) -> None:
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(FieldError(pointer, code, detail))

    def text(self, value: object, pointer: str, longest: int) -> str | None:
        if isinstance(value, str) and len(value) <= longest:
            return value
        if value is not None:
            self.wrong(pointer, "text-needed", f"This has to be text of at most {longest} characters.")
        return None

    def time(self, value: object, pointer: str, parse: Callable[[object], Any]) -> Any:
        try:
            return None if value is None else parse(value)
        except ValueError as fault:
            self.wrong(pointer, "not-a-time", str(fault))
        return None

    def strange(self, members: dict[str, Any], known: frozenset[str], pointer: str) -> None:
        for name in sorted(members.keys() - known):
            escaped = name.replace("~", "~0").replace("/", "~1")
            self.wrong(f"{pointer}/{escaped}", "unknown", f"The members are {', '.join(sorted(known))}.")


def read_question(body: bytes) -> Question:
    """Return what was asked; raises BodyNotReadable, TooManyRows, or InputNotValid naming rows."""
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise BodyNotReadable from None
    reading = _Reading()
    if not isinstance(content, dict):
        raise InputNotValid(errors=[FieldError("", "object-needed", "The body has to be an object.")])
    reading.strange(content, MEMBERS, "")
    valid_at = reading.time(content.get("valid_at"), "/valid_at", parse_day)
    known_at = reading.time(content.get("known_at"), "/known_at", parse_instant)
    rows = content.get("rows")
    if not isinstance(rows, list):
        reading.wrong("/rows", "list-needed", "The rows have to be a list of objects.")
        raise InputNotValid(errors=reading.errors)
    if len(rows) > MOST_ROWS:
        raise TooManyRows(most=f"{MOST_ROWS:,}")
    batch = _batch(rows, reading)
    if reading.errors:
        raise InputNotValid(errors=reading.errors)
    return Question(batch, valid_at, known_at)


def _batch(rows: list[Any], reading: _Reading) -> Batch:
    numbers: list[object] = []
    references: list[str | None] = []
    second_facts: dict[int, SecondFact] = {}
    for place, row in enumerate(rows):
        if not isinstance(row, dict):
            reading.wrong(f"/rows/{place}", "object-needed", "A row has to be an object.")
            continue
        numbers.append(row.get("number"))
        reference = row.get("reference")
        if not isinstance(reference, str) or len(reference) > LONGEST_REFERENCE:
            reference = reading.text(reference, f"/rows/{place}/reference", LONGEST_REFERENCE)
        references.append(reference)
        # Most rows have a number and a reference only, and are done with here.
        if len(row) > ("number" in row) + ("reference" in row):
            fact = _second_fact(row, f"/rows/{place}", reading)
            if fact is not None:
                second_facts[place] = fact
    return Batch(numbers, references, second_facts)


def _second_fact(row: dict[str, Any], pointer: str, reading: _Reading) -> SecondFact | None:
    reading.strange(row, ROW_MEMBERS, pointer)
    family_name = reading.text(row.get("family_name"), f"{pointer}/family_name", LONGEST_NAME)
    born = reading.time(row.get("date_of_birth"), f"{pointer}/date_of_birth", parse_day)
    return None if family_name is None and born is None else SecondFact(family_name, born)
