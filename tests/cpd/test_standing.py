"""Standings over HTTP: as of any day and as known at any instant, to each caller what it may see."""

from datetime import timedelta
from typing import Any

from shared.clock import rfc3339
from tests.callers import bearer, registrar
from tests.cpd import make
from tests.cpd.conftest import Cpd
from tests.cpd.make import AUDITOR, NEIGHBOUR, cpd_system
from tests.cpd.people import ANN, BEA, CIM, DEE, member, number, tell

CRM = bearer("people:read", subject="crm")


async def test_a_year_of_a_member_from_nothing_to_met_and_back(cpd: Cpd) -> None:
    await member(cpd)
    before = await make.standing(cpd)
    assert (before["standing"], before["policy_version"], before["days_left"]) == (
        "on_track",
        "professional-1",
        71,
    )
    (part,) = before["parts"]
    assert part["cycle"] == {"first": "2026-02-01", "last": "2027-01-31", "due_on": "2027-03-30"}
    assert part["hours"] == {"required": 25, "counted": 0, "carried": 0, "missing": 25}
    # Without a reflection hours alone do nothing.
    await make.put(cpd, hours=30, reflection=None)
    unreflected = (await make.standing(cpd))["parts"][0]
    assert unreflected["hours"]["counted"] == 0
    assert unreflected["entries"][0]["reasons"] == ["no_reflection"]
    await make.put(cpd, "E-2", hours=25)
    met = await make.standing(cpd)
    assert (met["standing"], met["parts"][0]["outcomes"]) == (
        "met",
        {"required": 1, "counted": 1, "missing": 0},
    )
    known_at = rfc3339(cpd.clock())
    cpd.clock.now += timedelta(hours=1)
    id_ = met["parts"][0]["entries"][1]["id"]
    await make.post(cpd, f"/v1/entries/{id_}/voiding", {"reason": "Not hers."})
    # Voiding restores exactly what was before, and what was known then can still be asked.
    after = await make.standing(cpd)
    assert after["parts"][0] == unreflected
    assert (await make.standing(cpd, known_at=known_at))["standing"] == "met"
    assert (await make.standing(cpd, valid_at="2027-03-30"))["standing"] == "on_track"
    assert (await make.standing(cpd, valid_at="2027-03-31"))["standing"] == "short"


async def test_each_caller_sees_what_it_may(cpd: Cpd) -> None:
    await member(cpd)
    await member(cpd, association="ACEG", level="affiliate", entered=None)
    await make.put(cpd, hours=25)
    own = await make.standing(cpd)
    assert [part["association"] for part in own["parts"]] == ["ICG"]
    assert own["parts"][0]["entries"][0]["association"] == "ICG"
    theirs = await make.standing(cpd, headers=cpd_system("ACEG"))
    assert (theirs["standing"], theirs["parts"][0]["entries"]) == ("not_required", None)
    for headers in (registrar(), AUDITOR):
        seen = await make.standing(cpd, headers=headers)
        assert [part["association"] for part in seen["parts"]] == ["ACEG", "ICG"]
        assert seen["parts"][1]["entries"][0]["counted"] == 25
    neighbour = await make.standing(cpd, headers=NEIGHBOUR)
    assert neighbour["parts"][1]["hours"]["counted"] == 25
    assert neighbour["parts"][1]["entries"] is None
    crm = await make.standing(cpd, headers=CRM)
    assert (crm["standing"], crm["parts"]) == ("met", [])


async def test_an_entry_of_another_association_counts_and_shows_no_more(cpd: Cpd) -> None:
    for association in ("ICG", "ACEG"):
        await member(cpd, association=association, entered="2026-02-01" if association == "ICG" else None)
    await make.put(cpd, association="ACEG", hours=5)
    (valued,) = (await make.standing(cpd))["parts"][0]["entries"]
    assert valued == {
        "id": None,
        "association": None,
        "done_on": None,
        "hours": 5,
        "counted": 5,
        "reasons": ["counted"],
    }


async def test_a_number_that_nobody_has_and_one_that_is_not_yours_are_not_found(cpd: Cpd) -> None:
    await member(cpd, BEA, association="ACEG")
    for asked, headers in ((number(999), registrar()), (BEA, cpd_system()), (number(999), cpd_system())):
        answer = await cpd.http.get(f"/v1/standing/{asked}", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "no-such-member")
    for asked, params in (
        ("CR12345670", {}),
        ("CR1%00", {}),
        (BEA, {"valid_on": "2026-01-01"}),
        (BEA, {"valid_at": "9999-12-31"}),
        (BEA, {"valid_at": "2026-02-29"}),
        (BEA, {"known_at": "yesterday"}),
    ):
        answer = await cpd.http.get(f"/v1/standing/{asked}", headers=registrar(), params=params)
        assert answer.status_code in {400, 422}, (asked, params)
    for day in ("1900-01-01", "2999-12-31"):
        far = await make.standing(cpd, BEA, headers=registrar(), valid_at=day)
        assert far["standing"] == ("short" if day > "2026" else "not_required")


async def test_many_are_answered_in_the_order_in_which_they_were_asked(cpd: Cpd) -> None:
    await member(cpd)
    await member(cpd, BEA, level="associate")
    await member(cpd, CIM, level="affiliate")
    await make.put(cpd, hours=25)
    await tell(cpd, "people.merged", DEE, kept_number=ANN)
    asked = [CIM, "nonsense", ANN.lower(), number(999), BEA, ANN, DEE]
    answer = await make.post(cpd, "/v1/standing/batch", {"numbers": asked}, NEIGHBOUR)
    items = answer.json()["items"]
    assert [each["number"] for each in items] == asked
    assert [each["standing"] or each["problem"]["code"] for each in items] == [
        "not_required", "malformed-number", "met", "no-such-member", "on_track", "met", "met",
    ]  # fmt: skip
    assert items[2]["hours"] == {"required": 25, "counted": 25, "carried": 0, "missing": 0}
    assert (await make.post(cpd, "/v1/standing/batch", {"numbers": []}, NEIGHBOUR)).status_code == 422
    crm = await make.post(cpd, "/v1/standing/batch", {"numbers": [ANN]}, CRM)
    assert (crm.json()["items"][0]["standing"], crm.json()["items"][0]["hours"]) == ("met", None)
    pages: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while not pages or pages[-1]["next"]:
        after = {"after": pages[-1]["next"]} if pages else {}
        answer = await cpd.http.get("/v1/standing", params={"limit": "2", **after}, headers=cpd_system())
        pages.append(answer.json())
    listed = [each for page in pages for each in page["items"]]
    await tell(cpd, "people.merged", CIM, kept_number=BEA)
    merged = (await cpd.http.get("/v1/standing", headers=cpd_system())).json()["items"]
    assert [each["number"] for each in merged] == sorted([ANN, BEA])
    assert [(each["number"], each["standing"]) for each in listed] == sorted(
        [(ANN, "met"), (BEA, "on_track"), (CIM, "not_required")]
    )


async def test_a_membership_that_ended_is_no_obligation_from_the_next_day(cpd: Cpd) -> None:
    await member(cpd, until="2026-10-31")
    assert (await make.standing(cpd, valid_at="2026-10-31"))["standing"] == "on_track"
    ended = await make.standing(cpd, valid_at="2026-11-01")
    assert (ended["standing"], ended["parts"]) == ("not_required", [])
