"""All three strands under one receipt: what was said then, unknowns among it, proved years later."""

import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.gateway.domain.checks.receipt import Difference
from services.gateway.domain.checks.strands import since
from shared.postgres.roles import ServiceUrls
from tests.callers import TRUSTED, association, issuer_transport
from tests.gateway.checks.test_checks import OTHER, SCHOOL
from tests.gateway.make import Gateway, keys_file, running, settings
from tests.gateway.neighbours import FakeKitemark
from tests.register import make_licences
from tests.register.conftest import Register, TestClock
from tests.register.posts.make_posts import attested, organisation


@pytest.fixture
async def joined(
    register: Register, gateway_urls: ServiceUrls, tmp_path: Path, patient: None
) -> AsyncIterator[tuple[Gateway, FakeKitemark]]:
    """The gateway before the real register and a kite mark of the test's own."""
    kitemark, clock = FakeKitemark(), TestClock()
    chosen = settings(gateway_urls, keys_file(tmp_path, clock), trusted_issuers=[TRUSTED])
    transports: dict[str, httpx.AsyncBaseTransport] = {
        "register": httpx.ASGITransport(app=register.app),
        "kitemark": httpx.MockTransport(kitemark),
        "issuers": issuer_transport(),
    }
    async with running(chosen, clock, transports) as found:
        yield found, kitemark


async def check(front: Gateway, headers: dict[str, str] | None = None, **asked: Any) -> httpx.Response:
    body = {"purpose": "assurance", **asked}
    return await front.http.post("/v1/assurance-checks", json=body, headers=headers or SCHOOL)


async def test_a_school_is_proved_with_everybody_who_works_there(
    joined: tuple[Gateway, FakeKitemark], register: Register
) -> None:
    front, _ = joined
    number = await make_licences.licensed(register)
    employer = await organisation(register, ukprn="10000001")
    await attested(register, number, employer, school={"value": "100001"})
    made = await check(front, SCHOOL | {"Idempotency-Key": "one"}, school="100001")
    assert made.status_code == 201, made.text
    told = made.json()
    assert (told["kind"], told["overall"]) == ("assurance", "assured")
    assert {(each["strand"], each["holds"]) for each in told["strands"]} == {
        ("adviser", "yes"), ("school", "yes"), ("provider", "yes"),
    }  # fmt: skip
    assert set(told["journal_positions"]) == {"register", "kitemark"}
    assert (await check(front, SCHOOL | {"Idempotency-Key": "one"}, school="100001")).json() == told
    assert (await front.http.get(made.headers["location"], headers=SCHOOL)).json() == told
    assert (await front.http.get(made.headers["location"], headers=OTHER)).status_code == 404
    verified = (await front.http.post("/v1/receipts/verify", json={"receipt": told["receipt"]})).json()
    assert (verified["state"], verified["content"]["said"]["overall"]) == ("genuine", "assured")
    text = json.dumps(told["strands"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert verified["content"]["said"]["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    about = await front.http.get(f"/v1/practitioners/{number}/checks", headers=association())
    assert [each["kind"] for each in about.json()["items"]] == ["assurance"]
    page = await front.http.get(f"/receipts/{told['reference']}")
    assert "All three strands held" in page.text
    assert f"Adviser {number}" in page.text
    shown = await front.http.post("/receipts", data={"receipt": told["receipt"]})
    assert "Nothing: the same is said today." in shown.text


async def test_what_has_changed_since_is_told_of_each_strand_and_silence_is_no_change(
    joined: tuple[Gateway, FakeKitemark], register: Register
) -> None:
    front, kitemark = joined
    number = await make_licences.licensed(register)
    employer = await organisation(register, ukprn="10000001")
    await attested(register, number, employer, school={"value": "100001"})
    receipt = (await check(front, school="100001")).json()["receipt"]
    await make_licences.impose(register, number, "suspension")
    kitemark.mark = "expired"

    async def verified() -> tuple[dict[str, Any], str]:
        answer = await front.http.post("/v1/receipts/verify", json={"receipt": receipt})
        page = await front.http.post("/receipts", data={"receipt": receipt})
        assert (answer.status_code, page.status_code) == (200, 200), answer.text
        return answer.json(), page.text

    told, page = await verified()
    suspended = {
        "fact": f"adviser {number}",
        "then": {"holds": "yes", "word": "licensed"},
        "now": {"holds": "no", "word": "suspended"},
    }
    expired = {
        "fact": "school 100001",
        "then": {"holds": "yes", "word": "fully_meets"},
        "now": {"holds": "no", "word": "expired"},
    }
    assert (told["differences"], told["now"]["overall"]) == ([suspended, expired], "not_assured")
    assert told["unknown"] == []
    assert "<td>holds: licensed</td><td>does not hold: suspended</td>" in page
    kitemark.status = 500
    told, page = await verified()
    assert told["differences"] == [suspended]
    assert sorted(told["unknown"]) == ["provider 10000001", "school 100001"]
    assert "<li>School 100001</li>" in page
    silent = httpx.MockTransport(lambda _: httpx.Response(500))
    front.app.state.neighbours.register._service._neighbour._client._transport = silent
    told, page = await verified()
    assert told["differences"] == []
    assert f"adviser {number}" in told["unknown"]
    assert "Nothing of what is known today." in page


async def test_one_strand_alone_is_not_said_to_be_three(
    joined: tuple[Gateway, FakeKitemark],
) -> None:
    front, _ = joined
    told = (await check(front, school="100001", adviser="CR00000001", provider="10000001")).json()
    assert "Something was missing" in (await front.http.get(f"/receipts/{told['reference']}")).text
    told = (await check(front, provider="10000001")).json()
    page = (await front.http.get(f"/receipts/{told['reference']}")).text
    assert "What was asked about held" in page
    assert "All three strands" not in page


async def test_what_is_not_known_is_proved_to_have_been_unknown(
    joined: tuple[Gateway, FakeKitemark], register: Register
) -> None:
    front, kitemark = joined
    kitemark.status = 500
    number = await make_licences.licensed(register)
    told = (await check(front, adviser=number, school="100001", provider="10000001")).json()
    assert told["overall"] == "incomplete"
    assert {each["strand"]: each["word"] for each in told["strands"]} == {
        "adviser": "licensed", "school": None, "provider": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({}, 422, "nothing-to-assure"),
        ({"school": "100001", "purpose": "golf"}, 422, "purpose-of-check-not-known"),
        ({"school": "<b>"}, 422, "input-not-valid"),
        ({"school": "1" * 21}, 422, "input-not-valid"),
    ],
)
async def test_what_cannot_be_checked_is_refused_and_nothing_is_kept(
    joined: tuple[Gateway, FakeKitemark], asked: dict[str, Any], status: int, code: str
) -> None:
    front, _ = joined
    answer = await check(front, **asked)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await front.db.fetch("SELECT FROM checks") == []


def strand(kind: str, subject: str, word: str | None = "licensed", holds: str = "yes") -> dict[str, Any]:
    return {"strand": kind, "subject": subject, "word": word, "holds": holds if word else "unknown"}


ANN, BEN, NOBODY = strand("adviser", "CR1"), strand("adviser", "CR2"), strand("adviser", "100001", None)
TOLD = {"word": "licensed", "holds": "yes"}


@pytest.mark.parametrize(
    ("then", "now", "answered", "differences", "unknown"),
    [
        ([ANN], [ANN], True, [], []),
        ([ANN], [BEN], True, [("adviser CR1", TOLD, None), ("adviser CR2", None, TOLD)], []),
        ([ANN], [NOBODY], True, [("adviser CR1", TOLD, None)], []),
        ([ANN], [NOBODY], False, [], ["adviser CR1", "advisers at 100001"]),
        ([NOBODY], [NOBODY], True, [], []),
        ([NOBODY], [NOBODY], False, [], ["advisers at 100001"]),
        ([ANN], [strand("adviser", "CR1", None)], True, [], ["adviser CR1"]),
        ([strand("adviser", "CR1", None)], [ANN], True,
         [("adviser CR1", {"word": None, "holds": "unknown"}, TOLD)], []),
        ([ANN], [strand("adviser", "CR1", holds="no")], True,
         [("adviser CR1", TOLD, {"word": "licensed", "holds": "no"})], []),
    ],
)  # fmt: skip
def test_a_strand_has_changed_only_where_it_is_known_to(
    then: list[dict[str, Any]],
    now: list[dict[str, Any]],
    answered: bool,
    differences: list[tuple[str, Any, Any]],
    unknown: list[str],
) -> None:
    expected = [Difference(fact=fact, then=before, now=after) for fact, before, after in differences]
    assert since(then, now, school="100001", school_answered=answered) == (expected, unknown)
