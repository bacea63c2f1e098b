"""Files that cannot be used as a whole: each is refused with a sentence, and nothing is kept of it."""

import contextlib
import io
import struct
import zipfile
from collections.abc import AsyncIterator

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.register.domain.member_file import FileMapping
from services.register.operations.member_files import read_member_file
from shared.errors import TooLarge, Unprocessable
from tests.callers import association
from tests.register.conftest import Register
from tests.register.member_files import (
    COLUMNS,
    XLSX,
    count,
    csv_file,
    imported,
    journal,
    outcomes,
    row,
    send,
    xlsx_file,
)


def repacked(content: bytes, **parts: bytes) -> bytes:
    """Return a workbook with some of its parts replaced."""
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            out.writestr(name, parts.get(name.rpartition("/")[2].partition(".")[0], source.read(name)))
    return target.getvalue()


def far_corner() -> bytes:
    """Return a small workbook that claims seventeen thousand million cells."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, COLUMNS)
    sheet.write(1048575, 16383, "x")
    book.close()
    return content.getvalue()


def lying_size(content: bytes) -> bytes:
    """Return a workbook whose directory says that every part is tiny."""
    data, at = bytearray(content), 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        data[at + 24 : at + 28] = struct.pack("<I", 10)
        at += 4
    return bytes(data)


GOOD_BOOK = xlsx_file(row(1))
BOMB = repacked(GOOD_BOOK, sheet1=b"<worksheet>" + b" " * 230_000_000)

REFUSED = {
    "nothing": (b"", 400, "file-missing"),
    "only the names of columns": (csv_file(), 422, "file-has-no-rows"),
    "only empty lines": (b"\r\n\r\n , \r\n", 422, "file-has-no-rows"),
    "a column too few": (csv_file(["1"], columns=("Member No",)), 422, "columns-missing"),
    "a column twice": (csv_file(row(1), columns=(*COLUMNS[:-1], "DOB")), 422, "column-named-twice"),
    "two for one field": (
        csv_file([*row(1), "x"], columns=(*COLUMNS, "Last name")), 422, "field-given-twice",
    ),
    "an open quotation": (csv_file(row(1)) + b'2,"Ann,Lee\r\n3,B,C\r\n', 422, "quotation-not-closed"),
    "spoilt UTF-8": (
        csv_file(row(1, Surname="Siân")) + b"2,Jos\xe9,X,,,Associate,01/01/2020", 422, "text-mixed",
    ),
    "bytes of no text": (csv_file(row(1)) + b"2,\x81\x8d,X,,,Associate,01/01/2020", 422, "text-not-readable"),
    "half a character": (b"\xff\xfe" + "Member No".encode("utf-16-le") + b"x", 422, "text-not-readable"),
    "a bomb": (BOMB, 413, "workbook-too-large"),
    "a bomb that lies": (lying_size(BOMB), 422, "workbook-not-readable"),
    "a far corner": (far_corner(), 413, "workbook-too-large"),
    "a damaged workbook": (GOOD_BOOK[:-200], 422, "workbook-not-readable"),
    "a zip of something else": (repacked(GOOD_BOOK, workbook=b"<x/>"), 422, "workbook-not-readable"),
    "a locked workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), 422, "workbook-locked"),
    "an empty workbook": (xlsx_file(columns=()), 422, "file-has-no-rows"),
    "too many rows": (csv_file(*[["1"]] * 100_001), 413, "file-too-large"),
    "too many bytes": (b"x" * (25 * 1024 * 1024 + 1), 413, "file-too-large"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
async def test_a_file_that_cannot_be_used_is_refused_as_a_whole(register: Register, name: str) -> None:
    content, status, code = REFUSED[name]
    lines = await journal(register)
    answer = await send(register, content)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.json()["detail"].endswith(".")
    assert await count(register, "imports") == 0
    assert await journal(register) == lines
    assert (await register.http.get("/livez")).status_code == 200


async def test_the_sentence_names_what_is_missing_and_what_was_found(register: Register) -> None:
    answer = await send(register, csv_file(["1", "x"], columns=("Member No", "Grade")))
    assert answer.json()["detail"] == (
        "The file has no column for the given names, the family name, the first day of membership. "
        "The columns found are: “Member No”, “Grade”. Name the column in a mapping, or rename it in the file."
    )


async def test_nul_and_control_characters_fail_their_own_row_only(register: Register) -> None:
    rows = [row(1), row(2, Surname="Le\x00e"), row(3, Forename="A\x07nn"), row(4, Surname="Ŵ\u202eyn")]
    made = await imported(register, csv_file(*rows))
    assert (made["totals"]["created"], made["totals"]["failed"]) == (1, 3)
    messages = [line["Import message"] for line in await outcomes(register, made, "failed")]
    assert messages[0] == (
        "Row 3: the cell of “Surname” contains a character that cannot be seen (code 0): type the cell anew."
    )
    assert [each[:6] for each in messages] == ["Row 3:", "Row 4:", "Row 5:"]


async def test_a_body_of_two_gigabytes_is_refused_before_it_is_read(register: Register) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while read < 2 * 1024**3:
            read += 1024 * 1024
            yield b"x" * (1024 * 1024)

    headers = {**association(), "Content-Type": "text/csv"}
    said = await register.http.post(
        "/v1/imports", content=endless(), headers={**headers, "Content-Length": str(2 * 1024**3)}
    )
    assert said.status_code == 413
    counted = await register.http.post("/v1/imports", content=endless(), headers=headers)
    assert counted.status_code == 413
    assert counted.json()["code"] in {"request-too-large", "file-too-large"}


@pytest.mark.parametrize(
    ("headers", "content", "code"),
    [
        ({"Content-Type": "application/json"}, b"{}", "file-type-not-accepted"),
        ({}, b"x", "file-type-not-accepted"),
        ({"Content-Type": "multipart/form-data"}, b"x", "form-not-readable"),
        ({"Content-Type": "multipart/form-data; boundary=b"}, b"--b--\r\n", "form-not-readable"),
        ({"Content-Type": "multipart/form-data; boundary=b"}, b"\x00" * 50, "form-not-readable"),
    ],
)
async def test_what_is_not_sent_as_a_file_is_refused(
    register: Register, headers: dict[str, str], content: bytes, code: str
) -> None:
    answer = await register.http.post("/v1/imports", content=content, headers={**association(), **headers})
    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize(
    "data",
    [
        {"mapping": "{"}, {"mapping": '{"columns": []}'}, {"mapping": '{"columns": {"A": "shoe"}}'},
        {"mapping": '{"columns": {"A\\u0000": "level"}}'}, {"dry_run": "perhaps"}, {"shoe": "size"},
        {"mapping": "no\x00ne"}, {"mapping": "none"},
    ],
)  # fmt: skip
async def test_a_form_that_says_what_cannot_be_is_refused(register: Register, data: dict[str, str]) -> None:
    files = {"file": ("a.csv", csv_file(row(1)), "text/csv")}
    answer = await register.http.post("/v1/imports", files=files, data=data, headers=association())
    assert answer.status_code in (400, 404, 422), answer.text
    assert await count(register, "imports") == 0


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=400), st.text(max_size=200).map(lambda text: text.encode())))
async def test_no_bytes_are_ever_a_fault(content: bytes) -> None:
    for prefix in (b"", csv_file(), b'Member No,"'):
        with contextlib.suppress(TooLarge, Unprocessable):
            await read_member_file(prefix + content, FileMapping())


async def test_a_workbook_may_start_below_a_title_and_hide_other_sheets(register: Register) -> None:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    hidden, shown = book.add_worksheet("Old"), book.add_worksheet("Members")
    hidden.write(0, 0, "nothing")
    hidden.hide()
    shown.activate()
    shown.set_first_sheet()
    shown.write(1, 0, "Members of November")
    shown.write_row(3, 0, COLUMNS)
    shown.write_row(4, 0, row(1, DOB="31/02/1980"))
    book.close()
    sent = await send(register, content.getvalue(), content_type=XLSX)
    assert (sent.status_code, sent.json()["rows"]) == (202, 1)


async def test_a_small_workbook_of_one_long_text_many_times_over_is_refused(register: Register) -> None:
    book = xlsx_file(*[["x" * 15_000] * len(COLUMNS)] * 500)
    assert len(book) < 100_000
    answer = await send(register, book, content_type=XLSX)
    assert (answer.status_code, answer.json()["code"]) == (413, "workbook-too-large")
