"""A file of entries: which of its columns is what, and what a row tells."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from shared.errors import FieldError, TooLarge, Unprocessable
from shared.written_days import NotADay, parse_day


class EntryColumnsNotUnderstood(Unprocessable):
    """The columns of this file are not understood: see errors, rename them, or say which is which."""


class FileHasNoRows(Unprocessable):
    """There are no rows under the names of the columns."""


class TooManyEntries(TooLarge):
    """A file of entries may have at most {most} rows: send it in parts."""


class EntryRowNotReadable(Unprocessable):
    """Cells of this row cannot be read: see errors for what to mend."""


class Column(StrEnum):
    """What a column may hold; a list stands in one cell, with semicolons between its parts."""

    ENTRY_ID = "entry_id"
    NUMBER = "number"
    STATUS = "status"
    TITLE = "title"
    KIND = "kind"
    STARTED_ON = "started_on"
    DONE_ON = "done_on"
    HOURS = "hours"
    PROVIDER = "provider"
    APPROACHES = "approaches"
    OUTCOMES = "outcomes"
    STANDARDS = "standards"
    SPECIALISMS = "specialisms"
    REFLECTION = "reflection"
    EFFECT = "effect"


NEEDED = (Column.ENTRY_ID, Column.NUMBER, Column.TITLE, Column.KIND, Column.DONE_ON, Column.HOURS)
LISTS = frozenset({Column.APPROACHES, Column.OUTCOMES, Column.STANDARDS, Column.SPECIALISMS})
DAYS = frozenset({Column.STARTED_ON, Column.DONE_ON})
_ALSO = {
    Column.ENTRY_ID: ("id", "entry", "cpd id", "record id", "entry no", "entry number"),
    Column.NUMBER: ("registration number", "registration no", "reg no", "register number"),
    Column.TITLE: ("activity", "activity title", "description"),
    Column.KIND: ("type", "activity type", "type of activity"),
    Column.STARTED_ON: ("start", "start date", "from", "started"),
    Column.DONE_ON: ("date", "end", "end date", "to", "done", "date completed", "completed on"),
    Column.HOURS: ("hours claimed", "duration", "cpd hours"),
    Column.PROVIDER: ("organisation", "provided by"),
    Column.APPROACHES: ("approach", "learning approach"),
    Column.OUTCOMES: ("outcome", "learning outcome", "learning outcomes"),
    Column.STANDARDS: ("standard", "competence standard", "competence standards"),
    Column.SPECIALISMS: ("specialism",),
    Column.EFFECT: ("effect on practice", "impact"),
}
_NAMES = {
    name: column for column in Column for name in (column.value.replace("_", " "), *_ALSO.get(column, ()))
}


def columns_of(header: Sequence[str], own: Mapping[str, str]) -> list[Column]:
    """Return what each column holds; ``own`` leads from an association's names to ours.

    Raises EntryColumnsNotUnderstood with a column that nobody knows, one that is there twice, and one that is
    missing.
    """
    told = {_plain(name): Column(ours) for name, ours in own.items() if ours in set(Column)}
    found: list[Column] = []
    errors: list[FieldError] = []
    for place, name in enumerate(header):
        column = told.get(_plain(name)) or _NAMES.get(_plain(name))
        if column is None:
            allowed = ", ".join(column.value for column in Column)
            errors.append(FieldError(f"/{place}", "not-known", f"“{name[:60]}” is none of: {allowed}."))
        elif column in found:
            errors.append(FieldError(f"/{place}", "twice", f"There are two columns for {column.value}."))
        else:
            found.append(column)
    errors += [
        FieldError("", "missing", f"There is no column for {column.value}.")
        for column in NEEDED
        if column not in found
    ]
    if errors:
        raise EntryColumnsNotUnderstood(errors=errors)
    return found


def told(cells: Sequence[str], columns: Sequence[Column]) -> dict[str, Any]:
    """Return what a row tells, as one entry of a batch is sent; an empty cell tells nothing.

    Raises EntryRowNotReadable where a cell is no day, or the row has more cells than there are columns.
    """
    errors: list[FieldError] = []
    given: dict[str, Any] = {}
    if any(cell.strip() for cell in cells[len(columns) :]):
        errors.append(FieldError("", "too-long", "The row has more cells than there are columns."))
    for column, text in zip(columns, (cell.strip() for cell in cells), strict=False):
        if not text:
            continue
        try:
            given[column.value] = _read(column, text)
        except NotADay as fault:
            errors.append(FieldError(f"/{column.value}", "not-a-day", f"{fault}."))
    if errors:
        raise EntryRowNotReadable(errors=errors)
    return given


def _read(column: Column, text: str) -> Any:
    if column in LISTS:
        return [part.strip() for part in text.split(";") if part.strip()]
    if column in DAYS:
        return parse_day(text).isoformat()
    if column is Column.HOURS:
        try:
            return float(Decimal(text))
        except (InvalidOperation, OverflowError):
            return text  # is refused with the words for hours
    return text.lower() if column is Column.STATUS else text


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", name.casefold()).strip()
