"""A file of entries: its columns, what else people call them, and how hours are written."""

from contextlib import suppress
from decimal import Decimal, InvalidOperation
from typing import Any

from shared.sheets.table import Form

MOST_ROWS = 20_000
FORM = Form(
    columns={
        "entry_id": ("id", "entry", "cpd id", "record id", "entry no", "entry number"),
        "number": ("registration number", "registration no", "reg no", "register number"),
        "status": (),
        "title": ("activity", "activity title", "description"),
        "kind": ("type", "activity type", "type of activity"),
        "started_on": ("start", "start date", "from", "started"),
        "done_on": ("date", "end", "end date", "to", "done", "date completed", "completed on"),
        "hours": ("hours claimed", "duration", "cpd hours"),
        "provider": ("organisation", "provided by"),
        "approaches": ("approach", "learning approach"),
        "outcomes": ("outcome", "learning outcome", "learning outcomes"),
        "standards": ("standard", "competence standard", "competence standards"),
        "specialisms": ("specialism",),
        "reflection": (),
        "effect": ("effect on practice", "impact"),
    },
    needed=("entry_id", "number", "title", "kind", "done_on", "hours"),
    lists=frozenset({"approaches", "outcomes", "standards", "specialisms"}),
    days=frozenset({"started_on", "done_on"}),
)


def as_entry(told: dict[str, Any]) -> dict[str, Any]:
    """Return what a row tells as an entry of a batch is sent; hours that are no number stay as written."""
    given = dict(told)
    if "status" in given:
        given["status"] = given["status"].lower()
    # What is no number stays as it is, and is refused with the words for hours.
    with suppress(InvalidOperation, OverflowError, ValueError):
        given["hours"] = float(Decimal(given.get("hours", "")))
    return given
