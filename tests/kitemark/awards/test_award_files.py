"""Files of awards: each row for itself, judged as a single award is, and safe to send again."""

import asyncio
import csv
import io
from typing import Any

import httpx
import pytest

from services.kitemark.operations import integrity
from tests.kitemark.awards.test_awards import CSW, put
from tests.kitemark.conftest import Kitemark
from tests.kitemark.make import award_body, events

HEADER = ["Award ID", "URN", "Scheme", "Stage", "Award date", "Expiry date", "Certificate number"]
ROW = ["F-1", "100001", "QICS", "full", "1 March 2025", "28/02/2028", "C-1"]


def sheet(*rows: list[str], header: list[str] = HEADER) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


async def send(kitemark: Kitemark, content: bytes, headers: Any = None, **params: Any) -> httpx.Response:
    sent = (headers or CSW) | {"Content-Type": "text/csv"}
    return await kitemark.http.post("/v1/award-files", content=content, headers=sent, params=params)


def outcomes(answer: httpx.Response) -> list[tuple[str, str | None]]:
    assert answer.status_code == 200, answer.text
    return [(row["outcome"], (row["problem"] or {}).get("code")) for row in answer.json()["rows"]]


async def test_a_file_is_tried_taken_and_taken_again(kitemark: Kitemark) -> None:
    content = sheet(ROW)
    assert outcomes(await send(kitemark, content, dry_run=True)) == [("recorded", None)]
    assert await events(kitemark) == [each for each in await events(kitemark) if "award." not in each]
    assert outcomes(await send(kitemark, content)) == [("recorded", None)]
    held = (await kitemark.http.get("/v1/awards/by-external-id/CSW/F-1")).json()
    assert (held["valid_from"], held["valid_to"], held["certificate"]) == ("2025-03-01", "2028-02-28", "C-1")
    assert outcomes(await send(kitemark, content)) == [("unchanged", None)]
    assert outcomes(await send(kitemark, sheet([*ROW[:6], "C-2"]))) == [("changed", None)]
    assert await integrity.check(kitemark.db) == []


async def test_a_row_is_refused_for_itself_with_what_to_mend(kitemark: Kitemark) -> None:
    rows = [
        ["1", "100001", "QICS", "full", "31-02-2026", "", ""],
        ["2", "NI 123", "QICS", "full", "01/03/2025", "", ""],
        ["3", "12345", "QICS", "full", "01/03/2025", "", ""],
        ["4", "100001", "CAREER-MARK", "full", "01/03/2025", "", ""],
        ["5", "100001", "QICS", "full", "01/03/1999", "01/03/2001", ""],
        ["6", "100001", "QICS", "golden", "01/03/2025", "", ""],
        ["7", "100001", "QICS", "full", "01/03/2099", "", ""],
        ["8", *ROW[1:]],
        ["8", *ROW[1:]],
    ]
    codes = [code for _, code in outcomes(await send(kitemark, sheet(*rows)))]
    assert codes[:3] == ["row-not-readable", "school-number-not-readable", "childrens-centre-number"]
    assert codes[4] == "body-not-authorised"
    assert codes[6:] == ["award-in-the-future", None, "award-twice-in-batch"]
    assert None not in codes[:7]
    told = await send(kitemark, sheet(*rows), format="csv", dry_run=True)
    assert "31-02-2026 is not a real date" in told.text


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (sheet(), 422, "file-has-no-rows"),
        (sheet(ROW, header=["School number", *HEADER[1:]]), 422, "columns-not-understood"),
        (sheet(ROW) + b'"F-2,open', 422, "quotation-not-closed"),
        (sheet(*[[str(place), *ROW[1:]] for place in range(5_001)]), 413, "file-has-too-many-rows"),
    ],
)
async def test_a_file_that_cannot_be_taken_is_refused_whole(
    kitemark: Kitemark, content: bytes, status: int, code: str
) -> None:
    answer = await send(kitemark, content)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_another_bodys_ids_are_its_own(kitemark: Kitemark) -> None:
    await send(kitemark, sheet(ROW))
    foreign = await send(kitemark, sheet(ROW), headers=award_body("FUTURES"))
    assert outcomes(foreign) == [("recorded", None)]
    held = (await kitemark.http.get("/v1/awards/by-external-id/CSW/F-1/versions")).json()["items"]
    assert len(held) == 1


async def test_an_import_meets_the_same_award_told_by_hand(kitemark: Kitemark) -> None:
    content = sheet(*[[f"F-{place}", *ROW[1:]] for place in range(30)])
    path = "/v1/awards/by-external-id/CSW/F-20"
    same = {"school": "100001", "valid_to": "2028-02-28", "certificate": "C-1"}
    answers = await asyncio.gather(
        send(kitemark, content), *(put(kitemark, path, **same) for _ in range(4)), send(kitemark, content)
    )
    assert {answer.status_code for answer in answers} <= {200, 201}
    versions = (await kitemark.http.get(f"{path}/versions")).json()["items"]
    assert len(versions) == 1
    assert await integrity.check(kitemark.db) == []
