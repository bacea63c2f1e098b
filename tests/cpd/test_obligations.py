"""What is decided and declared beside the log: deferrals and exemptions, yearly returns, commitments."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests.callers import registrar
from tests.cpd import make
from tests.cpd.conftest import Cpd
from tests.cpd.make import AUDITOR, cpd_system
from tests.cpd.people import ANN, BEA, CIM, member, number
from tests.cpd.test_reference import OWN_POLICY

PAUSE: dict[str, Any] = {
    "number": ANN,
    "kind": "deferral",
    "reason": "illness",
    "note": "A letter was seen.",
    "valid_from": "2026-11-01",
    "valid_to": "2027-01-31",
}
COMMITMENT = {"number": ANN, "wording_version": "commitment-1", "committed_on": "2026-11-20"}


async def test_a_deferral_is_decided_ended_and_its_reason_told_to_nobody_else(cpd: Cpd) -> None:
    await member(cpd)
    decided = await make.post(cpd, "/v1/pauses", PAUSE, AUDITOR)
    assert decided.status_code == 201, decided.text
    shown = await make.standing(cpd)
    assert shown["standing"] == "deferred"
    assert "illness" not in str(shown)
    assert "illness" not in str(await cpd.db.fetch("SELECT * FROM journal WHERE event ~ '^pause'"))
    ended = await make.post(
        cpd, f"/v1/pauses/{decided.json()['id']}/ending", {"last_day": "2026-11-20"}, AUDITOR
    )
    assert (ended.status_code, ended.json()["valid_to"]) == (201, "2026-11-20")
    today = await make.standing(cpd)
    assert today["standing"] == "on_track"
    assert today["parts"][0]["hours"]["required"] == 23.63  # 20 of 365 days were deferred
    again = await make.post(
        cpd, f"/v1/pauses/{decided.json()['id']}/ending", {"last_day": "2026-11-20"}, AUDITOR
    )
    assert (again.status_code, again.json()["code"]) == (409, "pause-not-open")
    listed = await cpd.http.get("/v1/pauses", params={"number": ANN}, headers=AUDITOR)
    assert [each["reason"] for each in listed.json()["items"]] == ["illness"]
    assert await make.events(cpd) == ["pause.decided", "pause.ended"]


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"valid_to": None}, 422, "deferral-without-end"),
        ({"valid_to": "2026-10-31"}, 422, "pause-ends-before-it-begins"),
        ({"number": number(999)}, 404, "no-such-member"),
        ({"reason": "laziness"}, 422, "input-not-valid"),
    ],
)
async def test_a_deferral_that_cannot_be_is_refused(
    cpd: Cpd, changes: dict[str, Any], status: int, code: str
) -> None:
    await member(cpd)
    answer = await make.post(cpd, "/v1/pauses", PAUSE | changes, AUDITOR)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    missing = await make.post(cpd, "/v1/pauses/99/ending", {"last_day": "2026-11-20"}, AUDITOR)
    assert (missing.status_code, missing.json()["code"]) == (404, "no-such-pause")


async def test_of_deferrals_of_the_same_days_decided_at_once_one_stands(cpd: Cpd) -> None:
    await member(cpd)
    answers = await asyncio.gather(*(make.post(cpd, "/v1/pauses", PAUSE, AUDITOR) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"pauses-overlap"}


async def test_an_associate_declares_the_year_late_and_amends_it(cpd: Cpd) -> None:
    await member(cpd, BEA, level="associate", since="2025-06-01")
    assert (await make.standing(cpd, BEA, valid_at="2026-07-29"))["standing"] == "short"
    body = {"number": BEA, "day": "2026-05-31", "hours": 12, "nature": "Two courses and reading."}
    late = await make.post(cpd, "/v1/returns", body)
    assert late.status_code == 201, late.text
    assert (late.json()["cycle_first"], late.json()["cycle_last"], late.json()["late"]) == (
        "2025-06-01",
        "2026-05-31",
        True,
    )
    assert (await make.standing(cpd, BEA, valid_at="2026-07-29"))["standing"] == "on_track"
    cpd.clock.now += timedelta(minutes=1)
    assert (await make.post(cpd, "/v1/returns", body)).json() == late.json()
    amended = await make.post(cpd, "/v1/returns", body | {"hours": 14})
    assert (amended.json()["id"], amended.json()["hours"]) == (late.json()["id"], 14)
    now = await make.post(cpd, "/v1/returns", {"number": BEA, "nature": "A network."})
    assert (now.json()["hours"], now.json()["late"]) == (None, False)
    assert (await make.standing(cpd, BEA))["standing"] == "declared"
    listed = (await cpd.http.get("/v1/returns", headers=cpd_system())).json()["items"]
    assert [each["cycle_first"] for each in listed] == ["2025-06-01", "2026-06-01"]
    assert await make.events(cpd) == ["return.declared", "return.amended", "return.declared"]
    lines = await cpd.db.fetch("SELECT facts::text FROM journal WHERE event ~ '^return'")
    assert "courses" not in str(lines)


async def test_a_return_meets_nothing_where_cpd_is_compulsory_and_where_no_year_runs_is_refused(
    cpd: Cpd,
) -> None:
    await member(cpd)
    await member(cpd, CIM, level="affiliate")
    await make.post(cpd, "/v1/returns", {"number": ANN, "nature": "All of it."})
    shown = await make.standing(cpd)
    assert (shown["standing"], shown["parts"][0]["declared"]) == ("on_track", True)
    refused = await make.post(cpd, "/v1/returns", {"number": CIM, "nature": "All of it."})
    assert (refused.status_code, refused.json()["code"]) == (409, "no-year-to-declare")
    foreign = await make.post(cpd, "/v1/returns", {"number": ANN, "nature": "x"}, cpd_system("ACEG"))
    assert foreign.json()["code"] == "no-such-member"


async def test_a_member_commits_once_and_an_association_sees_who_has_and_how_it_asks(cpd: Cpd) -> None:
    await member(cpd)
    await member(cpd, BEA, level="associate")
    made = await make.post(cpd, "/v1/commitments", COMMITMENT)
    assert made.status_code == 201, made.text
    again = await make.post(cpd, "/v1/commitments", COMMITMENT)
    assert (again.status_code, again.json()["code"]) == (409, "already-committed")
    early = await make.post(cpd, "/v1/commitments", COMMITMENT | {"committed_on": "2026-11-22"})
    assert early.json()["code"] == "commitment-in-the-future"
    unknown = await make.post(cpd, "/v1/commitments", COMMITMENT | {"wording_version": "other"})
    assert unknown.json()["code"] == "cpd-codes-not-known"
    await make.post(cpd, "/v1/policies", OWN_POLICY | {"effective_from": "2026-11-22"}, registrar())
    cpd.clock.now += timedelta(days=1)
    listed = (await cpd.http.get("/v1/commitments", headers=cpd_system())).json()["items"]
    assert {each["number"]: (each["asked"], each["committed"]) for each in listed} == {
        ANN: ("required", True),
        BEA: ("invited", False),
    }
    assert (await make.events(cpd)) == ["commitment.declared"]
