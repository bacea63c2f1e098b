"""A completed award is offered to the register once, with what the association declares there."""

import asyncio
from typing import Any

import asyncpg
import httpx

from services.cpd.operations import integrity
from shared.postgres.urls import asyncpg_dsn
from tests.callers import association
from tests.cpd.conftest import Cpd
from tests.cpd.credits import make
from tests.cpd.make import cpd_system, post
from tests.cpd.people import ANN, member
from tests.register import make as register_make
from tests.register.conftest import Register

OFFER = {"number": ANN, "programme": "ICG/P-1", "award": "Certificate"}
LIST = "/v1/award-offers"


async def offer(cpd: Cpd, **changes: Any) -> httpx.Response:
    return await post(cpd, LIST, OFFER | changes)


async def completed(cpd: Cpd) -> None:
    await member(cpd)
    await make.three_modules(cpd)
    await make.programme(cpd)
    await make.credit(cpd)
    await make.credit(cpd, "C-2", module="ACEG/M-3", awarded_on="2026-06-01")


async def test_an_award_is_offered_when_it_is_complete_and_only_once(cpd: Cpd) -> None:
    await completed(cpd)
    told = await make.events(cpd)
    early = await offer(cpd, awarded_on="2026-05-31")
    assert (early.status_code, early.json()["code"]) == (409, "award-not-complete")
    assert [each["code"] for each in early.json()["errors"]] == ["group", "credits"]
    for changes, status, code in (
        ({"award": "Diploma"}, 404, "no-such-programme-award"),
        ({"programme": "ICG/P-9"}, 404, "no-such-programme"),
        ({"awarded_on": "2026-11-22"}, 422, "awarded-in-the-future"),
        ({"number": "CR00000990"}, 400, "malformed-number"),
    ):
        refused = await offer(cpd, **changes)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert await make.events(cpd) == told
    answers = await asyncio.gather(*(offer(cpd) for _ in range(3)))
    assert sorted(each.status_code for each in answers) == [201, 409, 409]
    made = next(each for each in answers if each.status_code == 201)
    id_, shown = made.json()["id"], made.json()
    assert made.headers["location"] == f"{LIST}/{id_}"
    assert shown["declaration"] == {
        "title": "Certificate", "awarding_body": "Sample University", "framework": "RQF", "level": "6",
        "credits": 30, "awarded_on": "2026-11-21", "evidence_reference": f"CPD award offer {id_}",
    }  # fmt: skip
    assert len(shown["rests_on"]) == 2
    gone = await post(cpd, f"{LIST}/{id_}/withdrawal", {})
    assert (gone.status_code, gone.json()["withdrawn"]) == (201, True)
    assert (await post(cpd, f"{LIST}/{id_}/withdrawal", {})).json()["code"] == "award-offer-withdrawn"
    assert (await offer(cpd)).status_code == 201
    listed = (await cpd.http.get(LIST, headers=cpd_system())).json()["items"]
    assert [each["withdrawn"] for each in listed] == [True, False]
    foreign = await cpd.http.get(f"{LIST}/{id_}", headers=cpd_system("ACEG"))
    assert (foreign.status_code, foreign.json()["code"]) == (404, "no-such-award-offer")
    assert (await make.events(cpd))[-3:] == ["award-offer.made", "award-offer.withdrawn", "award-offer.made"]
    assert await integrity.check(cpd.db) == []
    owner = await asyncpg.connect(asyncpg_dsn(cpd.urls.owner))
    await owner.execute("ALTER TABLE award_offers DISABLE TRIGGER only_close")
    await owner.execute("UPDATE award_offers SET rests_on = rests_on || rests_on || 999999::bigint")
    await owner.close()
    assert {finding.name for finding in await integrity.check(cpd.db)} == {
        "an award offered on credit that nobody told", "an award offered on one credit twice",
    }  # fmt: skip


async def test_the_register_takes_the_declaration_as_one_that_waits_for_a_registrar(
    cpd: Cpd, register: Register
) -> None:
    await completed(cpd)
    declaration = (await offer(cpd)).json()["declaration"]
    await register_make.member(register)
    taken = await register.http.post(
        "/v1/holdings", json=declaration | {"member_id": "1"}, headers=association()
    )
    assert taken.status_code == 201, taken.text
    assert taken.json()["status"] == "claimed"
