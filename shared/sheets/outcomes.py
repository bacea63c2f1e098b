"""What became of each row of a file, as a file to hand on."""

import csv
import io
from collections.abc import Iterable
from enum import StrEnum

from shared.errors import Refusal
from shared.sheets.table import inert


class OutcomeFormat(StrEnum):
    """How outcomes are written."""

    JSON = "json"
    CSV = "csv"


def as_csv(key: str, rows: Iterable[tuple[int, str, str, Refusal | None]]) -> str:
    """Return rows of a number, the row's ``key``, its outcome and why it was refused, as CSV."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["row", key, "outcome", "code", "message"])
    for number, named, outcome, refusal in rows:
        code = "" if refusal is None else refusal.code
        writer.writerow([number, inert(named), outcome, code, inert(_words(refusal))])
    return text.getvalue()


def _words(refusal: Refusal | None) -> str:
    if refusal is None:
        return ""
    return " ".join([refusal.detail, *(f"{each.pointer}: {each.detail}" for each in refusal.errors)])
