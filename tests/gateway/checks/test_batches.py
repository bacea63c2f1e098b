"""A spreadsheet of advisers under one receipt, and who is told of a check."""

import hashlib
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.gateway.domain.checks.batch import FileOfChecksNotReadable, RowsNotReadable, read_csv
from services.gateway.storage.checks import checks
from tests.callers import association
from tests.gateway.checks.test_checks import SCHOOL, check
from tests.gateway.make import Gateway
from tests.register import make, make_licences
from tests.register.conftest import Register

CLIENT = "https://issuer.test#school-one"


async def send(front: Gateway, content: str | bytes, purpose: str = "visit") -> httpx.Response:
    headers = SCHOOL | {"Content-Type": "text/csv"}
    return await front.http.post(
        "/v1/check-batches", content=content, params={"purpose": purpose}, headers=headers
    )


async def test_a_spreadsheet_is_checked_in_one_call_under_one_receipt(
    front: Gateway, register: Register
) -> None:
    number = await make_licences.licensed(register)
    name = make.family_name("ICG", "1")
    file = f"Reference,Number,Family name,Room\nA,{number},{name},7\nB,nonsense,,\n,,,9\nC,{number},Wrong,\n"
    made = await send(front, file.encode("utf-8-sig"))
    assert made.status_code == 201, made.text
    told = made.json()
    assert [(row["reference"], row["verdict"]) for row in told["rows"]] == [
        ("A", "licensed"), ("B", "malformed"), ("C", "details_do_not_match")
    ]  # fmt: skip
    assert told["said"]["verdicts"] == {"details_do_not_match": 1, "licensed": 1, "malformed": 1}
    verified = (await front.http.post("/v1/receipts/verify", json={"receipt": told["receipt"]})).json()
    assert verified["state"] == "genuine"
    text = json.dumps(told["rows"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert verified["content"]["said"]["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    assert (await front.http.get(made.headers["location"], headers=SCHOOL)).json() == told
    page = await front.http.get(f"/receipts/{told['reference']}")
    assert page.status_code == 200
    assert "3 advisers" in page.text


async def test_a_list_of_checks_reads_no_rows_of_batches(front: Gateway) -> None:
    made = (await send(front, "number\nnonsense\n")).json()
    async with front.db.reading() as tx:
        assert (await checks.find(tx, made["reference"])).rows
        ((_, listed),) = await checks.of_client(tx, CLIENT, before=None, limit=1)
    assert (listed.reference, listed.rows) == (made["reference"], None)
    (shown,) = (await front.http.get("/v1/checks", headers=SCHOOL)).json()["items"]
    assert shown == {name: said for name, said in made.items() if name != "rows"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file-of-checks-not-readable"),
        (b"name\nx\n", "file-of-checks-not-readable"),
        (b"number\n\xff\xfe\n", "file-of-checks-not-readable"),
        (b'number\n"CR\n', "file-of-checks-not-readable"),
        (b"number,reference\n,A\n", "rows-not-readable"),
        (b"number,date_of_birth\nCR00000001,31-02-2000\n", "rows-not-readable"),
        (b"number\n" + b"CR00000001\n" * 1001, "too-many-checks"),
    ],
)
async def test_a_file_that_cannot_be_checked_is_refused_whole(
    front: Gateway, content: bytes, code: str
) -> None:
    assert (await send(front, content)).json()["code"] == code
    assert await front.db.fetch("SELECT 1 FROM checks") == []


def test_a_row_that_is_wrong_is_named() -> None:
    with pytest.raises(RowsNotReadable) as refusal:
        read_csv(b"number,family_name\nCR1,ok\nCR2," + b"x" * 201 + b"\n")
    assert [each.pointer for each in refusal.value.errors] == ["/rows/1/family_name"]
    with pytest.raises(FileOfChecksNotReadable):
        read_csv(b"number\n")


async def about(front: Gateway, number: str, headers: dict[str, str]) -> httpx.Response:
    return await front.http.get(f"/v1/practitioners/{number}/checks", headers=headers)


async def test_the_persons_association_reads_who_checked_them_when_the_policy_lets_it(
    front: Gateway, register: Register
) -> None:
    number = await make_licences.licensed(register)
    made = [await check(front, number, purpose="safeguarding")]
    front.clock.move(minutes=1)
    made += [await check(front, number), await send(front, f"number\n{number}\n")]
    assert [each.status_code for each in made] == [201, 201, 201]

    async def purposes() -> list[Any]:
        answer = await about(front, number, association())
        assert answer.status_code == 200, answer.text
        return [(each["kind"], each["purpose"], each["urn"]) for each in answer.json()["items"]]

    told_at_once = [("batch", "visit", "100001"), ("adviser", "visit", "100001")]
    assert await purposes() == told_at_once
    front.clock.now += timedelta(days=180)
    assert await purposes() == [*told_at_once, ("adviser", "safeguarding", "100001")]
    typed = await about(front, f"{number[:2].lower()} {number[2:6]}-{number[6:]}", association())
    assert len(typed.json()["items"]) == 3
    assert (await about(front, number, association("ACEG"))).status_code == 404
    assert (await about(front, number, SCHOOL)).status_code == 403
