"""Whoever follows marks is told each change once, in order, as soon as it is written."""

import asyncio
import time
from typing import Any

from tests.callers import bearer
from tests.kitemark.awards.test_awards import CSW, PATH, ended, put
from tests.kitemark.conftest import Kitemark

CRM = bearer("changes:read", subject="crm")


async def follow(kitemark: Kitemark, after: int = 0, **params: Any) -> dict[str, Any]:
    answer = await kitemark.http.get("/v1/changes", params={"after": after, **params}, headers=CRM)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_what_changes_marks_is_followed_from_position_to_position(kitemark: Kitemark) -> None:
    start = 0
    while not (shipped := await follow(kitemark, start))["caught_up"]:
        start = shipped["next"]
    start = shipped["next"]
    assert await follow(kitemark, start) == {"items": [], "next": start, "caught_up": True}
    assert (await put(kitemark)).status_code == 201
    withdrawn = {"reason": "Sold.", "withdrawn_on": "2026-01-01"}
    answer = await kitemark.http.post(f"{PATH}/withdrawal", json=withdrawn, headers=CSW)
    assert answer.status_code == 201, answer.text
    await ended(kitemark, "validations", "2026-12-31", scheme="QICS")
    first = await follow(kitemark, start, limit=1)
    (told,) = first["items"]
    assert (told["school"], told["event"], told["subject"]) == ("100001", "award.recorded", "award:CSW/A-1")
    assert (told["facts"]["scheme"], first["caught_up"], first["next"]) == ("QICS", False, told["position"])
    rest = await follow(kitemark, first["next"])
    assert [(each["school"], each["event"]) for each in rest["items"]][-1] == (None, "validation.ended")
    assert "Sold" not in str(rest)
    lines = await kitemark.db.fetch(
        "SELECT position FROM journal WHERE position > $1 AND event ~ '^(award|validation|authority)'", start
    )
    assert [each["position"] for each in first["items"] + rest["items"]] == [line[0] for line in lines]


async def test_who_waits_is_told_within_a_second(kitemark: Kitemark) -> None:
    start = 0
    while not (found := await follow(kitemark, start))["caught_up"]:
        start = found["next"]
    waiting = asyncio.create_task(follow(kitemark, found["next"], wait=20))
    await asyncio.sleep(0.3)
    assert not waiting.done()
    assert (await put(kitemark)).status_code == 201
    written = time.monotonic()
    told = await waiting
    assert time.monotonic() - written < 1
    assert [each["event"] for each in told["items"]] == ["award.recorded"]
