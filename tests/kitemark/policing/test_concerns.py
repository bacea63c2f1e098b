"""Anybody raises a concern and follows it by a secret; what is undecided is nobody else's to read."""

from datetime import UTC, datetime
from typing import Any

import asyncpg
import httpx
import pytest

from services.kitemark.operations import integrity
from shared.postgres.urls import asyncpg_dsn
from tests.callers import bearer
from tests.kitemark.conftest import Kitemark
from tests.kitemark.make import PANEL, events
from tests.kitemark.policing.make_policing import CSW, CSW_PANEL, FUTURES, drawn, given, sent

WORDS = "Nobody from the body has ever visited this school."
CONCERN = {"about": "award", "code": "CSW", "award_id": "M-0", "words": WORDS}
QUALITY = "/v1/bodies/CSW/quality"


async def progress(kitemark: Kitemark, reference: str) -> dict[str, Any]:
    answer = await kitemark.http.post("/v1/concerns/progress", json={"reference": reference})
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    found: dict[str, Any] = answer.json()
    return found


async def raised(kitemark: Kitemark, concern: dict[str, str] | None = None, **headers: str) -> httpx.Response:
    return await kitemark.http.post("/v1/concerns", json=concern or CONCERN, headers=headers)


async def listed(kitemark: Kitemark, headers: dict[str, str]) -> list[int]:
    answer = await kitemark.http.get("/v1/concerns", headers=headers)
    return [each["id"] for each in answer.json()["items"]]


async def test_a_concern_goes_from_anybody_to_an_outcome_and_only_its_raiser_follows(
    kitemark: Kitemark,
) -> None:
    await given(kitemark, 1)
    made = await raised(kitemark, **{"Idempotency-Key": "once"})
    assert (made.status_code, made.json()["acknowledge_by"]) == (201, "2026-11-26")
    reference = made.json()["reference"]
    assert (await raised(kitemark, **{"Idempotency-Key": "once"})).json()["reference"] is None
    assert (await progress(kitemark, reference))["state"] == "raised"
    (id_,) = await listed(kitemark, PANEL)
    place = f"/v1/concerns/{id_}"
    # Until it is acknowledged, the body it is about sees nothing, whoever speaks for it.
    assert await listed(kitemark, CSW) == await listed(kitemark, CSW_PANEL) == []
    assert (await kitemark.http.get(place, headers=CSW)).status_code == 404
    assert (await sent(kitemark, f"{place}/acknowledgement", headers=CSW_PANEL)).status_code == 404
    assert (await sent(kitemark, f"{place}/acknowledgement")).json()["answer_by"] == "2026-12-19"
    assert await listed(kitemark, CSW) == [id_]
    other = bearer("awards:write", subject="STOKE-system", body="STOKE")
    assert await listed(kitemark, other) == []
    assert (await kitemark.http.get(place, headers=other)).status_code == 404
    answer = {"answer": "We came on 3 March."}
    assert (await sent(kitemark, f"{place}/answer", answer, other)).status_code == 404
    upheld = {"outcome": "upheld", "reasons": "Nobody came."}
    early = await sent(kitemark, f"{place}/closing", upheld)
    assert (early.status_code, early.json()["code"]) == (409, "answer-still-possible")
    assert (await sent(kitemark, f"{place}/answer", answer, CSW)).json()["state"] == "answered"
    assert (await progress(kitemark, reference))["answer"] is None
    own = await sent(kitemark, f"{place}/closing", upheld, bearer("validations:decide", body="CSW"))
    assert (own.status_code, own.json()["code"]) == (403, "concern-not-yours")
    assert (await sent(kitemark, f"{place}/closing", upheld, FUTURES)).json()["outcome"] == "upheld"
    again = await sent(kitemark, f"{place}/acknowledgement")
    assert (again.status_code, again.json()["code"]) == (409, "concern-moves-otherwise")
    told = await progress(kitemark, reference)
    assert (told["outcome"], told["answer"], told["reasons"]) == ("upheld", answer["answer"], "Nobody came.")
    assert [each for each in await events(kitemark) if each.startswith("concern")] == [
        "concern.raised", "concern.acknowledged", "concern.answered", "concern.closed",
    ]  # fmt: skip
    lines = await kitemark.db.fetch(
        "SELECT actor, facts::text AS facts FROM journal WHERE event ~ '^concern'"
    )
    assert lines[0]["actor"] == "anyone"
    assert not any("visited" in line["facts"] or "came" in line["facts"] for line in lines)
    assert await integrity.check(kitemark.db) == []


async def test_what_nobody_knows_is_refused_and_no_reference_is_guessed(kitemark: Kitemark) -> None:
    for concern, status, code in (
        (CONCERN, 422, "award-not-known"),
        (CONCERN | {"code": "NOBODY"}, 422, "body-not-known"),
        ({"about": "scheme", "code": "NOTHING", "words": WORDS}, 422, "scheme-not-known"),
        (CONCERN | {"about": "body"}, 422, "input-not-valid"),
        (CONCERN | {"words": "Too short"}, 422, "input-not-valid"),
    ):
        answer = await raised(kitemark, concern)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await raised(kitemark, CONCERN | {"words": "x" * 40_000})).status_code == 413
    guessed = await kitemark.http.post("/v1/concerns/progress", json={"reference": "guessed"})
    assert (guessed.status_code, guessed.json()["code"]) == (404, "no-such-concern")
    scheme = await raised(kitemark, {"about": "scheme", "code": "QICS", "words": WORDS}, **CSW)
    assert scheme.status_code == 201
    (line,) = await kitemark.db.fetch("SELECT actor, subject FROM journal WHERE event = 'concern.raised'")
    assert (line["actor"], line["subject"]) == ("anyone", "scheme:QICS")


async def test_what_is_published_of_a_body_is_decided_and_hides_few(kitemark: Kitemark) -> None:
    await drawn(kitemark, 3)
    for number in range(6):
        concern = {"about": "body", "code": "CSW", "words": f"{WORDS} {number}"}
        assert (await raised(kitemark, concern)).status_code == 201
    found = (await kitemark.http.get(QUALITY)).json()
    (year,) = found["moderations"]
    assert (year["year"], year["population"], year["drawn"], year["agreed"], year["rate"]) == (
        2026,
        3,
        3,
        0,
        None,
    )
    assert found["concerns"]["closed"] == 0
    (licence,) = found["reassessments"]
    assert (licence["scheme"], licence["due_on"][:4]) == ("QICS", "2020")
    closing = {"outcome": "outside", "reasons": "About a bus."}
    ids = await listed(kitemark, PANEL)
    for id_ in ids[:4]:
        assert (await sent(kitemark, f"/v1/concerns/{id_}/closing", closing)).status_code == 201
    few = (await kitemark.http.get(QUALITY)).json()["concerns"]
    assert (few["closed"], few["by_outcome"]["outside"], few["to_close"]["median"]) == (None, None, None)
    kitemark.clock.now = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
    for id_ in ids[4:]:
        assert (await sent(kitemark, f"/v1/concerns/{id_}/closing", closing)).status_code == 201
    many = (await kitemark.http.get(QUALITY)).json()["concerns"]
    assert (many["closed"], many["by_outcome"]["outside"], many["to_close"]["longest"]) == (6, 6, 4)
    assert many["to_acknowledge"] == {"median": None, "longest": None, "late": 0}
    nobody = await kitemark.http.get("/v1/bodies/NOBODY/quality")
    assert (nobody.status_code, nobody.json()["code"]) == (404, "no-such-body")


async def test_the_database_lets_nobody_close_their_own_case_and_a_fault_is_found(kitemark: Kitemark) -> None:
    await raised(kitemark, {"about": "body", "code": "CSW", "words": WORDS})
    closed = await sent(
        kitemark,
        f"/v1/concerns/{(await listed(kitemark, PANEL))[0]}/closing",
        {"outcome": "outside", "reasons": "About a bus."},
    )
    assert closed.status_code == 201
    owner = await asyncpg.connect(asyncpg_dsn(kitemark.urls.owner))
    await owner.execute("ALTER TABLE concerns DISABLE TRIGGER USER")
    spoil = "UPDATE concerns SET moved_for = 'CSW' WHERE state = 'closed'"
    with pytest.raises(asyncpg.CheckViolationError, match="concerns_not_in_own_case"):
        await owner.execute(spoil)
    await owner.execute("ALTER TABLE concerns DROP CONSTRAINT concerns_not_in_own_case")
    await owner.execute(spoil)
    await owner.close()
    assert [each.name for each in await integrity.check(kitemark.db)] == [
        "a concern that was moved by somebody whose own case it is"
    ]
