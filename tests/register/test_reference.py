"""Reference data: loaded once, changed only where it differs, listed with its sources; policies published."""

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from services.register.domain.policy import in_force
from services.register.operations import reference
from services.register.operations.reference import (
    KINDS,
    PolicyVersionTaken,
    codes_by_name,
    known_codes,
    load_reference,
)
from services.register.operations.shipped import shipped
from services.register.routes.reference import LISTINGS, Listing
from services.register.storage import tables
from services.register.storage.policies import entry_policies, licence_policies
from tests.callers import association, registrar
from tests.register.conftest import Register


async def lines(register: Register) -> list[tuple[str, str]]:
    """Return event and subject of every line of the journal."""
    journal = tables.journal
    async with register.db.reading() as tx:
        rows = await tx.rows(select(journal.c.event, journal.c.subject).order_by(journal.c.position))
    return [(row.event, row.subject) for row in rows]


async def test_loading_writes_every_kind_and_the_policies_once(register: Register) -> None:
    written = await lines(register)
    assert [("reference.loaded", f"reference:{kind}") for kind in KINDS] == written[: len(KINDS)]
    assert written[len(KINDS) :] == [
        ("policy.loaded", "entry-policy:entry-2011"),
        ("policy.loaded", "licence-policy:licence-1"),
        ("policy.loaded", "licence-policy:licence-2"),
        ("policy.loaded", "match-policy:match-1"),
        ("directory.loaded", "directory-edition:2008-09"),
        *(("standards-suite.loaded", f"standards-suite:{e['code']}") for e in shipped("standards_suites")),
        ("policy.loaded", "competence-policy:competence-level-4"),
        ("policy.loaded", "conduct-policy:conduct-1"),
    ]


async def test_loading_again_changes_and_records_nothing(register: Register) -> None:
    before = await lines(register)
    await load_reference(register.db, now=register.clock())
    assert await lines(register) == before


async def test_loading_mends_what_differs_and_records_only_that(register: Register) -> None:
    table = tables.reference
    async with register.db.transaction(reference.LOADER) as tx:
        await tx.execute(
            table.update().where(table.c.kind == "roles", table.c.code == "careers_adviser").values(body={})
        )
    before = await lines(register)
    await load_reference(register.db, now=register.clock())
    assert (await lines(register))[len(before) :] == [("reference.loaded", "reference:roles")]
    async with register.db.reading() as tx:
        assert "careers_adviser" in await known_codes(tx, "roles")


async def test_a_proposed_policy_is_listed_and_never_in_force(register: Register) -> None:
    async with register.db.reading() as tx:
        assert [policy.version for policy in await entry_policies(tx)] == ["entry-2011"]
        assert [policy.version for policy in await licence_policies(tx)] == ["licence-1", "licence-2"]
        assert await known_codes(tx, "entry_policies") == {"entry-2011", "entry-level-7"}


async def test_thresholds_in_the_database_are_those_of_the_policy(register: Register) -> None:
    table = tables.entry_thresholds
    async with register.db.reading() as tx:
        [policy] = await entry_policies(tx)
        rows = await tx.rows(select(table))
    expected = {
        (policy.version, rule.scope, threshold.framework, level, threshold.minimum_credits)
        for rule in policy.scopes
        for threshold in rule.thresholds
        for level in threshold.levels
    }
    assert {tuple(row) for row in rows} == expected


async def test_an_alias_leads_to_its_code_and_a_code_to_itself(register: Register) -> None:
    async with register.db.reading() as tx:
        names = await codes_by_name(tx, "specialisms")
    assert names["lld"] == names["ldd"] == names["learning difficulties and disabilities"] == "ldd"
    assert names["stem"] == "stem"


async def test_two_processes_loading_at_once_write_each_thing_once(register: Register) -> None:
    async with register.db.transaction(reference.LOADER) as tx:
        await tx.execute(tables.reference.update().values(position=-1))
    before = await lines(register)
    await asyncio.gather(*(load_reference(register.db, now=register.clock()) for _ in range(3)))
    assert (await lines(register))[len(before) :] == [
        ("reference.loaded", f"reference:{kind}") for kind in KINDS
    ]


async def test_a_shipped_policy_that_differs_from_the_stored_version_is_refused(register: Register) -> None:
    async with register.db.reading() as tx:
        [policy] = await entry_policies(tx)
    reference._check_same(policy, [policy])
    with pytest.raises(PolicyVersionTaken):
        reference._check_same(replace(policy, source="another"), [policy])


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda listing: listing.path)
async def test_every_list_is_whole_sourced_and_in_its_order(register: Register, listing: Listing) -> None:
    entries = shipped(listing.kind)
    page = (await register.http.get(f"/v1/{listing.path}", params={"limit": 200})).json()
    assert [item["code"] for item in page["items"]] == [entry["code"] for entry in entries]
    assert page["next"] is None
    for item, entry in zip(page["items"], entries, strict=True):
        assert {name: item[name] for name in entry if name != "source"} == {
            name: value for name, value in entry.items() if name != "source"
        }
        assert item.get("source", {}).get("ref") == entry.get("source", {}).get("ref")


async def test_a_list_pages_from_cursor_to_cursor(register: Register) -> None:
    codes, url = [], "/v1/regions?limit=5"
    while url:
        response = await register.http.get(url)
        codes += [item["code"] for item in response.json()["items"]]
        url = response.links.get("next", {}).get("url", "")
    assert codes == [entry["code"] for entry in shipped("regions")]


@pytest.mark.parametrize("after", ["nonsense", "WzFd", "WyJhIiwiYiJd", "%00"])
async def test_a_cursor_that_was_not_given_out_is_refused(register: Register, after: str) -> None:
    response = await register.http.get(f"/v1/regions?after={after}")
    assert (response.status_code, response.json()["code"]) == (400, "cursor-not-readable")


def policy(**changes: Any) -> dict[str, Any]:
    """Return a policy that may be published."""
    threshold = {"framework": "QCF", "levels": ["7", "8"], "minimum_credits": 60, "source": "A decision"}
    return {
        "version": "entry-2027",
        "title": "Level 7",
        "effective_from": "2027-09-01",
        "levels": [
            {"level": level, "rule_id": f"r-{level}", "relevance_required": bool(rule), "thresholds": rule}
            for level, rule in (("professional", [threshold]), ("associate", [threshold]), ("affiliate", []))
        ],
        "scopes": [
            {
                "scope": "personal_guidance",
                "rule_id": "r-guidance",
                "subjects": ["career_development"],
                "thresholds": [threshold],
            }
        ],
        "source": "A decision",
        **changes,
    }


async def publish(register: Register, body: Any, headers: dict[str, str] | None = None) -> httpx.Response:
    """Publish a policy as a registrar."""
    return await register.http.post("/v1/entry-policies", json=body, headers=headers or registrar())


async def test_a_policy_is_published_for_a_later_day_beside_that_of_today(register: Register) -> None:
    response = await publish(register, policy())
    assert response.status_code == 201
    assert response.json()["policy"] == {name: value for name, value in policy().items() if name != "title"}
    async with register.db.reading() as tx:
        found = await entry_policies(tx)
    assert [in_force(found, date(2027, 8, 31)).version, in_force(found, date(2027, 9, 1)).version] == [
        "entry-2011",
        "entry-2027",
    ]
    listed = (await register.http.get("/v1/entry-policies")).json()["items"]
    assert [item["code"] for item in listed] == ["entry-2011", "entry-level-7", "entry-2027"]
    assert listed[-1] == response.json()
    assert (await lines(register))[-2:] == [
        ("policy.published", "entry-policy:entry-2027"),
        ("reference.loaded", "reference:entry_policies"),
    ]


async def test_a_proposal_that_was_published_stays_published_when_reference_data_are_loaded(
    register: Register,
) -> None:
    published = await publish(register, policy(version="entry-level-7"))
    before = await lines(register)
    await load_reference(register.db, now=register.clock())
    assert await lines(register) == before
    listed = (await register.http.get("/v1/entry-policies")).json()["items"]
    assert published.json() in listed


@pytest.mark.parametrize("day", ["2026-11-21", "2026-11-20", "2011-01-01"])
async def test_a_policy_cannot_be_published_for_today_or_earlier(register: Register, day: str) -> None:
    before = await lines(register)
    response = await publish(register, policy(effective_from=day))
    assert (response.status_code, response.json()["code"]) == (422, "policy-starts-too-early")
    assert "2026-11-22" in response.json()["detail"]
    assert await lines(register) == before


async def test_a_version_is_published_once_and_a_day_has_one_policy(register: Register) -> None:
    assert (await publish(register, policy(effective_from="2026-11-22"))).status_code == 201
    again = await publish(register, policy())
    assert (again.status_code, again.json()["code"]) == (409, "policy-version-taken")
    other = await publish(register, policy(version="another", effective_from="2026-11-22"))
    assert other.status_code == 409


async def test_the_same_request_sent_again_is_answered_alike_and_done_once(register: Register) -> None:
    headers = registrar() | {"Idempotency-Key": "k1"}
    first = await publish(register, policy(), headers)
    before = await lines(register)
    again = await publish(register, policy(), headers)
    assert (again.status_code, again.json()) == (201, first.json())
    assert await lines(register) == before


async def test_only_a_registrar_publishes(register: Register) -> None:
    assert (await publish(register, policy(), association())).status_code == 403
    assert (await register.http.post("/v1/entry-policies", json=policy())).status_code == 401


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"levels": []}, "policy-not-understood"),
        ({"scopes": [policy()["scopes"][0]] * 2}, "policy-not-understood"),
        ({"scopes": [policy()["scopes"][0] | {"thresholds": []}]}, "policy-not-understood"),
        ({"version": ""}, "input-not-valid"),
        ({"effective_from": "2027-02-29"}, "input-not-valid"),
        ({"minimum": 7}, "input-not-valid"),
    ],
)
async def test_a_policy_that_cannot_be_read_is_refused(
    register: Register, changes: dict[str, Any], code: str
) -> None:
    response = await publish(register, policy(**changes))
    assert (response.status_code, response.json()["code"]) == (422, code)


async def test_a_threshold_that_nobody_can_meet_is_refused_and_named(register: Register) -> None:
    body = policy()
    threshold = body["levels"][0]["thresholds"][0]
    body["levels"][0]["thresholds"] = [threshold | {"framework": "ABC"}, threshold | {"levels": ["Entry 9"]}]
    response = await publish(register, body)
    assert (response.status_code, response.json()["code"]) == (422, "framework-or-level-unknown")
    assert [each["pointer"] for each in response.json()["errors"]] == [
        "/levels/0/thresholds/0/framework",
        "/levels/0/thresholds/1/levels",
    ]
