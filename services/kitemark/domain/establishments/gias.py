"""The files of the national register of schools as they are published: columns by name, days as 31-12-2026.

Columns come and go between releases, so that only those without which a row says nothing are asked for; a
file whose header lacks one of these is another file, or one was renamed: it is refused by the column's name.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.errors import Unprocessable

ENCODING = "cp1252"
URN = re.compile(r"[1-9][0-9]{5}", re.ASCII)
UKPRN = re.compile(r"[0-9]{8}", re.ASCII)
DAY = re.compile(r"([0-9]{2})-([0-9]{2})-([0-9]{4})", re.ASCII)
NEEDED = ("URN", "EstablishmentName", "EstablishmentStatus (name)")
LINKS_NEEDED = ("URN", "LinkURN", "LinkType", "LinkEstablishedDate")
REGIONS = frozenset("ABDEFGHJKWZ")
"""Letters of the Government Office Regions, W for Wales and Z where there is none."""


class EstablishmentsNotReadable(Unprocessable):
    """This is not the file of establishments: {why}"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Establishment:
    """A school or college as the file of a day has it; what is not in the file is None."""

    number: str
    name: str
    status: str
    opened_on: date | None = None
    closed_on: date | None = None
    la_code: str | None = None
    la_name: str | None = None
    laestab: str | None = None
    ukprn: str | None = None
    type: str | None = None
    phase: str | None = None
    region: str | None = None
    town: str | None = None
    postcode: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """One establishment is linked with another, as in Predecessor or Successor, from a day on."""

    number: str
    linked: str
    kind: str
    since: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class RowFault:
    """A line of a file that says nothing that can be kept, and why."""

    line: int
    column: str
    why: str


def check_header(header: Sequence[str], needed: Sequence[str]) -> None:
    """Refuse a file without the columns that it cannot do without; raises EstablishmentsNotReadable."""
    missing = [name for name in needed if name not in header]
    if missing:
        raise EstablishmentsNotReadable(why=f"it has no column {', '.join(missing)}.")


def read_establishments(
    rows: Iterator[Mapping[str, str | None]],
) -> Iterator[Establishment | RowFault]:
    """Return what each row says, or why it says nothing; lines are counted as an editor counts them."""
    for line, row in enumerate(rows, start=2):
        number = _text(row, "URN")
        if number is None or not URN.fullmatch(number):
            yield RowFault(line=line, column="URN", why="This is no URN of six digits.")
            continue
        name, status = _text(row, "EstablishmentName"), _text(row, "EstablishmentStatus (name)")
        if name is None or status is None:
            yield RowFault(line=line, column="EstablishmentName", why="There is no name, or no status.")
            continue
        days: dict[str, date | None] = {}
        wrong = next((each for each in ("OpenDate", "CloseDate") if not _reads(row, each, days)), None)
        if wrong is not None:
            yield RowFault(line=line, column=wrong, why="This is no day, such as 31-12-2026.")
            continue
        yield Establishment(
            number=number,
            name=name,
            status=status,
            opened_on=days["OpenDate"],
            closed_on=days["CloseDate"],
            **_places(row),
        )


def read_links(rows: Iterator[Mapping[str, str | None]]) -> Iterator[Link | RowFault]:
    """Return what each row of the file of links says, or why it says nothing."""
    for line, row in enumerate(rows, start=2):
        number, linked, kind = _text(row, "URN"), _text(row, "LinkURN"), _text(row, "LinkType")
        days: dict[str, date | None] = {}
        if number is None or linked is None or not (URN.fullmatch(number) and URN.fullmatch(linked)):
            yield RowFault(line=line, column="URN", why="One of both is no URN of six digits.")
        elif kind is None:
            yield RowFault(line=line, column="LinkType", why="There is no kind of link.")
        elif not _reads(row, "LinkEstablishedDate", days):
            yield RowFault(line=line, column="LinkEstablishedDate", why="This is no day, such as 31-12-2026.")
        else:
            yield Link(number=number, linked=linked, kind=kind, since=days["LinkEstablishedDate"])


def words_of(name: str) -> list[str]:
    """Return the words by which a school is found: without accents, marks and capitals."""
    plain = "".join(
        each for each in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(each)
    )
    return sorted(set(re.findall(r"[a-z0-9]+", re.sub(r"['’]", "", plain))))


def _text(row: Mapping[str, str | None], column: str) -> str | None:
    text = (row.get(column) or "").strip()
    return text if text and text.isprintable() else None


def _reads(row: Mapping[str, str | None], column: str, days: dict[str, date | None]) -> bool:
    """Read a day into ``days``; an empty cell is no day and no fault."""
    text = _text(row, column)
    days[column] = None
    if text is None:
        return True
    found = DAY.fullmatch(text)
    try:
        days[column] = date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return False
    return found is not None


def _places(row: Mapping[str, str | None]) -> dict[str, Any]:
    la, number, ukprn = _text(row, "LA (code)"), _text(row, "EstablishmentNumber"), _text(row, "UKPRN")
    region = _text(row, "GOR (code)")
    whole = la is not None and number is not None and len(la) == 3 and len(number) == 4
    return {
        "la_code": la,
        "la_name": _text(row, "LA (name)"),
        "laestab": f"{la}{number}" if whole else None,
        "ukprn": ukprn if ukprn and UKPRN.fullmatch(ukprn) else None,
        "type": _text(row, "TypeOfEstablishment (name)"),
        "phase": _text(row, "PhaseOfEducation (name)"),
        "region": region if region in REGIONS else None,
        "town": _text(row, "Town"),
        "postcode": _text(row, "Postcode"),
    }
