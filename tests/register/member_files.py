"""Member files for tests, and the worker that works them off."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import xlsxwriter

from services.register.operations.import_runs import run_next
from tests.callers import association
from tests.register.conftest import Register

COLUMNS = ("Member No", "Forename", "Surname", "DOB", "Email", "Grade", "Joined")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def row(number: int | str, **changes: str) -> list[str]:
    """Return a good row; ``changes`` by column."""
    whole = int(number) if str(number).isdigit() else 0
    cells = {
        "Member No": str(number),
        "Forename": f"Given{_letters(whole)}",
        "Surname": f"Family{_letters(whole)}",
        "DOB": f"{whole % 28 + 1:02}/{whole % 12 + 1:02}/{1960 + whole % 40}",
        "Email": f"member{whole}@example.org",
        "Grade": "Associate",
        "Joined": "01/09/2024",
    }
    return list((cells | changes).values())


def _letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


def csv_file(
    *rows: Sequence[str], columns: Sequence[str] = COLUMNS, encoding: str = "utf-8", delimiter: str = ","
) -> bytes:
    """Return a CSV file."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([columns, *rows])
    return text.getvalue().encode(encoding)


def xlsx_file(*rows: Sequence[Any], columns: Sequence[str] = COLUMNS) -> bytes:
    """Return a workbook; dates are written as dates."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"default_date_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("Members")
    for place, cells in enumerate([columns, *rows]):
        sheet.write_row(place, 0, cells)
    book.close()
    return content.getvalue()


async def send(
    register: Register,
    content: bytes,
    *,
    of: str = "ICG",
    content_type: str = "text/csv",
    headers: Mapping[str, str] | None = None,
    **query: str,
) -> httpx.Response:
    """Send a file as an association."""
    return await register.http.post(
        "/v1/imports",
        content=content,
        params=query,
        headers={**association(of), "Content-Type": content_type, **(headers or {})},
    )


async def work_off(register: Register) -> None:
    """Work on everything that waits."""
    while await run_next(register.db, clock=register.clock, worker="test-worker"):
        pass


async def imported(register: Register, content: bytes, *, of: str = "ICG", **query: str) -> dict[str, Any]:
    """Send a file, work it off and return the import."""
    sent = await send(register, content, of=of, **query)
    assert sent.status_code == 202, sent.text
    await work_off(register)
    answer = await register.http.get(sent.headers["Location"], headers=association(of))
    found: dict[str, Any] = answer.json()
    return found


async def outcomes(
    register: Register, made: Mapping[str, Any], which: str, *, of: str = "ICG"
) -> list[dict[str, str]]:
    """Return a file of outcomes by column."""
    answer = await register.http.get(made["files"][which], headers=association(of))
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


async def journal(register: Register) -> list[tuple[str, str]]:
    """Return event and subject of every line."""
    rows = await register.db.fetch("SELECT event, subject FROM journal ORDER BY position")
    return [(line["event"], line["subject"]) for line in rows]


async def count(register: Register, table: str) -> int:
    """Return how many rows a table has."""
    return int((await register.db.fetch(f"SELECT count(*) AS n FROM {table}"))[0]["n"])
