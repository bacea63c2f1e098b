"""Valuations over HTTP: what an entry counts for here and there, to each caller what it may see."""

from typing import Any

import pytest

from services.cpd.domain.policy import parse_policy
from services.cpd.operations.reference import LOADER
from services.cpd.storage import policies
from shared.clock import rfc3339
from shared.journal import Record
from tests.callers import registrar
from tests.cpd import make
from tests.cpd.conftest import Cpd
from tests.cpd.make import AUDITOR, cpd_system
from tests.cpd.people import ANN, member
from tests.cpd.rules.cases import PROFESSIONAL

JOIN = {"association": "ACEG", "level": "professional"}


async def valued(cpd: Cpd, headers: dict[str, str] | None = None, **params: str) -> dict[str, Any]:
    """Return what the first person's entries count for."""
    path = f"/v1/standing/{ANN}/valuations"
    answer = await cpd.http.get(path, headers=headers or cpd_system(), params=params)
    assert answer.status_code == 200, answer.text
    read: dict[str, Any] = answer.json()
    return read


async def publish(cpd: Cpd, **changes: Any) -> None:
    """Publish the policy for professionals with changes, as if it had been there all the time."""
    terms = parse_policy(PROFESSIONAL.as_dict() | changes)
    record = Record(actor=LOADER, at=cpd.clock(), event="cpd-policy.loaded", subject="cpd-policy", facts={})
    async with cpd.db.transaction(LOADER) as tx:
        assert await policies.save(tx, terms, record=record)


async def test_an_entry_is_valued_by_every_association_and_by_one_that_might_be_joined(cpd: Cpd) -> None:
    await publish(cpd, version="aceg-1", association="ACEG", caps={"formal": "10"})
    await member(cpd)
    await make.put(cpd)
    known_at = rfc3339(cpd.clock())
    before = await cpd.db.fetch("SELECT count(*) FROM journal")
    here = await valued(cpd)
    (entry,) = here["entries"]
    ours = {
        "association": "ICG",
        "supposed": False,
        "policy_version": "professional-1",
        "level": "professional",
        "cycle": {"first": "2026-02-01", "last": "2027-01-31"},
        "counted": 12.5,
        "reasons": ["counted"],
    }
    assert (entry["association"], entry["hours"], entry["valuations"]) == ("ICG", 12.5, [ours])
    assert here["supposed"] is None
    # As it would be in another association; nothing is written by asking.
    there = await valued(cpd, **JOIN)
    assert there["supposed"] == {**JOIN, "since": "2024-11-21"}
    theirs = ours | {"association": "ACEG", "supposed": True, "policy_version": "aceg-1"}
    capped = theirs | {"counted": 10, "reasons": ["capped"]}
    assert there["entries"][0]["valuations"] == [capped, ours]
    joined_today = await valued(cpd, **JOIN, since="2026-11-21")
    assert joined_today["entries"][0]["valuations"][0]["reasons"] == ["not_a_member"]
    assert await valued(cpd) == here
    assert await cpd.db.fetch("SELECT count(*) FROM journal") == before
    # Of a second membership each association sees its own, and of the other's entry the hours.
    cpd.clock.now = cpd.clock.now.replace(hour=23)
    await member(cpd, association="ACEG", entered=None)
    (foreign,) = (await valued(cpd, cpd_system("ACEG")))["entries"]
    assert (foreign["id"], foreign["association"], foreign["done_on"]) == (None, None, None)
    assert [each["association"] for each in foreign["valuations"]] == ["ACEG"]
    assert (await valued(cpd, known_at=known_at))["entries"] == here["entries"]
    for headers in (registrar(), AUDITOR):
        (seen,) = (await valued(cpd, headers))["entries"]
        assert [each["counted"] for each in seen["valuations"]] == [10, 12.5]


async def test_hours_are_carried_capped_and_voided_again_without_a_trace(cpd: Cpd) -> None:
    terms = {"carry_forward": "10", "caps": {"informal": "6"}, "themes": ["stem"]}
    await publish(cpd, version="icg-1", association="ICG", **terms)
    await member(cpd, since="2024-01-10", entered="2025-02-01")
    await make.put(cpd, "E-1", started_on="2025-06-02", done_on="2025-06-02", hours=24, specialisms=["stem"])
    await make.put(cpd, "E-2", started_on="2025-06-03", done_on="2025-06-03", hours=8, title="More")
    await make.put(cpd, "E-3", kind="informal", hours=9, specialisms=["stem"])
    before = await make.standing(cpd)
    (part,) = before["parts"]
    assert part["hours"] == {"required": 25, "counted": 13, "carried": 7, "missing": 12}
    assert part["themes"] == {"required": ["stem"], "missing": []}
    assert [(each["counted"], each["reasons"]) for each in part["entries"]] == [
        (7, ["carried"]),
        (6, ["capped"]),
    ]
    # The same entry counts here as what its own year had of it, and there as what is carried.
    _, twice, _ = (await valued(cpd))["entries"]
    assert [(each["cycle"]["first"], each["counted"], each["reasons"]) for each in twice["valuations"]] == [
        ("2025-02-01", 8, ["counted"]),
        ("2026-02-01", 7, ["carried"]),
    ]
    # One more in the year before carries more, one of the capped type adds nothing; voided both are gone.
    more = [
        await make.put(cpd, "E-4", started_on="2025-05-02", done_on="2025-05-02", hours=5, title="Else"),
        await make.put(cpd, "E-5", kind="informal", title="Still more"),
    ]
    assert (await make.standing(cpd))["parts"][0]["hours"]["carried"] == 10
    for each in more:
        await make.post(cpd, f"/v1/entries/{each.json()['id']}/voiding", {"reason": "Wrong."})
    assert (await make.standing(cpd))["parts"] == before["parts"]


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({"association": "ACEG"}, 422, "input-not-valid"),
        ({"level": "associate"}, 422, "input-not-valid"),
        ({"since": "2026-01-01"}, 422, "input-not-valid"),
        (JOIN | {"since": "2026-02-30"}, 422, "input-not-valid"),
        (JOIN | {"association": "a\x00b"}, 422, "input-not-valid"),
        ({"join": "ACEG"}, 422, "input-not-valid"),
        # Supposing a membership does not make a stranger one's own member.
        (JOIN | {"association": "NAEGA"}, 404, "no-such-member"),
    ],
)
async def test_what_cannot_be_supposed_is_refused(
    cpd: Cpd, params: dict[str, str], status: int, code: str
) -> None:
    await member(cpd)
    headers = cpd_system("NAEGA" if status == 404 else "ICG")
    answer = await cpd.http.get(f"/v1/standing/{ANN}/valuations", headers=headers, params=params)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
