"""Awards are told by their body, judged by what held on the day, and answered to anybody."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import asyncpg
import httpx
import pytest

from services.kitemark.operations import integrity
from shared.postgres.urls import asyncpg_dsn
from tests.kitemark.conftest import Kitemark
from tests.kitemark.make import award_body, decided, events

CSW = award_body("CSW")
AWARD = {
    "school": "100001",
    "scheme": "QICS",
    "stage": "full",
    "valid_from": "2025-03-01",
    "valid_to": "2028-02-29",
}
PATH = "/v1/awards/by-external-id/CSW/A-1"


async def put(kitemark: Kitemark, path: str = PATH, headers: Any = None, **changes: Any) -> httpx.Response:
    body = {name: value for name, value in (AWARD | changes).items() if value is not None}
    return await kitemark.http.put(path, json=body, headers=headers or CSW)


async def mark(kitemark: Kitemark, school: str = "100001", **params: str) -> dict[str, Any]:
    answer = await kitemark.http.get(f"/v1/marks/{school}", params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def ended(kitemark: Kitemark, what: str, last_day: str, **which: str) -> dict[str, Any]:
    """End the authority or validation that is meant."""
    items = (await kitemark.http.get(f"/v1/{what}")).json()["items"]
    (id_,) = [each["id"] for each in items if which.items() <= each.items()]
    answer = await decided(kitemark, f"/v1/{what}/{id_}/ending", {"last_day": last_day})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_an_award_is_told_corrected_withdrawn_and_proved(kitemark: Kitemark) -> None:
    made = await put(kitemark)
    assert (made.status_code, made.headers["location"]) == (201, PATH)
    assert (await put(kitemark)).status_code == 200
    found = await mark(kitemark)
    assert (found["mark"], found["valid_to"], found["reason"]) == (
        "fully_meets",
        "2028-02-29",
        "award-in-date",
    )
    (link,) = found["chain"]
    assert link["authority"]["source"].startswith("W3")
    assert link["scheme_owner"] == "CONSORTIUM"
    kitemark.clock.now = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    corrected = await put(kitemark, stage="progress", headers=CSW | {"If-Match": made.headers["etag"]})
    assert corrected.json()["stage"] == "progress"
    stale = await put(kitemark, headers=CSW | {"If-Match": made.headers["etag"]})
    assert stale.status_code == 412
    kitemark.clock.now = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    reason = {"reason": "Evidence was made up.", "withdrawn_on": "2026-12-01"}
    withdrawn = await kitemark.http.post(f"{PATH}/withdrawal", json=reason, headers=CSW)
    assert (withdrawn.status_code, withdrawn.json()["withdrawn_on"]) == (201, "2026-12-01")
    assert (await mark(kitemark))["mark"] == "withdrawn"
    assert (await mark(kitemark, valid_at="2026-11-30"))["mark"] == "progressing"
    assert (await mark(kitemark, known_at="2026-11-21T12:00:00Z"))["mark"] == "fully_meets"
    assert (await mark(kitemark, known_at="2026-11-30T09:30:00Z"))["mark"] == "progressing"
    again = await put(kitemark)
    assert (again.status_code, again.json()["code"]) == (409, "award-withdrawn")
    versions = (await kitemark.http.get(f"{PATH}/versions")).json()["items"]
    assert [(each["stage"], each["withdrawn_on"]) for each in versions] == [
        ("full", None), ("progress", None), ("progress", "2026-12-01"),
    ]  # fmt: skip
    assert (await events(kitemark))[-3:] == ["award.recorded", "award.changed", "award.withdrawn"]
    assert (await kitemark.http.get("/v1/schools/100001/awards")).json()["items"][0]["award_id"] == "A-1"
    assert await integrity.check(kitemark.db) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"school": "NI1234567"}, "school-number-not-readable"),
        ({"school": "20001"}, "childrens-centre-number"),
        ({"scheme": "NOTHING"}, "scheme-not-known"),
        ({"stage": "platinum"}, "stage-not-on-ladder"),
        ({"criteria_version": "1999"}, "criteria-not-known"),
        ({"valid_from": "2026-11-22"}, "award-in-the-future"),
        ({"valid_from": "2012-01-01"}, "body-not-authorised"),
        ({"valid_to": None}, "end-of-award-not-known"),
        ({"valid_to": "2025-02-28"}, "ends-before-it-begins"),
        ({"valid_from": "2026-02-31"}, "input-not-valid"),
        ({"certificate": "x\x00"}, "input-not-valid"),
        ({"shoe_size": 7}, "input-not-valid"),
    ],
)
async def test_what_cannot_be_an_award_is_refused_and_nothing_is_kept(
    kitemark: Kitemark, changes: dict[str, Any], code: str
) -> None:
    answer = await put(kitemark, **changes)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await mark(kitemark))["mark"] == "none"


async def test_another_bodys_award_looks_like_a_missing_one_to_its_writer(kitemark: Kitemark) -> None:
    await put(kitemark)
    other = award_body("FUTURES")
    written = await put(kitemark, headers=other)
    reason = {"reason": "It was ours."}
    withdrawn = await kitemark.http.post(f"{PATH}/withdrawal", json=reason, headers=other)
    missing = await kitemark.http.post(
        "/v1/awards/by-external-id/FUTURES/none/withdrawal", json=reason, headers=other
    )
    assert {answer.status_code for answer in (written, withdrawn, missing)} == {404}
    assert (await put(kitemark, "/v1/awards/by-external-id/FUTURES/A-1", other)).status_code == 201


async def test_a_batch_has_one_result_for_each_and_one_slip_refuses_no_other(kitemark: Kitemark) -> None:
    items = [
        AWARD | {"award_id": "1"},
        AWARD | {"award_id": "2", "school": "nowhere"},
        AWARD | {"award_id": "1", "school": "100002"},
        {"award_id": "3"},
        AWARD | {"award_id": "4", "school": "NI:123-4567", "stage": "commitment"},
    ]
    headers = CSW | {"Idempotency-Key": "batch-1"}
    answer = await kitemark.http.post("/v1/awards/batch", json={"items": items}, headers=headers)
    results = answer.json()["results"]
    assert [each["status"] for each in results] == [201, 422, 409, 422, 201]
    again = await kitemark.http.post("/v1/awards/batch", json={"items": items}, headers=headers)
    assert again.json() == answer.json()
    asked = {"schools": ["NI:123-4567", "100001", "nonsense", "100001", "100009"]}
    looked = (await kitemark.http.post("/v1/marks/batch", json=asked)).json()["items"]
    assert [each["mark"] for each in looked] == ["committed", "fully_meets", None, "fully_meets", "none"]
    assert looked[2]["problem"]["code"] == "school-number-not-readable"


async def test_a_mark_falls_the_same_instant_as_anything_that_it_rests_on(kitemark: Kitemark) -> None:
    policy = {
        "code": "2026-x", "title": "x", "effective_from": "2020-01-01", "effective_to": None,
        "lapse": "awards_end_too", "follows": [], "source": {"ref": "S0", "note": "A test."},
    }  # fmt: skip
    await _policy(kitemark, policy)
    await put(kitemark)
    assert (await mark(kitemark))["mark"] == "fully_meets"
    await ended(kitemark, "authorities", "2026-11-20", body="CSW", scheme="QICS")
    fallen = await mark(kitemark)
    assert (fallen["mark"], fallen["reason"], fallen["lapse"]) == (
        "expired", "authority-of-the-body-ended", "awards_end_too",
    )  # fmt: skip
    assert (await mark(kitemark, valid_at="2026-11-20"))["mark"] == "fully_meets"
    await put(kitemark, "/v1/awards/by-external-id/FUTURES/1", award_body("FUTURES"), school="100002")
    await ended(kitemark, "validations", "2026-11-20", scheme="QICS")
    assert (await mark(kitemark, "100002"))["reason"] == "validation-of-the-scheme-ended"


async def _policy(kitemark: Kitemark, policy: dict[str, Any]) -> None:
    owner = await asyncpg.connect(asyncpg_dsn(kitemark.urls.owner))
    await owner.execute(
        "INSERT INTO reference (kind, code, position, body)"
        " SELECT 'mark_policies', $1::jsonb ->> 'code', 9, $1::jsonb",
        httpx.Request("POST", "http://x", json=policy).content.decode(),
    )
    await owner.close()


async def test_under_the_shipped_policy_an_award_that_was_given_rightly_lasts(kitemark: Kitemark) -> None:
    await put(kitemark)
    await ended(kitemark, "authorities", "2026-11-20", body="CSW", scheme="QICS")
    lasting = await mark(kitemark)
    assert (lasting["mark"], lasting["reason"]) == ("fully_meets", "given-before-the-lapse-and-lasts")
    late = await put(kitemark, "/v1/awards/by-external-id/CSW/late", valid_from="2026-11-21")
    assert late.json()["code"] == "body-not-authorised"


async def test_an_award_and_the_end_of_authority_meet_and_neither_slips_past(kitemark: Kitemark) -> None:
    items = (await kitemark.http.get("/v1/authorities")).json()["items"]
    (id_,) = [each["id"] for each in items if (each["body"], each["scheme"]) == ("CSW", "QICS")]

    async def end() -> httpx.Response:
        return await decided(kitemark, f"/v1/authorities/{id_}/ending", {"last_day": "2026-11-01"})

    async def give(number: int) -> httpx.Response:
        return await put(kitemark, f"/v1/awards/by-external-id/CSW/{number}", valid_from="2026-11-10")

    answers = await asyncio.gather(
        *(give(each) for each in range(6)), end(), *(give(each) for each in range(6, 12))
    )
    assert {answer.status_code for answer in answers} <= {201, 422}
    assert await integrity.check(kitemark.db) == []


async def test_one_award_told_twice_at_once_is_recorded_once(kitemark: Kitemark) -> None:
    answers = await asyncio.gather(*(put(kitemark) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert len((await kitemark.http.get(f"{PATH}/versions")).json()["items"]) == 1


async def test_the_shipped_schemes_are_those_that_sources_name(kitemark: Kitemark) -> None:
    schemes = (await kitemark.http.get("/v1/schemes?limit=200")).json()["items"]
    local = [each for each in schemes if each["code"] != "QICS"]
    assert len(local) == 12
    sources = {each["code"] for each in (await kitemark.http.get("/v1/sources?limit=200")).json()["items"]}
    bodies = {each["code"] for each in (await kitemark.http.get("/v1/bodies?limit=200")).json()["items"]}
    for each in schemes:
        assert set(each["source"]["ref"].split()) <= sources
        assert {each["body"], each["owner"]} <= bodies
        assert each["validity_years"] is not None or each["validity_note"]
    validated = (await kitemark.http.get("/v1/validations")).json()["items"]
    assert len([each for each in validated if each["scheme"] != "QICS"]) == 8


async def test_a_fault_in_the_awards_is_found(kitemark: Kitemark) -> None:
    await put(kitemark)
    owner = await asyncpg.connect(asyncpg_dsn(kitemark.urls.owner))
    await owner.execute("ALTER TABLE authorities DISABLE TRIGGER USER")
    await owner.execute("DELETE FROM authorities WHERE subject = 'CSW'")
    await owner.close()
    found = await integrity.check(kitemark.db)
    assert [(each.invariant, each.row) for each in found] == [("I19", "award:CSW/A-1")]
