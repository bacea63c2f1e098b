"""Modules and programmes: told by associations, versions by day, every amendment kept, read by anybody."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from services.cpd.domain.credits.module import expires_on
from services.cpd.operations import integrity
from shared.clock import rfc3339
from tests.cpd.conftest import Cpd
from tests.cpd.credits import make
from tests.cpd.credits.make import AWARD

PATH = "/v1/modules/by-external-id/ICG/M-1"
GROUP = AWARD["groups"][0]


@pytest.mark.parametrize(
    ("awarded_on", "months", "first_day_without"),
    [
        ("2026-03-31", None, None),
        ("2026-03-31", 1, "2026-04-30"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-12-01", 1, "2027-01-01"),
        ("2026-01-15", 60, "2031-01-15"),
    ],
)
def test_credit_expires_on_the_same_day_of_a_later_month(
    awarded_on: str, months: int | None, first_day_without: str | None
) -> None:
    found = expires_on(date.fromisoformat(awarded_on), months)
    assert found == (first_day_without and date.fromisoformat(first_day_without))


async def test_versions_of_a_module_follow_one_another_by_day_and_every_amendment_stays(cpd: Cpd) -> None:
    made = await make.module(cpd)
    assert (made.status_code, made.headers["location"]) == (201, f"{PATH}?version=2026")
    assert (await make.module(cpd)).status_code == 200
    before = cpd.clock()
    cpd.clock.now += timedelta(minutes=1)
    guard = {"If-Match": made.headers["etag"]}
    body = make.MODULE | {"credits": 20}
    assert (await make.put(cpd, "modules", "M-1", body, headers=guard)).json()["credits"] == 20
    stale = await make.put(cpd, "modules", "M-1", body, headers=guard)
    assert (stale.status_code, stale.json()["code"]) == (412, "changed-since-read")
    assert (
        await make.module(cpd, version="2027", effective_from="2027-01-01", credits=30)
    ).status_code == 201

    async def credits(**params: str) -> int:
        shown: int = (await cpd.http.get(PATH, params=params)).json()["credits"]
        return shown

    assert await credits() == 20
    assert await credits(known_at=rfc3339(before)) == 15
    assert await credits(valid_at="2027-01-01") == await credits(version="2027") == 30
    assert (await cpd.http.get(PATH, params={"valid_at": "2025-12-31"})).status_code == 404
    kept = (await cpd.http.get(f"{PATH}/versions")).json()["items"]
    assert [each["credits"] for each in kept] == [15, 20, 30]
    await make.module(cpd, "M-2")
    page = (await cpd.http.get("/v1/modules", params={"limit": 1, "association": "ICG"})).json()
    rest = (await cpd.http.get("/v1/modules", params={"after": page["next"]})).json()
    assert [each["module_id"] for each in page["items"] + rest["items"]] == ["M-1", "M-2"]
    assert await make.events(cpd) == [
        "module.recorded", "module.amended", "module.recorded", "module.recorded",
    ]  # fmt: skip
    assert await integrity.check(cpd.db) == []


async def test_a_programme_names_its_awards_with_rules_that_can_be_met(cpd: Cpd) -> None:
    await make.three_modules(cpd)
    assert (await make.programme(cpd)).status_code == 201
    shown = (await cpd.http.get("/v1/programmes/by-external-id/ICG/P-1")).json()
    assert shown["awards"][0]["accepts"] == ["6"]
    assert shown["awards"][0]["groups"][0]["minimum_modules"] == 1
    assert len((await cpd.http.get("/v1/programmes")).json()["items"]) == 1
    told = await make.events(cpd)
    for award, pointer in (
        ({"core": ["ICG/M-9"]}, "/awards/0/core/0"),
        ({"core": ["M-1"]}, "/awards/0"),
        ({"core": ["ICG/M-2"]}, "/awards/0"),
        ({"core": [], "groups": []}, "/awards/0/core"),
        ({"accepts": ["5"]}, "/awards/0/accepts"),
        ({"groups": [GROUP | {"minimum_modules": 3}]}, "/awards/0/groups/0/minimum_modules"),
        ({"groups": [GROUP | {"minimum_modules": None}]}, "/awards/0/groups/0"),
    ):
        refused = await make.programme(cpd, awards=[AWARD | award])
        assert (refused.status_code, refused.json()["code"]) == (422, "programme-not-plausible"), award
        assert refused.json()["errors"][0]["pointer"] == pointer
    assert (await make.programme(cpd, awards=[AWARD, AWARD])).status_code == 422
    assert await make.events(cpd) == told


async def test_a_bad_module_is_refused(cpd: Cpd) -> None:
    bad: tuple[dict[str, Any], ...] = (
        {"framework": None},
        {"credits": True},
        {"credits": 10**30},
        {"title": "a\x00b"},
        {"effective_from": "2026-02-30"},
        {"expires_after_months": 0},
        {"offer": "talk"},
    )
    for changes in bad:
        assert (await make.module(cpd, **changes)).status_code == 422, changes
    assert await make.events(cpd) == []


async def test_a_foreign_module_a_taken_day_and_one_told_at_once(cpd: Cpd) -> None:
    answers = await asyncio.gather(*(make.module(cpd) for _ in range(4)))
    assert sorted(each.status_code for each in answers) == [200] * 3 + [201]
    foreign = await cpd.http.put(PATH, json=make.MODULE, headers=make.cpd_system("ACEG"))
    assert (foreign.status_code, foreign.json()["code"]) == (404, "no-such-module")
    taken = await make.module(cpd, version="2026b")
    assert (taken.status_code, taken.json()["code"]) == (409, "version-day-taken")
    assert await make.events(cpd) == ["module.recorded"]
