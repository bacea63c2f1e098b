"""A report as a table, and the same as CSV that a spreadsheet opens without running anything in it."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Cell = str | int | None
# What a spreadsheet would run as a formula stands behind an apostrophe.
GUARDED = "=+-@\t\r"


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """Rows under named columns. ``notes`` say what a reader needs to know, ``next`` where the rest begins."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    next: str | None = None


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return rows as CSV, with the mark by which Excel knows UTF-8; None is empty."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return "\ufeff" + text.getvalue()


def _harmless(cell: Cell) -> Cell:
    # After spaces too: a spreadsheet may drop them before it looks.
    if isinstance(cell, str) and cell.lstrip(" ")[:1] and cell.lstrip(" ")[0] in GUARDED:
        return f"'{cell}"
    return cell
