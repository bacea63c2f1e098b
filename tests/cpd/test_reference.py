"""Reference data and policies: every fact has a source, and a policy is published for later days only."""

import json
from typing import Any

import pytest

from services.cpd.operations.reference import KINDS, SHIPPED, load_reference
from tests.callers import registrar
from tests.cpd.conftest import Cpd
from tests.house.source import ROOT

SOURCES = json.loads((SHIPPED / "sources.json").read_text())
NO_SOURCE = "house default"
OWN_POLICY: dict[str, Any] = {
    "version": "icg-2027",
    "title": "ICG: the year begins in April",
    "association": "ICG",
    "level": "professional",
    "effective_from": "2027-04-01",
    "obligation": "compulsory",
    "audited": True,
    "starts": "fixed_day",
    "fixed_day": "04-01",
    "minimum_hours": 30,
    "minimum_outcomes": 2,
    "asks": ["outcome", "standard", "reflection"],
    "caps": {"informal": 12.5},
    "carry_forward": 5,
    "themes": ["lmi", "NOS02"],
    "return_days": 30,
    "grace_days": 0,
    "commitment": "required",
    "source": "ICG council, minute 7",
}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "sources"])
def test_every_shipped_entry_has_a_source_or_says_that_it_has_none(kind: str) -> None:
    for entry in json.loads((SHIPPED / f"{kind}.json").read_text()):
        refs = [ref.split(" ")[0] for ref in entry["source"]["ref"].split("; ")]
        assert entry["source"]["ref"] == NO_SOURCE or set(refs) <= SOURCES.keys(), entry
        assert entry["source"]["ref"] != NO_SOURCE or entry["source"]["note"]


def test_the_specialisms_are_those_of_the_register() -> None:
    theirs = json.loads((ROOT / "services/register/reference/specialisms.json").read_text())
    assert json.loads((SHIPPED / "specialisms.json").read_text()) == theirs


async def test_loading_again_changes_nothing(cpd: Cpd) -> None:
    before = await cpd.db.fetch("SELECT count(*) FROM journal")
    await load_reference(cpd.db, now=cpd.clock())
    assert await cpd.db.fetch("SELECT count(*) FROM journal") == before


async def test_a_registrar_publishes_a_policy_of_one_association_for_a_later_day(cpd: Cpd) -> None:
    answer = await cpd.http.post("/v1/policies", json=OWN_POLICY, headers=registrar())
    assert answer.status_code == 201, answer.text
    listed = (await cpd.http.get("/v1/policies")).json()["items"]
    assert [each["code"] for each in listed] == ["professional-1", "associate-1", "affiliate-1", "icg-2027"]
    assert listed[-1]["policy"]["caps"] == {"informal": 12.5}
    assert listed[-1]["policy"]["carry_forward"] == 5
    assert listed[-1]["policy"]["themes"] == ["NOS02", "lmi"]
    events = await cpd.db.fetch("SELECT event, subject FROM journal ORDER BY position DESC LIMIT 2")
    assert [tuple(row) for row in events] == [
        ("reference.loaded", "reference:policies"),
        ("cpd-policy.published", "cpd-policy:icg-2027"),
    ]


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"effective_from": "2026-11-21"}, 422, "cpd-policy-starts-too-early"),
        ({"fixed_day": None}, 422, "policy-not-understood"),
        ({"fixed_day": "02-30"}, 422, "policy-not-understood"),
        ({"asks": []}, 422, "policy-not-understood"),
        ({"caps": {"golf": 1}}, 422, "cpd-codes-not-known"),
        ({"themes": ["golf"]}, 422, "cpd-codes-not-known"),
        ({"carry_forward": -1}, 422, "input-not-valid"),
        ({"minimum_hours": "25:00"}, 422, "input-not-valid"),
        ({"version": "professional-1"}, 409, "cpd-policy-version-taken"),
        (
            {"version": "b", "association": None, "effective_from": "2011-03-01"},
            422,
            "cpd-policy-starts-too-early",
        ),
    ],
)
async def test_a_policy_that_cannot_be_published_is_refused(
    cpd: Cpd, changed: dict[str, Any], status: int, code: str
) -> None:
    answer = await cpd.http.post("/v1/policies", json=OWN_POLICY | changed, headers=registrar())
    assert (answer.status_code, answer.json()["code"]) == (status, code)
