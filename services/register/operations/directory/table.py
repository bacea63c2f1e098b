"""An edition as one table for spreadsheets: a line for each award, its course's facts beside it."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from services.register.domain.member_cells import GUARDED
from services.register.operations.directory.editions import chosen
from services.register.storage.directory import courses
from services.register.storage.directory.courses import FoundCourse
from shared.database import Database

COLUMNS = (
    "edition",
    "course",
    "title",
    "awarding_body",
    "status",
    "award",
    "framework",
    "level",
    "level_as_printed",
    "level_note",
    "delivery",
    "availability",
    "entry",
    "settings",
    "audiences",
    "content",
    "sources",
)
MOST_COURSES = 1000
"""As many as an edition can have."""


async def table(db: Database, *, code: str) -> str:
    """Return an edition as CSV, which Excel opens as it is; several values in a cell stand apart by “; ”.

    A cell that a spreadsheet would run as a formula stands behind an apostrophe.
    """
    async with db.reading() as tx:
        shown = await chosen(tx, code)
        codes = await courses.codes(tx, shown.code, limit=MOST_COURSES)
        found = await courses.read(tx, shown.code, codes)
    text = io.StringIO()
    lines = [_line(shown.code, course, award) for course in found for award in course.body["awards"]]
    csv.writer(text).writerows([COLUMNS, *([_harmless(cell) for cell in line] for line in lines)])
    # The mark without which Excel reads UTF-8 as Windows text.
    return "\ufeff" + text.getvalue()


def _line(edition: str, course: FoundCourse, award: Mapping[str, Any]) -> Sequence[str]:
    body, said = course.body, course.statements
    content = [each for each in said if each["kind"] == "content" and each["coverage"] != "not_covered"]
    return (
        edition,
        course.code,
        body["title"],
        course.awarding_body["title"],
        body["status"],
        award["title"],
        award["framework"] or "",
        award["level"] or "",
        award["level_as_printed"] or "",
        award["level_note"] or "",
        _joined(each["model"] for each in _of(said, "delivery")),
        _joined(f"{each['region'] or 'england'} {each['how']}" for each in _of(said, "availability")),
        _joined(" or ".join(each["one_of"]) for each in _of(said, "entry")),
        _joined(setting for each in _of(said, "setting") for setting in each["settings"]),
        _joined(audience for each in _of(said, "audience") for audience in each["audiences"]),
        _joined(element for each in content for element in each["elements"]),
        _joined(_place(each["source"]) for each in (body, award, *said)),
    )


def _of(said: Sequence[Mapping[str, Any]], kind: str) -> list[Mapping[str, Any]]:
    return [each for each in said if each["kind"] == kind]


def _joined(values: Any) -> str:
    return "; ".join(dict.fromkeys(values))


def _place(source: Mapping[str, Any]) -> str:
    return f"{source['ref']} {source['place']}"


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell[:1] and cell[0] in GUARDED else cell
