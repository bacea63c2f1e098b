"""The credit bank: told, corrected and voided, never lost; expired by policy; seen by whose it is."""

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from services.cpd.operations import integrity
from shared.clock import rfc3339
from shared.postgres.urls import asyncpg_dsn
from tests.cpd.conftest import Cpd
from tests.cpd.credits import make
from tests.cpd.make import AUDITOR, cpd_system, post
from tests.cpd.people import ANN, BEA, member, number, tell

PATH = "/v1/credits/by-external-id/ICG/C-1"


async def ready(cpd: Cpd, **module: Any) -> None:
    """Have a member and a module."""
    await member(cpd)
    await make.module(cpd, **module)


async def test_credit_is_told_corrected_and_voided_and_every_version_stays(cpd: Cpd) -> None:
    await ready(cpd)
    made = await make.credit(cpd)
    assert (made.status_code, made.headers["location"]) == (201, PATH)
    shown = made.json()
    assert (shown["framework"], shown["level"], shown["credits"], shown["counts"]) == ("RQF", "6", 15, True)
    assert (await make.credit(cpd)).status_code == 200
    before = cpd.clock()
    cpd.clock.now += timedelta(minutes=1)
    # A module that is worth something else now does not change what was awarded.
    await make.module(cpd, credits=20)
    assert (await make.credit(cpd)).json()["credits"] == 15
    body = make.CREDIT | {"awarded_on": "2026-04-30"}
    guard = {"If-Match": made.headers["etag"]}
    assert (await make.put(cpd, "credits", "C-1", body, headers=guard)).status_code == 200
    stale = await make.put(cpd, "credits", "C-1", body, headers=guard)
    assert (stale.status_code, stale.json()["code"]) == (412, "changed-since-read")
    assert await make.bank(cpd, valid_at="2026-04-29") == []
    voided = await post(cpd, f"/v1/credits/{shown['id']}/voiding", {"reason": "Another Ann."})
    assert (voided.status_code, voided.json()["counts"]) == (201, False)
    assert await make.bank(cpd) == []
    then = await make.bank(cpd, known_at=rfc3339(before))
    assert [each["awarded_on"] for each in then] == ["2026-03-31"]
    again = await make.credit(cpd)
    assert (again.status_code, again.json()["code"]) == (409, "credit-voided")
    kept = (await cpd.http.get(f"/v1/credits/{shown['id']}/versions", headers=cpd_system())).json()["items"]
    assert [each["void_reason"] for each in kept] == [None, None, "Another Ann."]
    assert await make.events(cpd) == [
        "module.recorded", "credit.recorded", "module.amended", "credit.amended", "credit.voided",
    ]  # fmt: skip
    assert await integrity.check(cpd.db) == []


async def test_credit_expires_by_the_policy_of_its_module_and_follows_a_merge(cpd: Cpd) -> None:
    await ready(cpd, expires_after_months=6)
    await make.credit(cpd)
    (shown,) = await make.bank(cpd, valid_at="2026-09-29")
    assert (shown["expires_on"], shown["counts"]) == ("2026-09-30", True)
    (shown,) = await make.bank(cpd)
    assert shown["counts"] is False
    await make.module(cpd, expires_after_months=12)
    (shown,) = await make.bank(cpd)
    assert (shown["expires_on"], shown["counts"]) == ("2027-03-31", True)
    await member(cpd, BEA, association="ACEG")
    await tell(cpd, "people.merged", ANN, kept_number=BEA)
    (theirs,) = await make.bank(cpd, BEA, cpd_system("ACEG"))
    assert (theirs["credits"], theirs["reference"], theirs["credit_id"]) == (15, None, None)
    (everything,) = await make.bank(cpd, BEA, AUDITOR)
    assert everything["reference"] == "transcript 17"


async def test_bad_credit_is_refused_with_what_to_mend(cpd: Cpd) -> None:
    await ready(cpd)
    told = await make.events(cpd)
    changes: dict[str, Any]
    for changes, status, code in (
        ({"number": number(99)}, 404, "no-such-member"),
        ({"number": "CR1"}, 400, "malformed-number"),
        ({"module": "ICG/M-9"}, 422, "credit-not-plausible"),
        ({"module_version": "2025"}, 422, "credit-not-plausible"),
        ({"awarded_on": "2025-12-31"}, 422, "credit-not-plausible"),
        ({"awarded_on": "2026-11-22"}, 422, "credit-not-plausible"),
        ({"awarded_on": "2026-02-30"}, 422, "input-not-valid"),
        ({"reference": "a\x00b"}, 422, "input-not-valid"),
        ({"credits": 60}, 422, "input-not-valid"),
    ):
        refused = await make.credit(cpd, **changes)
        assert (refused.status_code, refused.json()["code"]) == (status, code), changes
    assert await make.events(cpd) == told


async def test_a_batch_answers_each_item_and_one_credit_told_at_once_is_recorded_once(cpd: Cpd) -> None:
    await ready(cpd)
    await member(cpd, BEA)
    answers = await asyncio.gather(*(make.credit(cpd) for _ in range(4)))
    assert sorted(each.status_code for each in answers) == [200] * 3 + [201]
    items = [
        make.CREDIT | {"credit_id": "C-1"},
        make.CREDIT | {"credit_id": "C-2", "number": BEA},
        make.CREDIT | {"credit_id": "C-2"},
        make.CREDIT | {"credit_id": "C-1", "number": BEA},
        {"credit_id": "C-3"},
        7,
    ]
    keyed = cpd_system() | {"Idempotency-Key": "batch-1"}
    answer = await post(cpd, "/v1/credits/batch", {"items": items}, keyed)
    results = [(each["status"], (each["problem"] or {}).get("code")) for each in answer.json()["results"]]
    assert results == [
        (200, None), (201, None), (422, "credit-twice-in-batch"), (422, "credit-twice-in-batch"),
        (422, "input-not-valid"), (422, "input-not-valid"),
    ]  # fmt: skip
    assert (await make.credit(cpd, number=BEA)).json()["code"] == "credit-of-another-person"
    again = await post(cpd, "/v1/credits/batch", {"items": items}, keyed)
    assert again.text == answer.text
    assert (await make.events(cpd)).count("credit.recorded") == 2


async def test_the_words_about_an_erased_person_go_and_the_credit_stays(cpd: Cpd) -> None:
    await ready(cpd)
    await make.credit(cpd)
    await tell(cpd, "person.erased", ANN)
    (left,) = await make.bank(cpd)
    assert (left["credits"], left["reference"]) == (15, None)
    assert (await make.events(cpd))[-1] == "log.erased"
    assert await integrity.check(cpd.db) == []


async def test_a_fault_among_credit_is_seen_and_no_other_association_writes_it(cpd: Cpd) -> None:
    await ready(cpd)
    await make.credit(cpd)
    copy = """
        INSERT INTO credits (number, valid, known, association, credit_id, source, module_association,
            module_id, module_version, framework, level, credits, awarding_body)
        SELECT number, valid, known, association, credit_id, source, module_association, module_id,
            module_version, framework, level, credits, awarding_body FROM credits
    """
    running = await asyncpg.connect(asyncpg_dsn(cpd.urls.app))
    async with running.transaction():
        await running.execute("SELECT set_config('app.association', 'ACEG', true)")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await running.execute(copy)
    await running.close()
    owner = await asyncpg.connect(asyncpg_dsn(cpd.urls.owner))
    await owner.execute("DROP INDEX credits_own_id")
    await owner.execute(copy)
    await owner.close()
    found = {finding.name for finding in await integrity.check(cpd.db)}
    assert found == {
        "an association's credit recorded twice",
        "a module, a programme or credit without a journal line",
    }
