"""The catalogue: told by associations, found by anybody, every version kept, nothing without a source."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.cpd.operations import integrity
from services.cpd.operations.catalogue import offers
from services.cpd.operations.catalogue.offers import SHIPPED
from tests.cpd import make
from tests.cpd.conftest import Cpd
from tests.cpd.make import cpd_system

OFFER: dict[str, Any] = {
    "title": "Café talk: local labour markets",
    "provider": "Sample University",
    "delivery": "workshop",
    "region": "london",
    "starts_on": "2026-12-01",
    "hours": 3.5,
    "cost_pounds": 25,
    "framework": "RQF",
    "level": "6",
    "credits": 5,
    "standards": ["NOS02"],
    "specialisms": ["lmi"],
    "related": ["alliance/lmi-module"],
    "address": "https://example.org/talk",
    "code_of_practice_signed": True,
    "confirmed_on": "2026-11-20",
}
PATH = "/v1/offers/by-external-id/ICG/O-1"


async def put(cpd: Cpd, path: str = PATH, association: str = "ICG", **changes: Any) -> httpx.Response:
    headers = cpd_system(association) | changes.pop("headers", {})
    return await cpd.http.put(path, json=OFFER | changes, headers=headers)


async def titles(cpd: Cpd, **params: Any) -> list[str]:
    answer = await cpd.http.get("/v1/offers", params=params)
    assert answer.status_code == 200, answer.text
    return [each["title"] for each in answer.json()["items"]]


async def test_an_offer_is_told_amended_and_withdrawn_and_every_version_stays(cpd: Cpd) -> None:
    made = await put(cpd)
    assert (made.status_code, made.headers["location"]) == (201, PATH)
    assert (await put(cpd)).status_code == 200
    first = cpd.clock()
    cpd.clock.now += timedelta(minutes=1)
    dearer = await put(cpd, cost_pounds=30, headers={"If-Match": made.headers["etag"]})
    assert dearer.json()["cost_pounds"] == 30
    stale = await put(cpd, cost_pounds=1, headers={"If-Match": made.headers["etag"]})
    assert (stale.status_code, stale.json()["code"]) == (412, "changed-since-read")
    then = await cpd.http.get(PATH, params={"known_at": first.strftime("%Y-%m-%dT%H:%M:%SZ")})
    assert then.json()["cost_pounds"] == 25
    assert await titles(cpd) == [OFFER["title"]]
    await put(cpd, withdrawn=True)
    assert await titles(cpd) == []
    assert (await cpd.http.get(PATH)).json()["withdrawn"] is True
    kept = (await cpd.http.get(f"{PATH}/versions")).json()["items"]
    assert [each["cost_pounds"] for each in kept] == [25, 30, 25]
    assert await make.events(cpd) == ["offer.recorded", "offer.amended", "offer.amended"]
    assert await integrity.check(cpd.db) == []


async def test_offers_are_found_by_words_and_filters_page_by_page(cpd: Cpd) -> None:
    await offers.load_shipped(cpd.db, now=cpd.clock())
    await put(cpd)
    await put(cpd, "/v1/offers/by-external-id/ICG/O-2", title="A day with an employer", specialisms=[])
    assert await titles(cpd, q="cafe LOC") == [OFFER["title"]]
    assert await titles(cpd, q="module", specialism="lmi", free=True) == ["LMI online module"]
    assert await titles(cpd, delivery="workshop", region="london", association="ICG") == [
        "A day with an employer", OFFER["title"],
    ]  # fmt: skip
    assert await titles(cpd, q="100%_") == []
    page = (await cpd.http.get("/v1/offers?limit=2")).json()
    rest = (await cpd.http.get("/v1/offers", params={"after": page["next"]})).json()
    both = [each["title"] for each in [*page["items"], *rest["items"]]]
    assert both == sorted(both)
    assert len(set(both)) == 6
    assert rest["next"] is None


async def test_what_is_shipped_names_its_source_and_is_loaded_once(cpd: Cpd) -> None:
    shipped = json.loads(SHIPPED.read_text(encoding="utf-8"))
    sources = {each["code"] for each in (await cpd.http.get("/v1/sources?limit=200")).json()["items"]}
    assert all(set(each["source"].split(", ")) <= sources for each in shipped)
    await offers.load_shipped(cpd.db, now=cpd.clock())
    await offers.load_shipped(cpd.db, now=cpd.clock())
    assert await make.events(cpd) == ["offer.recorded"] * len(shipped)
    modules = {each["offer_id"]: each["related"] for each in shipped if each["offer_id"].endswith("module")}
    assert modules == {"lmi-module": ["alliance/stem-module"], "stem-module": ["alliance/lmi-module"]}


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"ends_on": "2026-11-30"}, "offer-not-plausible", "/ends_on"),
        ({"confirmed_on": "2026-11-22"}, "offer-not-plausible", "/confirmed_on"),
        ({"framework": None}, "offer-not-plausible", "/framework"),
        ({"address": "javascript:alert(1)"}, "offer-not-plausible", "/address"),
        ({"specialisms": ["golf"]}, "cpd-codes-not-known", "/specialisms/0"),
        ({"cost_pounds": -1}, "input-not-valid", "/cost_pounds"),
        ({"cost_pounds": 1e300}, "input-not-valid", "/cost_pounds"),
        ({"delivery": "by_owl"}, "input-not-valid", "/delivery"),
        ({"title": "a\x00b"}, "input-not-valid", "/title"),
        ({"shoe_size": 7}, "input-not-valid", "/shoe_size"),
    ],
)
async def test_a_bad_offer_is_refused_with_what_to_mend(
    cpd: Cpd, changes: dict[str, Any], code: str, pointer: str
) -> None:
    answer = await put(cpd, **changes)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert await make.events(cpd) == []


async def test_nobody_changes_anothers_offer_nor_those_that_nobody_keeps(cpd: Cpd) -> None:
    await offers.load_shipped(cpd.db, now=cpd.clock())
    for path in (PATH, "/v1/offers/by-external-id/alliance/lmi-module"):
        foreign = await put(cpd, path, "ACEG")
        assert (foreign.status_code, foreign.json()["code"]) == (404, "no-such-offer")


async def test_one_offer_told_at_once_is_recorded_once(cpd: Cpd) -> None:
    answers = await asyncio.gather(*(put(cpd) for _ in range(6)))
    assert sorted(each.status_code for each in answers) == [200] * 5 + [201]
    assert len((await cpd.http.get(f"{PATH}/versions")).json()["items"]) == 1
