"""Files of entries: read as secretaries save them, each row for itself, and safe to send again."""

import csv
import io
from typing import Any

import httpx
import pytest
import xlsxwriter

from services.cpd.domain.entry_file import FORM, as_entry
from services.cpd.operations import integrity
from shared.sheets.table import ColumnsNotUnderstood, columns_of, told
from tests.cpd import make
from tests.cpd.conftest import Cpd
from tests.cpd.make import cpd_system
from tests.cpd.people import ANN, BEA, member
from tests.house.source import ROOT

HEADER = [
    "Entry ID",
    "Registration number",
    "Activity",
    "Type",
    "Date",
    "Hours",
    "Learning outcome",
    "Standard",
]
ROW = ["F-1", ANN, "Siân’s talk", "Formal", "1 Oct 2026", "3.5", "I can; I know", "nos02"]


def sheet(*rows: list[str], header: list[str] = HEADER) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


async def send(cpd: Cpd, content: bytes, association: str = "ICG", **params: Any) -> httpx.Response:
    headers = cpd_system(association) | {"Content-Type": "text/csv"}
    return await cpd.http.post("/v1/entry-files", content=content, headers=headers, params=params)


def outcomes(answer: httpx.Response) -> list[tuple[str, str | None]]:
    assert answer.status_code == 200, answer.text
    return [(row["outcome"], (row["problem"] or {}).get("code")) for row in answer.json()["rows"]]


def test_columns_are_known_by_the_names_that_people_give_them() -> None:
    found = columns_of(FORM, [*HEADER, "Their Own"], {"their own": "reflection"})
    assert found[:3] == ["entry_id", "number", "title"]
    assert found[-1] == "reflection"
    with pytest.raises(ColumnsNotUnderstood) as refused:
        columns_of(FORM, ["Entry ID", "Shoe size", "id"], {})
    said = {each.code for each in refused.value.errors}
    assert said == {"not-known", "twice", "missing"}
    assert len([each for each in refused.value.errors if each.code == "missing"]) == len(FORM.needed) - 1


def test_cells_are_read_as_they_are_written() -> None:
    columns = ["done_on", "hours", "outcomes", "status", "effect"]
    assert as_entry(told(FORM, columns, ["31/12/2025", "1.50", " a ;; b", "Planned", ""])) == {
        "done_on": "2025-12-31", "hours": 1.5, "outcomes": ["a", "b"], "status": "planned",
    }  # fmt: skip
    assert as_entry(told(FORM, columns, ["2025-12-31", "25:00"]))["hours"] == "25:00"


async def test_a_file_is_tried_taken_and_taken_again(cpd: Cpd) -> None:
    await member(cpd)
    content = sheet(ROW, ["F-2", ANN, "Too long", "Formal", "1/10/2026", "25:00", "", ""])
    tried = await send(cpd, content, dry_run=True)
    assert outcomes(tried) == [("recorded", None), ("refused", "input-not-valid")]
    assert await make.events(cpd) == []
    taken = await send(cpd, content)
    assert taken.json()["counts"] == {"recorded": 1, "amended": 0, "unchanged": 0, "refused": 1}
    assert taken.json()["rows"][1]["row"] == 3
    read = await cpd.http.get("/v1/entries/by-external-id/ICG/F-1", headers=cpd_system())
    assert {
        "outcomes": ["I can", "I know"],
        "standards": ["NOS02"],
        "kind": "formal",
        "hours": 3.5,
    }.items() <= (read.json().items())
    again = await send(cpd, content)
    assert outcomes(again)[0] == ("unchanged", None)
    longer = await send(cpd, sheet([*ROW[:5], "4", *ROW[6:]]))
    assert outcomes(longer) == [("amended", None)]
    assert await make.events(cpd) == ["entry.recorded", "entry.amended"]
    assert await integrity.check(cpd.db) == []


async def test_a_row_is_refused_for_itself_with_what_to_mend(cpd: Cpd) -> None:
    await member(cpd)
    rows = [
        [ROW[0], "CR12345670", *ROW[2:]],
        ["F-2", BEA, *ROW[2:]],
        ["F-3", ANN, "x", "golf", *ROW[4:]],
        ["F-4", ANN, "x", "Formal", "31/02/2026", *ROW[5:]],
        ["F-5", ANN, "x", "Formal", "01/10/2099", *ROW[5:]],
        ["F-6", *ROW[1:]],
        ["F-6", *ROW[1:]],
        ["F-7", *ROW[1:], "one more"],
        ["F-8", *ROW[1:5], "sNaN", *ROW[6:]],
        ["", *ROW[1:]],
        ["=cmd", *ROW[1:6], "a\x00b", ""],
    ]
    answer = await send(cpd, sheet(*rows))
    assert outcomes(answer) == [
        ("refused", "malformed-number"), ("refused", "no-such-member"), ("refused", "cpd-codes-not-known"),
        ("refused", "row-not-readable"), ("refused", "entry-not-plausible"), ("recorded", None),
        ("refused", "entry-twice-in-batch"), ("refused", "row-not-readable"),
        ("refused", "input-not-valid"), ("refused", "input-not-valid"), ("refused", "input-not-valid"),
    ]  # fmt: skip
    assert "31/02/2026 is not a real date" in str(answer.json()["rows"][3]["problem"])
    told_as_file = await send(cpd, sheet(*rows), format="csv", dry_run=True)
    last = list(csv.reader(io.StringIO(told_as_file.text)))[-1]
    assert last[:3] == ["12", "'=cmd", "refused"]


async def test_another_association_neither_writes_nor_sees_the_same_ids(cpd: Cpd) -> None:
    await member(cpd)
    await send(cpd, sheet(ROW))
    assert outcomes(await send(cpd, sheet(ROW), association="ACEG")) == [("refused", "no-such-member")]


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "file-has-no-rows"),
        (sheet(), 422, "file-has-no-rows"),
        (sheet(ROW, header=["Shoe size", *HEADER[1:]]), 422, "columns-not-understood"),
        (sheet(ROW) + b'"F-2,open', 422, "quotation-not-closed"),
        (b"PK\x03\x04 no workbook", 422, "workbook-not-readable"),
        (sheet(*[[f"F-{place}", *ROW[1:]] for place in range(20_001)]), 413, "file-has-too-many-rows"),
    ],
)
async def test_a_file_that_cannot_be_taken_is_refused_whole(
    cpd: Cpd, content: bytes, status: int, code: str
) -> None:
    answer = await send(cpd, content)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_workbook_and_a_windows_file_are_read_too(cpd: Cpd) -> None:
    await member(cpd)
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    page = book.add_worksheet()
    for place, row in enumerate([HEADER, ROW]):
        page.write_row(place, 0, row)
    book.close()
    assert outcomes(await send(cpd, made.getvalue())) == [("recorded", None)]
    windows = sheet(["F-9", ANN, "Café", *ROW[3:6], "", ""]).decode().encode("cp1252")
    assert outcomes(await send(cpd, windows)) == [("recorded", None)]
    read = await cpd.http.get("/v1/entries/by-external-id/ICG/F-9", headers=cpd_system())
    assert read.json()["title"] == "Café"


async def test_the_example_is_such_a_file(cpd: Cpd) -> None:
    await member(cpd)
    content = (ROOT / "examples/icg-cpd.csv").read_text().replace("NUMBER", ANN).encode()
    assert [each for each, _ in outcomes(await send(cpd, content))] == ["recorded", "recorded", "refused"]
