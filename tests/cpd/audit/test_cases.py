"""The way of a case: notice, pack, two assessors, appeal, silence; nobody judges their own (I18)."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from services.cpd.operations import integrity
from services.cpd.operations.audit.cases import finalise_overdue
from shared.actor import Actor
from shared.postgres.urls import asyncpg_dsn
from tests.cpd import make as cpd_make
from tests.cpd.audit.make import (
    LONG_SINCE,
    assessor_of,
    auditor,
    cases,
    drawn,
    found,
    name,
    pack,
    professionals,
    refused,
    send,
    sent,
    submitted,
    targeted,
)
from tests.cpd.conftest import Cpd
from tests.cpd.make import cpd_system, events
from tests.cpd.people import ANN, BEA, CIM, member

FINDING = """
    INSERT INTO audit_findings (case_id, place, assessor, outcome, second, silence, reasons, found_at)
    VALUES ($1, 1, 'of-icg', 'find_not_met', false, false, 'x', now())
"""


async def word(cpd: Cpd, who: str = ANN) -> str:
    """Return where somebody stands, as their association sees it."""
    return str((await cpd_make.standing(cpd, who))["standing"])


async def test_a_case_from_the_draw_to_an_outcome_that_meets(cpd: Cpd) -> None:
    await professionals(cpd, 1)
    handed_in = await pack(cpd, ANN)
    before = await word(cpd)
    audit_id = await drawn(cpd)
    notices = f"/v1/audits/{audit_id}/notices"
    notified = await sent(cpd, notices)
    # Twelve weeks on it is a day on which people work.
    assert notified == {"audit_id": audit_id, "cases": 1, "due_on": "2027-02-15"}
    assert (await send(cpd, notices)).json()["code"] == "nobody-to-notify"
    (case,) = await cases(cpd, cpd_system())
    assert (case["state"], await word(cpd)) == ("notified", "under_audit")
    assert await cases(cpd, cpd_system("ACEG")) == []
    path = f"/v1/audit-cases/{case['id']}"
    assert (await send(cpd, f"{path}/packs", handed_in, cpd_system("ACEG"))).json()["code"] == "no-such-case"
    few = handed_in | {"activities": handed_in["activities"][:3]}
    answer = await send(cpd, f"{path}/packs", few, cpd_system())
    assert (answer.status_code, answer.json()["code"]) == (422, "pack-incomplete")
    assert [each["code"] for each in answer.json()["errors"]] == ["too-few"]
    await sent(cpd, f"{path}/packs", handed_in, cpd_system())
    assert (await send(cpd, f"{path}/assignments")).json()["code"] == "nobody-may-assess"
    await name(cpd, "assessor-a")
    await found(cpd, case["id"], "ask_more")
    await sent(cpd, f"{path}/packs", handed_in, cpd_system())
    shown = (await cpd.http.get(f"{path}/pack", headers=auditor())).json()
    assert (shown["version"], shown["number"], len(shown["activities"])) == (2, None, 4)
    own = (await cpd.http.get(f"{path}/pack", headers=cpd_system(), params={"version": "1"})).json()
    assert (own["version"], own["number"]) == (1, ANN)
    await name(cpd, "assessor-b")
    await found(cpd, case["id"], "find_meets")
    seen = (await cpd.http.get(path, headers=cpd_system())).json()
    assert [each["step"] for each in seen["steps"]] == [
        "notify", "submit", "assign", "ask_more", "submit", "assign", "find_meets",
    ]  # fmt: skip
    assert {each["assessor"] for each in seen["findings"]} == {None}
    assert (seen["state"], await word(cpd)) == ("met", before)
    assert (await events(cpd))[-1] == "audit-case.moved"
    results = (await cpd.http.get(f"/v1/audits/{audit_id}/results", headers=auditor())).json()
    assert results["strata"][0] | {"advice": "stop", "met": 1, "most_failing": 0} == results["strata"][0]
    assert await integrity.check(cpd.db) == []


async def test_a_refusal_needs_two_and_is_final_once_no_appeal_came(cpd: Cpd) -> None:
    await professionals(cpd, 1)
    await name(cpd, "assessor-a", "assessor-b", "assessor-c")
    case_id = await refused(cpd, ANN)
    path = f"/v1/audit-cases/{case_id}"
    case = (await cpd.http.get(path, headers=auditor())).json()
    assert (case["state"], case["due_on"], await word(cpd)) == ("refused", "2026-12-21", "under_audit")
    assert len({each["assessor"] for each in case["findings"]}) == 2
    final = {"step": "finalise", "words": "No appeal."}
    assert (await send(cpd, f"{path}/steps", final)).json()["code"] == "appeal-still-possible"
    job = Actor.system("finalise-audits")
    assert await finalise_overdue(cpd.db, now=cpd.clock(), actor=job) == 0
    cpd.clock.now += timedelta(days=40)
    late = {"words": "Too late."}
    assert (await send(cpd, f"{path}/appeals", late, cpd_system())).json()["code"] == "appeal-too-late"
    assert await finalise_overdue(cpd.db, now=cpd.clock(), actor=job) == 1
    assert await finalise_overdue(cpd.db, now=cpd.clock(), actor=job) == 0
    (line,) = await cpd.db.fetch("SELECT subject, facts FROM journal WHERE event = 'audit.failed'")
    assert line["subject"] == ANN
    assert await word(cpd) == "failed"
    # Heard late, nothing changes until the appeal is decided; as it was known before, it stays.
    await sent(cpd, f"{path}/steps", {"step": "hear_late", "words": "Was in hospital."})
    assert await word(cpd) == "failed"
    part = case["findings"][0]["assessor"]
    ruling = {"ruling": "allowed", "reasons": "The pack shows it."}
    answer = await send(cpd, f"{path}/appeal-decisions", ruling, auditor(part))
    assert (answer.status_code, answer.json()["code"]) == (403, "not-your-part")
    known_at = cpd.clock()
    cpd.clock.now += timedelta(hours=1)
    await sent(cpd, f"{path}/appeal-decisions", ruling)
    assert await word(cpd) != "failed"
    asked = {"known_at": known_at.isoformat().replace("+00:00", "Z")}
    assert (await cpd_make.standing(cpd, **asked))["standing"] == "failed"
    assert [each for each in await events(cpd) if each.startswith("audit.")] == [
        "audit.failed", "audit.overturned",
    ]  # fmt: skip


async def test_an_appeal_in_time_leaves_the_standing_and_the_register_alone(cpd: Cpd) -> None:
    await professionals(cpd, 1)
    await name(cpd, "assessor-a", "assessor-b", "assessor-c", "assessor-d")
    path = f"/v1/audit-cases/{await refused(cpd, ANN)}"
    await sent(cpd, f"{path}/appeals", {"words": "It does meet."}, cpd_system())
    assert await word(cpd) == "under_audit"
    again = {"ruling": "reassessment", "reasons": "Not all was looked at."}
    await sent(cpd, f"{path}/appeal-decisions", again)
    case_id = int(path.rpartition("/")[2])
    await found(cpd, case_id, "find_not_met")
    await found(cpd, case_id, "find_not_met")
    await sent(cpd, f"{path}/appeals", {"words": "Still."}, cpd_system())
    dismissed = {"ruling": "dismissed", "reasons": "It does not."}
    assert (await send(cpd, f"{path}/appeal-decisions", dismissed)).json()["code"] == "not-your-part"
    await sent(cpd, f"{path}/appeal-decisions", dismissed, auditor("auditor-two"))
    assert await word(cpd) == "failed"
    await sent(cpd, f"{path}/steps", {"step": "make_good", "words": "Done since."})
    assert (await events(cpd))[-2:] == ["audit.failed", "audit.made-good"]


async def test_silence_is_a_refusal_that_a_second_person_confirms(cpd: Cpd) -> None:
    await professionals(cpd, 1)
    case_id = await targeted(cpd, ANN)
    steps = f"/v1/audit-cases/{case_id}/steps"
    silent = {"step": "note_silence", "words": "Nothing came."}
    assert (await send(cpd, steps, silent)).json()["code"] == "not-silent-yet"
    reminders = await cpd.http.get("/v1/audit-reminders", headers=cpd_system())
    assert reminders.json()["items"] == []
    extend = {"step": "extend", "words": "Ill.", "until": "2027-03-01"}
    assert (await send(cpd, steps, extend | {"until": "2027-09-01"})).json()["code"] == "extension-too-long"
    assert (await send(cpd, steps, extend | {"until": "2027-01-01"})).json()["code"] == "extension-not-later"
    assert (await send(cpd, steps, extend | {"until": None})).json()["code"] == "day-missing"
    assert (await send(cpd, steps, {"step": "assign", "words": "x"})).json()[
        "code"
    ] == "step-has-its-own-path"
    assert (await send(cpd, steps, {"step": "defer", "words": " "})).json()["code"] == "words-missing"
    assert (await sent(cpd, steps, extend))["due_on"] == "2027-03-01"
    # Extended again, it is no longer than the terms allow from the first day.
    assert (await send(cpd, steps, extend | {"until": "2027-04-10"})).json()["code"] == "extension-too-long"
    cpd.clock.now += timedelta(days=120)
    late = (await cpd.http.get("/v1/audit-reminders", headers=cpd_system())).json()["items"]
    assert [(each["case_id"], each["since"]) for each in late] == [(case_id, "2027-03-08")]
    await name(cpd, "auditor-one", "assessor-a")
    await sent(cpd, steps, silent)
    # Whoever noted the silence is not the second: the other one gets the case.
    assert (await found(cpd, case_id, "find_not_met"))["state"] == "refused"


async def test_two_deferrals_and_a_withdrawal_and_what_cannot_be(cpd: Cpd) -> None:
    await professionals(cpd, 2)
    case_id = await targeted(cpd, ANN)
    steps = f"/v1/audit-cases/{case_id}/steps"
    again = await send(cpd, "/v1/audit-cases", {"number": ANN, "reason": "Again."})
    assert (again.status_code, again.json()["code"]) == (409, "audit-open-already")
    await sent(cpd, steps, {"step": "defer", "words": "Family leave."})
    assert await word(cpd) != "under_audit"
    resumed = await sent(
        cpd, steps, {"step": "resume", "words": "Back.", "until": "2027-04-05", "nation": "SCT"}
    )
    assert resumed["due_on"] == "2027-04-05"  # no bank holiday there
    await sent(cpd, steps, {"step": "withdraw", "words": "Left the profession."})
    answer = await send(cpd, steps, {"step": "defer", "words": "x"})
    assert (answer.status_code, answer.json()["code"]) == (409, "case-not-in-that-state")
    assert (
        await send(cpd, "/v1/audit-cases/999999/steps", {"step": "defer", "words": "x"})
    ).status_code == 404
    # What is targeted is counted nowhere.
    public = (await cpd.http.get("/v1/reports/audit-outcomes")).json()
    assert public["lines"] == []
    csv = await cpd.http.get("/v1/reports/audit-agreement", params={"format": "csv"})
    assert csv.text == "year,agreed,differed\r\n"


async def test_nobody_judges_their_own_case_whatever_changes_between_assignment_and_decision(
    cpd: Cpd,
) -> None:
    await professionals(cpd, 2)
    await name(cpd, "of-icg", association="ICG")
    await name(cpd, "self", number=ANN)
    await name(cpd, "friend", "assessor-a", "assessor-b")
    conflict = {"subject": "friend", "number": ANN, "nature": "Shares an office."}
    assert (await sent(cpd, "/v1/audit-conflicts", conflict))["not_of_numbers"] == [ANN]
    answer = await send(cpd, "/v1/audit-conflicts", conflict | {"association": "ICG"})
    assert answer.json()["code"] == "conflict-without-anybody"
    answer = await send(cpd, "/v1/audit-conflicts", conflict | {"subject": "nobody"})
    assert answer.json()["code"] == "not-an-assessor"
    assert (await send(cpd, "/v1/audit-assessors", {"subject": "self"})).json()["code"] == (
        "assessor-named-already"
    )
    case_id = await submitted(cpd, ANN)
    first = await assessor_of(cpd, case_id)
    findings = f"/v1/audit-cases/{case_id}/findings"
    meets = {"outcome": "find_meets", "reasons": "Good."}
    assert first == "assessor-a"
    assert (await send(cpd, findings, meets, auditor("assessor-b"))).json()["code"] == "not-your-part"
    await sent(cpd, "/v1/audit-conflicts", conflict | {"subject": first})
    assert (await send(cpd, findings, meets, auditor(first))).json()["code"] == "may-not-assess-this"
    second = await assessor_of(cpd, case_id)
    assert second == "assessor-b"
    # The person joins the assessor's association after the case was given out.
    await name(cpd, "a-third", association="AGCAS")
    await sent(cpd, "/v1/audit-conflicts", conflict | {"subject": second})
    assert await assessor_of(cpd, case_id) == "a-third"
    await member(cpd, ANN, association="AGCAS", entered=None)
    assert (await send(cpd, findings, meets, auditor("a-third"))).json()["code"] == "may-not-assess-this"
    assert (await send(cpd, f"/v1/audit-cases/{case_id}/assignments")).json()["code"] == "nobody-may-assess"
    owner = await asyncpg.connect(asyncpg_dsn(cpd.urls.owner))
    with pytest.raises(asyncpg.CheckViolationError, match="nobody judges"):
        await owner.execute(
            FINDING,
            case_id,
        )
    assert await integrity.check(cpd.db) == []
    await owner.execute("ALTER TABLE audit_findings DISABLE TRIGGER on_others")
    await owner.execute(
        FINDING,
        case_id,
    )
    with pytest.raises(asyncpg.CheckViolationError, match="two"):
        await owner.execute("UPDATE audit_cases SET state = 'refused' WHERE id = $1", case_id)
    await owner.execute("ALTER TABLE audit_cases DISABLE TRIGGER refused_by_two")
    await owner.execute("UPDATE audit_cases SET state = 'failed' WHERE id = $1", case_id)
    await owner.close()
    assert {each.name for each in await integrity.check(cpd.db)} >= {
        "a finding by somebody who may not",
        "a refusal without two assessors",
        "a case moved outside the written table",
    }


async def test_two_assessors_deciding_at_once_are_one_decision(cpd: Cpd) -> None:
    await professionals(cpd, 1)
    await name(cpd, "assessor-a", "assessor-b")
    case_id = await submitted(cpd, ANN)
    who = await assessor_of(cpd, case_id)
    path = f"/v1/audit-cases/{case_id}/findings"
    outcomes = ["find_meets", "find_not_met"] * 4
    done = await asyncio.gather(
        *(send(cpd, path, {"outcome": outcome, "reasons": "So."}, auditor(who)) for outcome in outcomes)
    )
    assert sorted({each.status_code for each in done}) in ([201, 403, 409], [201, 409], [201, 403])
    assert sum(each.status_code == 201 for each in done) == 1
    assert len(await cpd.db.fetch("SELECT FROM audit_findings")) == 1


async def test_one_person_in_two_samples_has_one_case_and_each_association_sees_it(cpd: Cpd) -> None:
    await professionals(cpd, 1)
    await member(cpd, ANN, association="ACEG", since="2020-01-10", entered=None)
    await member(cpd, BEA, association="ACEG", **LONG_SINCE)
    await member(cpd, CIM, association="ACEG", level="affiliate")
    await drawn(cpd, {"association": "ICG", "rate": 1}, {"association": "ACEG", "rate": 1})
    assert sorted(each["number"] for each in await cases(cpd)) == [ANN, BEA]
    assert [each["number"] for each in await cases(cpd, cpd_system())] == [ANN]
    assert len(await cases(cpd, cpd_system("ACEG"))) == 2
    public = (await cpd.http.get("/v1/reports/audit-outcomes")).json()
    assert [each["counts"] for each in public["lines"]] == [[None] * 4] * 2
    inside = (await cpd.http.get("/v1/reports/audit-outcomes", headers=auditor())).json()
    assert [each["counts"] for each in inside["lines"]] == [[0, 0, 2, 0], [0, 0, 1, 0]]
