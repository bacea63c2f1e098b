"""Followers are told every change that is theirs, once and in order, and nothing else."""

import asyncio
import re
from typing import Any

import pytest

from services.register.domain.changes.change import OWN, PUBLIC, UNTOLD, shown
from services.register.storage.changes import changes
from tests.callers import association, bearer, registrar
from tests.house.source import ROOT
from tests.register import make, make_licences
from tests.register.conftest import Register

CRM = bearer("changes:read", subject="crm")


async def follow(register: Register, headers: dict[str, str], **params: Any) -> dict[str, Any]:
    answer = await register.http.get("/v1/changes", params=params, headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def told(register: Register, headers: dict[str, str], number: str, **params: Any) -> list[str]:
    found = await follow(register, headers, limit=1000, **params)
    return [each["event"] for each in found["items"] if each["number"] == number]


def test_every_event_of_a_number_is_told_or_not_on_purpose() -> None:
    # A line of CPD's journal is no line of the register's.
    elsewhere = {
        "audit.failed", "audit.made-good", "audit.overturned", "award-offer.made", "award-offer.withdrawn",
        "commitment.declared",
        "credit.amended", "credit.recognised", "credit.recorded", "credit.voided", "entry.amended",
        "entry.recorded", "entry.voided", "evidence.added", "evidence.removed", "log.erased",
        "pause.decided", "pause.ended", "recognition.claimed", "recognition.granted",
        "recognition.refused", "recognition.withdrawn", "return.amended", "return.declared",
    }  # fmt: skip
    lines = (ROOT / "docs/events.md").read_text().splitlines()
    of_numbers = {
        match[1]
        for line in lines
        if (match := re.match(r"\| `([a-z.-]+)` \| [^|]*(registration number|number that)", line))
    }
    assert of_numbers - elsewhere <= OWN | UNTOLD
    assert not OWN & UNTOLD
    assert PUBLIC < OWN


def test_only_its_own_association_reads_which_it_is() -> None:
    facts = {"association": "ICG", "category": "Fellow", "level": "professional"}
    assert shown(facts, association="ICG") == facts
    assert shown(facts, association="ACEG") == {"level": "professional"}
    assert shown(facts, association=None) == {"level": "professional"}


async def test_a_suspension_reaches_the_careers_service_and_the_persons_associations(
    register: Register,
) -> None:
    number = await make_licences.licensed(register)
    before = (await follow(register, CRM))["next"]
    await make_licences.impose(register, number, "suspension")
    found = await follow(register, CRM, after=before)
    (change,) = found["items"]
    assert (change["number"], change["event"], change["facts"]["kind"]) == (
        number, "sanction.imposed", "suspension",
    )  # fmt: skip
    assert found["caught_up"]
    assert found["next"] >= change["position"]
    assert await told(register, association(), number, after=before) == ["sanction.imposed"]
    assert await told(register, association("ACEG"), number) == []
    assert (await follow(register, CRM, after=found["next"]))["items"] == []


async def test_an_association_is_told_what_it_told_and_of_another_only_what_is_public(
    register: Register,
) -> None:
    number = await make.member(register, member_id="1")
    await make.holding(register, member_id="1")
    joined = {"registration_number": number, "family_name": make.family_name("ICG", "1")}
    await make.member(register, "ACEG", "7", **joined)
    own = await told(register, association(), number)
    theirs = await told(register, association("ACEG"), number)
    assert {"member.recorded", "membership.recorded", "holding.declared"} <= set(own)
    assert "holding.declared" not in theirs
    assert theirs.count("membership.recorded") == 2
    others = [
        each["facts"]
        for each in (await follow(register, association("ACEG")))["items"]
        if each["event"] == "membership.recorded"
    ]
    assert [facts.get("association") for facts in others] == [None, "ACEG"]
    assert "holding.declared" not in await told(register, CRM, number)


async def test_of_somebody_who_is_shown_by_number_only_the_careers_service_is_told_nothing(
    register: Register,
) -> None:
    number = await make_licences.licensed(register)
    unlisting = {"number": number, "reason": "Somebody follows them."}
    answer = await register.http.post("/v1/unlistings", json=unlisting, headers=registrar())
    assert answer.status_code == 201
    assert await told(register, CRM, number) == []
    assert "licence.issued" in await told(register, association(), number)


async def test_no_change_is_left_out_or_told_twice_whatever_the_size_of_page_and_stretch(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    for member in ("1", "2"):
        await make_licences.licensed(register, member)
    whole = (await follow(register, CRM, limit=1000))["items"]
    monkeypatch.setattr(changes, "STRETCH", 3)
    found: list[Any] = []
    position, caught_up = 0, False
    while not caught_up:
        page = await follow(register, CRM, after=position, limit=2)
        assert page["next"] > position or page["caught_up"]
        found += page["items"]
        position, caught_up = page["next"], page["caught_up"]
    assert found == whole


async def test_who_waits_is_told_as_soon_as_it_happens(register: Register) -> None:
    number = await make_licences.licensed(register)
    position = (await follow(register, CRM, limit=1000))["next"]
    waiting = asyncio.create_task(follow(register, CRM, after=position, wait=20))
    await asyncio.sleep(0.3)
    assert not waiting.done()
    await make_licences.impose(register, number, "suspension")
    assert [each["event"] for each in (await asyncio.wait_for(waiting, 5))["items"]] == ["sanction.imposed"]


@pytest.mark.parametrize(
    "params", [{"after": -1}, {"after": 2**63}, {"limit": 0}, {"wait": 31}, {"wait": "nan"}]
)
async def test_what_cannot_be_followed_is_refused(register: Register, params: dict[str, Any]) -> None:
    answer = await register.http.get("/v1/changes", params=params, headers=CRM)
    assert (answer.status_code, answer.json()["code"]) == (422, "input-not-valid")
