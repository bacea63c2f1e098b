"""The log: recorded, amended, voided, never lost; an association's own, and plain about what is wrong."""

import asyncio
from typing import Any

import pytest

from tests.cpd import make
from tests.cpd.conftest import Cpd
from tests.cpd.make import cpd_system
from tests.cpd.people import ANN, BEA, CIM, member, number, tell


async def test_an_entry_is_recorded_amended_and_voided_and_every_version_stays(cpd: Cpd) -> None:
    await member(cpd)
    made = await make.put(cpd)
    assert (made.status_code, made.headers["location"]) == (201, "/v1/entries/by-external-id/ICG/E-1")
    assert made.json() | make.ENTRY == made.json()
    same = await make.put(cpd)
    assert (same.status_code, same.json()) == (200, made.json())
    amended = await make.put(cpd, hours=3, headers={"If-Match": made.headers["etag"]})
    assert amended.json()["hours"] == 3
    stale = await make.put(cpd, hours=4, headers={"If-Match": made.headers["etag"]})
    assert (stale.status_code, stale.json()["code"]) == (412, "changed-since-read")
    id_ = made.json()["id"]
    voided = await make.post(cpd, f"/v1/entries/{id_}/voiding", {"reason": "It was somebody else’s."})
    assert (voided.status_code, voided.json()["status"]) == (201, "voided")
    kept = (await cpd.http.get(f"/v1/entries/{id_}/versions", headers=cpd_system())).json()["items"]
    assert [(each["status"], each["hours"]) for each in kept] == [("done", 12.5), ("done", 3), ("voided", 3)]
    for again in (
        await make.put(cpd),
        await make.post(cpd, f"/v1/entries/{id_}/voiding", {"reason": "Again."}),
    ):
        assert (again.status_code, again.json()["code"]) == (409, "entry-voided")
    assert await make.events(cpd) == ["entry.recorded", "entry.amended", "entry.voided"]


async def test_what_somebody_learnt_stands_in_no_line(cpd: Cpd) -> None:
    await member(cpd)
    await make.put(cpd)
    await make.put(cpd, hours=3)
    rows = await cpd.db.fetch("SELECT subject, facts::text FROM journal WHERE event ~ '^entry'")
    assert {row["subject"] for row in rows} == {ANN}
    told = " ".join(row["facts"] for row in rows)
    for private in ("labour", "vacancy", "openings", "Sample University", "12.5", "2026-05"):
        assert private not in told


@pytest.mark.parametrize(
    ("changes", "status", "code", "pointer"),
    [
        ({"hours": "25:00"}, 422, "input-not-valid", "/hours"),
        ({"hours": 1.005}, 422, "input-not-valid", "/hours"),
        ({"hours": 0}, 422, "input-not-valid", "/hours"),
        ({"hours": 1e300}, 422, "input-not-valid", "/hours"),
        ({"hours": True}, 422, "input-not-valid", "/hours"),
        ({"hours": 73}, 422, "entry-not-plausible", "/hours"),
        ({"done_on": "2026-05-03"}, 422, "entry-not-plausible", "/done_on"),
        ({"done_on": "2026-11-22"}, 422, "entry-not-plausible", "/done_on"),
        ({"done_on": "2026-02-30"}, 422, "input-not-valid", "/done_on"),
        ({"kind": "golf"}, 422, "cpd-codes-not-known", "/kind/0"),
        ({"standards": ["NOS99"]}, 422, "cpd-codes-not-known", "/standards/0"),
        ({"title": "a\x00b"}, 422, "input-not-valid", "/title"),
        ({"title": ""}, 422, "input-not-valid", "/title"),
        ({"reflection": "x" * 2001}, 422, "input-not-valid", "/reflection"),
        ({"status": "voided"}, 422, "input-not-valid", "/status"),
        ({"shoe_size": 7}, 422, "input-not-valid", "/shoe_size"),
        ({"number": "CR12345670"}, 400, "malformed-number", None),
    ],
)
async def test_a_bad_entry_is_refused_with_what_to_mend(
    cpd: Cpd, changes: dict[str, Any], status: int, code: str, pointer: str | None
) -> None:
    await member(cpd)
    answer = await make.put(cpd, **changes)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    if pointer is not None:
        assert answer.json()["errors"][0]["pointer"] == pointer
    assert await make.events(cpd) == []


async def test_a_plan_may_lie_ahead_and_counts_once_it_is_done(cpd: Cpd) -> None:
    await member(cpd)
    planned = await make.put(cpd, status="planned", started_on=None, done_on="2027-01-15")
    assert planned.json()["started_on"] == "2027-01-15"
    part = (await make.standing(cpd, valid_at="2027-01-20"))["parts"][0]
    assert part["entries"][0]["reasons"] == ["planned"]


async def test_another_associations_member_and_entry_look_as_if_they_were_not_there(cpd: Cpd) -> None:
    await member(cpd)
    await member(cpd, BEA, association="ACEG")
    made = (await make.put(cpd)).json()
    for who in (BEA, number(999)):
        answer = await make.put(cpd, "E-2", number=who)
        assert (answer.status_code, answer.json()["code"]) == (404, "no-such-member")
    theirs = cpd_system("ACEG")
    for path in ("/v1/entries/by-external-id/ICG/E-1", f"/v1/entries/{made['id']}/versions"):
        assert (await cpd.http.get(path, headers=theirs)).json()["code"] == "no-such-entry"
    put = await cpd.http.put("/v1/entries/by-external-id/ICG/E-1", json=make.entry(), headers=theirs)
    assert put.json()["code"] == "no-such-entry"
    voided = await make.post(cpd, f"/v1/entries/{made['id']}/voiding", {"reason": "No."}, theirs)
    assert voided.json()["code"] == "no-such-entry"
    listed = await cpd.http.get("/v1/entries", params={"number": ANN}, headers=theirs)
    assert listed.json()["code"] == "no-such-member"
    # The same id is free for another association, and for another person of one's own it is not.
    assert (await make.put(cpd, association="ACEG", number=BEA)).status_code == 201
    await member(cpd, CIM)
    taken = await make.put(cpd, number=CIM)
    assert (taken.status_code, taken.json()["code"]) == (409, "entry-of-another-person")


async def test_a_batch_has_one_result_for_each_item_and_sent_again_the_first_answer(cpd: Cpd) -> None:
    await member(cpd)
    items = [
        {"entry_id": "B-1", **make.entry()},
        {"entry_id": "B-2", **make.entry(hours="25:00")},
        {"entry_id": "B-3", **make.entry(number=BEA)},
        {"entry_id": "B-1", **make.entry(hours=1)},
        "nonsense",
        {"entry_id": "B-4", **make.entry(title="Another")},
    ]
    headers = cpd_system() | {"Idempotency-Key": "batch-1"}
    answers = [await make.post(cpd, "/v1/entries/batch", {"items": items}, headers) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    results = answers[0].json()["results"]
    assert [(each["entry_id"], each["status"]) for each in results] == [
        ("B-1", 201), ("B-2", 422), ("B-3", 404), ("B-1", 422), ("", 422), ("B-4", 201),
    ]  # fmt: skip
    assert results[1]["problem"]["errors"][0]["pointer"] == "/hours"
    assert results[3]["problem"]["code"] == "entry-twice-in-batch"
    assert await make.events(cpd) == ["entry.recorded", "entry.recorded"]
    first = (await cpd.http.get("/v1/entries", params={"limit": 1}, headers=cpd_system())).json()
    rest = await cpd.http.get("/v1/entries", params={"after": first["next"]}, headers=cpd_system())
    assert [each["entry_id"] for each in [*first["items"], *rest.json()["items"]]] == ["B-1", "B-4"]
    for refused in ([], [items[0]] * 201):
        assert (await make.post(cpd, "/v1/entries/batch", {"items": refused})).status_code == 422


async def test_two_who_amend_one_entry_at_once_leave_one_line_each_and_one_open_version(cpd: Cpd) -> None:
    await member(cpd)
    etag = (await make.put(cpd)).headers["etag"]
    answers = await asyncio.gather(
        *(make.put(cpd, hours=hours, headers={"If-Match": etag}) for hours in range(1, 9))
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7
    assert await make.events(cpd) == ["entry.recorded", "entry.amended"]
    again = await asyncio.gather(*(make.put(cpd, "E-2") for _ in range(8)))
    assert sorted(answer.status_code for answer in again) == [200] * 7 + [201]


async def test_of_an_amendment_and_a_voiding_at_once_the_voiding_stands(cpd: Cpd) -> None:
    await member(cpd)
    made = (await make.put(cpd)).json()
    answers = await asyncio.gather(
        *(make.put(cpd, hours=hours) for hours in range(1, 5)),
        *(make.post(cpd, f"/v1/entries/{made['id']}/voiding", {"reason": "Wrong."}) for _ in range(4)),
    )
    voidings = sorted(answer.status_code for answer in answers[4:])
    assert voidings == [201, 409, 409, 409]
    assert {answer.status_code for answer in answers[:4]} <= {200, 409}
    held = await cpd.http.get("/v1/entries/by-external-id/ICG/E-1", headers=cpd_system())
    assert held.json()["status"] == "voided"
    assert (await make.events(cpd))[-1] == "entry.voided"


async def test_an_entry_stays_with_the_number_it_was_told_of_and_counts_for_the_one_that_is_kept(
    cpd: Cpd,
) -> None:
    await member(cpd, ANN)
    await member(cpd, BEA, association="ACEG", entered=None)
    await make.put(cpd)
    await tell(cpd, "people.merged", ANN, kept_number=BEA)
    amended = await make.put(cpd, number=BEA, hours=25)
    assert (amended.status_code, amended.json()["number"]) == (200, ANN)
    for asked in (ANN, BEA):
        found = await make.standing(cpd, asked)
        assert (found["number"], found["standing"]) == (BEA, "met")
