"""A batch of checks: many rows, one receipt, which holds the digest of what was said of each."""

import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from shared.errors import FieldError, TooLarge, Unprocessable

MOST_ROWS = 1_000
COLUMNS = ("reference", "number", "family_name", "date_of_birth")
LONGEST_CELL = 200


class TooManyChecks(TooLarge):
    """At most {most} rows are checked at once: send the rest in a further batch."""


class FileOfChecksNotReadable(Unprocessable):
    """This is no CSV in UTF-8 with a column `number`: {why}"""


class RowsNotReadable(Unprocessable):
    """Some rows cannot be checked, so none was: mend those that are named and send all again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One row as it was sent: the caller's own reference, a number, second facts."""

    reference: str | None
    number: str
    family_name: str | None = field(default=None, repr=False)
    born_on: date | None = field(default=None, repr=False)


def read_csv(content: bytes) -> list[Row]:
    """Return the rows of a CSV file; raises FileOfChecksNotReadable, TooManyChecks, RowsNotReadable.

    Columns are found by their names; others are passed over, and rows without anything in them too. A date
    of birth is written 2001-12-31 or 31/12/2001.
    """
    try:
        lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except UnicodeDecodeError:
        raise FileOfChecksNotReadable(why="it is in another encoding.") from None
    except csv.Error as fault:
        raise FileOfChecksNotReadable(why=f"{fault}.") from None
    named = [{_name(name): value for name, value in line.items()} for line in lines]
    if not named or "number" not in named[0]:
        raise FileOfChecksNotReadable(why="it has no rows, or no column of that name.")
    given = [line for line in named if any((line.get(column) or "").strip() for column in COLUMNS)]
    if len(given) > MOST_ROWS:
        raise TooManyChecks(most=f"{MOST_ROWS:,}")
    return _rows(given)


def digest_of(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the SHA-256 of what was said of the rows, in hexadecimal digits.

    It is taken of their JSON as a list in order, in UTF-8, with the members of each object sorted by name
    and no spaces, as RFC 8785 would write these values.
    """
    text = json.dumps(list(rows), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def summary_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what a receipt says of a batch: how many rows, how many of each verdict, and the digest."""
    verdicts = Counter(str(row["verdict"]) for row in rows)
    return {"rows": len(rows), "verdicts": dict(sorted(verdicts.items())), "sha256": digest_of(rows)}


def _is_readable(name: str, cell: str | None) -> bool:
    if cell is None:
        return name != "number"
    if len(cell) > LONGEST_CELL or not cell.isprintable():
        return False
    return name != "date_of_birth" or _day(cell) is not None


def _day(text: str | None) -> date | None:
    """Return a day written 2001-12-31 or 31/12/2001, or None."""
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        with suppress(ValueError):
            return datetime.strptime(text or "", pattern).replace(tzinfo=UTC).date()
    return None


def _name(header: str | None) -> str:
    return (header or "").strip().lower().replace(" ", "_")


def _rows(given: Sequence[Mapping[str, str | None]]) -> list[Row]:
    rows: list[Row] = []
    wrong: list[FieldError] = []
    for place, line in enumerate(given):
        cells = {column: (line.get(column) or "").strip() or None for column in COLUMNS}
        bad = next((name for name, cell in cells.items() if not _is_readable(name, cell)), None)
        if bad is not None:
            wrong.append(
                FieldError(f"/rows/{place}/{bad}", "not-readable", "This is missing or no such thing.")
            )
            continue
        rows.append(
            Row(
                reference=cells["reference"],
                number=cells["number"] or "",
                family_name=cells["family_name"],
                born_on=_day(cells["date_of_birth"]),
            )
        )
    if wrong:
        raise RowsNotReadable(errors=wrong[:100])
    return rows
