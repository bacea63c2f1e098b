"""A table as people make it: which of its columns is what, and what the cells of a row tell."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.errors import FieldError, Unprocessable
from shared.written_days import NotADay, parse_day


class ColumnsNotUnderstood(Unprocessable):
    """The columns of this file are not understood: see errors, rename them, or say which is which."""


class RowNotReadable(Unprocessable):
    """Cells of this row cannot be read: see errors for what to mend."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """What a file may tell: our name of each column, and what else people call it.

    ``needed`` have to be there; a cell of ``lists`` has parts with semicolons between them, one of ``days``
    is a day as people write it.
    """

    columns: Mapping[str, Sequence[str]]
    needed: Sequence[str]
    lists: frozenset[str] = frozenset()
    days: frozenset[str] = frozenset()


def columns_of(form: Form, header: Sequence[str], own: Mapping[str, str]) -> list[str]:
    """Return what each column holds; ``own`` leads from somebody's own names to ours.

    Raises ColumnsNotUnderstood with a column that nobody knows, one that is there twice, and one that is
    missing.
    """
    known = {_plain(name): ours for ours, also in form.columns.items() for name in (ours, *also)}
    known |= {_plain(theirs): ours for theirs, ours in own.items() if ours in form.columns}
    found: list[str] = []
    errors: list[FieldError] = []
    for place, name in enumerate(header):
        column = known.get(_plain(name))
        if column is None:
            said = f"“{name[:60]}” is none of: {', '.join(form.columns)}."
            errors.append(FieldError(f"/{place}", "not-known", said))
        elif column in found:
            errors.append(FieldError(f"/{place}", "twice", f"There are two columns for {column}."))
        else:
            found.append(column)
    errors += [
        FieldError("", "missing", f"There is no column for {column}.")
        for column in form.needed
        if column not in found
    ]
    if errors:
        raise ColumnsNotUnderstood(errors=errors)
    return found


def named(form: Form, given: Sequence[str]) -> dict[str, str]:
    """Return somebody's own names of columns, each given as ``Theirs=ours``; raises ColumnsNotUnderstood."""
    pairs: dict[str, str] = {}
    for each in given:
        theirs, mark, ours = each.rpartition("=")
        if not mark or ours.strip() not in form.columns:
            said = f"Write Your name=ours; ours is one of: {', '.join(form.columns)}."
            raise ColumnsNotUnderstood(errors=[FieldError("query:/column", "not-a-pair", said)])
        pairs[theirs.strip()] = ours.strip()
    return pairs


def told(form: Form, columns: Sequence[str], cells: Sequence[str]) -> dict[str, Any]:
    """Return what a row tells, by our names of its columns; an empty cell tells nothing, days are in ISO.

    Raises RowNotReadable where a cell is no day, or the row has more cells than there are columns.
    """
    errors: list[FieldError] = []
    given: dict[str, Any] = {}
    if any(cell.strip() for cell in cells[len(columns) :]):
        errors.append(FieldError("", "too-long", "The row has more cells than there are columns."))
    for column, text in zip(columns, (cell.strip() for cell in cells), strict=False):
        if not text:
            continue
        try:
            given[column] = _read(form, column, text)
        except NotADay as fault:
            errors.append(FieldError(f"/{column}", "not-a-day", f"{fault}."))
    if errors:
        raise RowNotReadable(errors=errors)
    return given


def inert(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _read(form: Form, column: str, text: str) -> Any:
    if column in form.lists:
        return [part.strip() for part in text.split(";") if part.strip()]
    return parse_day(text).isoformat() if column in form.days else text


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", name.casefold()).strip()
