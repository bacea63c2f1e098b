"""What a CPD audit finds has its consequence here: once, by the policy of the day, and taken back with it."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from services.register.domain.cpd_outcomes.outcome import parse_outcome_policy
from services.register.domain.policy_fields import PolicyNotUnderstood
from services.register.operations import integrity
from services.register.operations.cpd_outcomes import consequences
from services.register.operations.shipped import shipped
from shared.postgres.urls import asyncpg_dsn
from tests.callers import registrar
from tests.register import make, make_licences
from tests.register.conftest import Register
from tests.register.cpd_outcomes.make import follow, line


async def verdict(register: Register, number: str, **params: str) -> dict[str, Any]:
    """Return what everybody is told of a number."""
    answer = await register.http.get(f"/v1/licences/{number}", params=params)
    read: dict[str, Any] = answer.json()
    return read


async def by_policy(register: Register, **changes: Any) -> None:
    """Let something else follow from a failed audit from today on."""
    (entry,) = shipped("cpd_outcome_policies")
    body = entry | {"policy": entry["policy"] | {"version": "cpd-outcome-2"} | changes}
    owner = await asyncpg.connect(asyncpg_dsn(register.urls.owner))
    await owner.execute(
        "UPDATE reference SET body = $1 WHERE kind = 'cpd_outcome_policies'", json.dumps(body)
    )
    await owner.close()


async def decided(register: Register, outcome_id: int, ruling: str) -> httpx.Response:
    """Decide on a proposal."""
    body = {"ruling": ruling, "reasons": "The audit is plain."}
    return await register.http.post(
        f"/v1/cpd-outcomes/{outcome_id}/decisions", json=body, headers=registrar()
    )


async def test_a_failed_audit_sets_a_condition_and_an_allowed_appeal_restores_the_licence(
    register: Register,
) -> None:
    number = await make_licences.licensed(register, "1")
    before = await verdict(register, number)
    passed_over = replace(line(1, "audit.drawn", "audit:1"), facts={"people": 1})
    assert await follow(register, passed_over, line(2, "audit.failed", number)) == 2
    after = await verdict(register, number)
    assert (before["verdict"], after["verdict"]) == ("licensed", "licensed_with_conditions")
    assert "audit of continuing professional development" in json.dumps(after)
    at = register.clock() + timedelta(minutes=30)
    register.clock.now += timedelta(hours=1)
    assert await follow(register, line(3, "audit.overturned", number)) == 1
    assert (await verdict(register, number))["verdict"] == "licensed"
    known_at = at.isoformat().replace("+00:00", "Z")
    assert (await verdict(register, number, known_at=known_at))["verdict"] == "licensed_with_conditions"
    listed = (await register.http.get("/v1/cpd-outcomes", headers=registrar())).json()["items"]
    assert [(each["effect"], each["over"]) for each in listed] == [("imposed", True), ("lifted", True)]
    events = await register.db.fetch(
        "SELECT event FROM journal WHERE event ~ '^(cpd-outcome|sanction)' ORDER BY position"
    )
    assert [each["event"] for each in events] == [
        "sanction.imposed", "cpd-outcome.heard", "sanction.lifted", "cpd-outcome.heard",
    ]  # fmt: skip
    assert await integrity.check(register.db, now=register.clock()) == []


async def test_each_line_is_applied_once_however_many_follow_and_whatever_fails(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = await make_licences.licensed(register, "1")
    lines = [line(1, "audit.failed", number), line(2, "audit.made-good", number)]
    done = consequences.apply
    failures = [True]

    async def fails_once(tx: Any, told: Any, *, clock: Any) -> None:
        await done(tx, told, clock=clock)
        if failures:
            failures.pop()
            raise RuntimeError

    monkeypatch.setattr(consequences, "apply", fails_once)
    with pytest.raises(RuntimeError):
        await follow(register, *lines)
    assert await register.db.fetch("SELECT FROM sanctions") == []
    applied = await asyncio.gather(*(follow(register, *lines) for _ in range(4)))
    assert sum(applied) == 2
    assert len(await register.db.fetch("SELECT FROM cpd_outcomes")) == 2
    assert len(await register.db.fetch("SELECT DISTINCT id FROM sanctions")) == 1
    assert (await verdict(register, number))["verdict"] == "licensed"


async def test_policy_may_only_propose_and_a_registrar_decides(register: Register) -> None:
    number = await make_licences.licensed(register, "1")
    await by_policy(register, consequence="proposal", rests_after_days=30)
    await follow(register, line(1, "audit.failed", number), line(2, "audit.failed", number, case=2))
    assert (await verdict(register, number))["verdict"] == "licensed"
    assert (await decided(register, 1, "no_action")).json()["ruling"] == "no_action"
    again = await decided(register, 1, "impose")
    assert (again.status_code, again.json()["code"]) == (409, "outcome-not-proposed")
    assert (await decided(register, 99, "impose")).json()["code"] == "no-such-outcome"
    empty = {"ruling": "impose", "reasons": " "}
    path = "/v1/cpd-outcomes/2/decisions"
    answer = await register.http.post(path, json=empty, headers=registrar())
    assert answer.json()["code"] == "decision-reasons-missing"
    both = await asyncio.gather(*(decided(register, 2, "impose") for _ in range(3)))
    assert sorted(each.status_code for each in both) == [201, 409, 409]
    assert (await verdict(register, number))["verdict"] == "licensed_with_conditions"
    later = (register.clock() + timedelta(days=30)).date().isoformat()
    assert (await verdict(register, number, valid_at=later))["verdict"] == "suspended"
    # What CPD takes back is lifted whoever imposed it, the rest that was to come included.
    await follow(register, line(3, "audit.overturned", number, case=2))
    assert (await verdict(register, number, valid_at=later))["verdict"] == "licensed"
    await follow(
        register, line(4, "audit.failed", number, case=3), line(5, "audit.overturned", number, case=3)
    )
    assert (await decided(register, 4, "impose")).json()["code"] == "outcome-not-proposed"


async def test_a_finding_about_somebody_who_was_never_on_the_register_changes_no_verdict(
    register: Register,
) -> None:
    number = await make.member(register)
    before = await verdict(register, number)
    assert await follow(register, line(1, "audit.failed", "CR00000019"), line(2, "audit.failed", number)) == 2
    (heard,) = (await register.http.get("/v1/cpd-outcomes", headers=registrar())).json()["items"]
    assert (heard["id"], heard["effect"]) == (2, "nothing")
    assert (await verdict(register, number))["verdict"] == before["verdict"]
    await follow(register, line(3, "audit.overturned", number))
    one = await register.http.get("/v1/cpd-outcomes/3", headers=registrar())
    assert one.json()["effect"] == "nothing"


async def test_a_fault_that_is_seeded_is_seen(register: Register) -> None:
    number = await make_licences.licensed(register, "1")
    await follow(register, line(1, "audit.failed", number))
    assert await integrity.check(register.db, now=register.clock()) == []
    owner = await asyncpg.connect(asyncpg_dsn(register.urls.owner))
    await owner.execute(
        "INSERT INTO cpd_outcomes SELECT 2, case_id, person_id, 'audit.overturned', 'lifted', '{}',"
        " policy_version, heard_at, 0 FROM cpd_outcomes"
    )
    await owner.close()
    assert {each.name for each in await integrity.check(register.db, now=register.clock())} >= {
        "a line of CPD applied and not counted as followed",
        "a finding taken back whose sanction still stands",
        "an outcome of a CPD audit without a journal line",
    }


@pytest.mark.parametrize(
    "change",
    [
        {"consequence": "nothing"},
        {"rests_after_days": -1},
        {"conditions": " "},
        {"effective_from": "soon"},
        {"x": 1},
    ],
)
def test_a_policy_that_cannot_be_read_is_refused(change: dict[str, Any]) -> None:
    policy = shipped("cpd_outcome_policies")[0]["policy"]
    parse_outcome_policy(policy)
    with pytest.raises(PolicyNotUnderstood):
        parse_outcome_policy(policy | change)
