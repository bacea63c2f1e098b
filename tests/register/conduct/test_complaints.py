"""A complaint from its receipt to the end: who may do what, what follows, and what nobody sees meanwhile."""

from datetime import timedelta

import pytest

from services.register.operations import integrity
from tests.callers import association
from tests.register import make as register_make
from tests.register.conduct import make
from tests.register.conftest import Register
from tests.register.make_licences import licensed, verdict


async def sound(register: Register) -> bool:
    """Say whether every integrity question is answered with nothing."""
    return await integrity.check(register.db, now=register.clock.now) == []


async def published(register: Register, number: str) -> list[str]:
    """Return the outcomes that are published about somebody."""
    answer = await register.http.get(f"/v1/practitioners/{number}/decisions")
    assert answer.status_code == 200, answer.text
    return [each["outcome"] for each in answer.json()["items"]]


async def test_anybody_complains_and_follows_it_by_a_secret_that_is_shown_once(register: Register) -> None:
    number = await licensed(register)
    answer = await make.complain(register, number, headers={"Idempotency-Key": "one"})
    assert answer.status_code == 201
    body = answer.json()
    reference = body["reference"]
    assert body | {"reference": ""} == {
        "id": None,
        "reference": "",
        "received_at": "2026-11-21T09:30:00Z",
        "acknowledged_by": "2026-11-28",
        "code_version": "cdi-2019-01-01",
        "principles": [{"title": "Equality", "listed": True}],
        "note": None,
    }
    again = await make.complain(register, number, headers={"Idempotency-Key": "one"})
    assert (again.status_code, again.json()) == (201, body | {"reference": None})
    stored = await register.db.fetch(
        "SELECT count(*) FROM complaints c, idempotency_keys k WHERE to_jsonb(c)::text LIKE $1"
        " OR k.body LIKE $1",
        f"%{reference}%",
    )
    assert stored[0][0] == 0
    assert (await register_make.journal(register))[-1] == ("complaint.received", "complaint:1")
    told = await register.http.post("/v1/complaints/progress", json={"reference": reference})
    assert (told.status_code, told.json()["progress"]) == (200, "received")
    strange = await register.http.post("/v1/complaints/progress", json={"reference": "made-up"})
    assert (strange.status_code, strange.json()["code"]) == (404, "no-such-reference")
    gone = await register.http.post("/v1/complaints/withdrawals", json={"reference": reference})
    assert (gone.status_code, gone.json()["progress"]) == (201, "withdrawn")
    twice = await register.http.post("/v1/complaints/withdrawals", json={"reference": reference})
    assert (twice.status_code, twice.json()["code"]) == (409, "complaint-step-not-possible")
    assert (await register_make.events(register))[-1] == "complaint.withdrawn"


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"number": None}, 422, "person-not-said"),
        ({"number": None, "described_person": "  "}, 422, "person-not-said"),
        ({"number": "CR12345672"}, 404, "no-such-number"),
        ({"number": "nonsense"}, 400, "malformed-number"),
        ({"account": " "}, 422, "account-missing"),
        ({"conduct_on": "2026-11-22"}, 422, "conduct-in-the-future"),
        ({"member_id": "1"}, 403, "association-missing"),
        ({"account": "\x00"}, 422, "input-not-valid"),
        ({"account": "x" * 2001}, 422, "input-not-valid"),
        ({"principles": ["x"] * 21}, 422, "input-not-valid"),
        ({"state": "closed"}, 422, "input-not-valid"),
        ({"relationship": "x" * 40_000}, 413, "request-too-large"),
    ],
)
async def test_a_complaint_that_says_too_little_or_too_much_is_refused(
    register: Register, changes: dict[str, object], status: int, code: str
) -> None:
    number = await register_make.member(register)
    lines = await register_make.events(register)
    answer = await make.complain(register, **({"number": number} | changes))  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await register_make.events(register) == lines


async def test_a_complaint_leads_to_a_suspension_that_stands_during_the_appeal(register: Register) -> None:
    number = await licensed(register)
    complaint_id = await make.decided(register, number, "suspension", sanction_days=90)
    assert await verdict(register, number) == "suspended"
    lines = await register.db.fetch("SELECT event, txid FROM journal ORDER BY position DESC LIMIT 4")
    assert [line["event"] for line in lines] == [
        "complaint.sanctioned", "alert.raised", "sanction.imposed", "complaint.decided"
    ]  # fmt: skip
    assert len({line["txid"] for line in lines}) == 1
    early = await make.take(register, complaint_id, "close")
    assert (early.status_code, early.json()["code"]) == (409, "appeal-still-open")
    appealed = await make.post(register, complaint_id, "appeals", {"words": "Unheard."}, make.ICG)
    assert (appealed.status_code, appealed.json()["state"]) == (201, "under_appeal")
    assert await verdict(register, number) == "suspended"
    assert await published(register, number) == []
    same = await make.convene(register, complaint_id, (make.PANEL[0], *make.APPEAL_PANEL))
    assert (same.status_code, same.json()["code"]) == (403, "part-already-taken")
    allowed = await make.decide_appeal(register, complaint_id, "allowed")
    assert (allowed.status_code, allowed.json()["state"]) == (201, "closed")
    assert await verdict(register, number) == "licensed"
    assert await published(register, number) == []
    assert await sound(register)


async def test_a_removal_waits_for_the_appeal_and_the_interim_measure_stands_meanwhile(
    register: Register,
) -> None:
    number = await licensed(register)
    complaint_id = await make.complaint_at(register, number, "investigated")
    reasons = {"public_reason": "A concern is looked into.", "internal_reason": "Risk.",
               "review_on": "2026-12-01"}  # fmt: skip
    interim = await make.post(register, complaint_id, "interim-suspensions", reasons, make.OFFICER)
    assert (interim.status_code, await verdict(register, number)) == (201, "suspended")
    twice = await make.post(register, complaint_id, "interim-suspensions", reasons, make.OFFICER)
    assert (twice.status_code, twice.json()["code"]) == (409, "interim-measure-stands")
    await make.post(register, complaint_id, "answer-requests", {"association": "ICG"}, make.OFFICER)
    waiting = await make.take(register, complaint_id, "find_case")
    assert (waiting.status_code, waiting.json()["code"]) == (409, "answer-still-due")
    make.pass_days(register, 29)
    for query in ("overdue=true", "review_due=true", "state=answer_awaited", f"number={number}"):
        listed = await register.http.get(f"/v1/complaints?{query}", headers=make.OFFICER)
        assert [each["id"] for each in listed.json()["items"]] == [complaint_id], query
    assert (await make.take(register, complaint_id, "find_case")).status_code == 201
    assert (await make.convene(register, complaint_id, make.PANEL)).status_code == 201
    assert (await make.decide(register, complaint_id, "removal")).status_code == 201
    assert await verdict(register, number) == "suspended"
    make.pass_days(register, 29)
    late = await make.post(register, complaint_id, "appeals", {"words": "Late."}, make.ICG)
    assert (late.status_code, late.json()["code"]) == (409, "appeal-too-late")
    closed = await make.take(register, complaint_id, "close")
    assert (closed.status_code, closed.json()["state"]) == (201, "closed")
    assert [each["interim"] for each in closed.json()["sanctions"]] == [True, False]
    assert await verdict(register, number) == "removed"
    assert await published(register, number) == ["removal"]
    assert (await register_make.facts(register, "decision.published"))[-1] == {
        "outcome": "removal",
        "published_to": None,
    }
    assert await sound(register)


async def test_a_dismissed_appeal_publishes_for_as_long_as_the_policy_says(register: Register) -> None:
    number = await licensed(register)
    complaint_id = await make.decided(register, number, "conditions", review_on="2027-02-01")
    assert await verdict(register, number) == "licensed_with_conditions"
    await make.post(register, complaint_id, "appeals", {"words": "Too strict."}, make.ICG)
    before = register.clock.now
    register.clock.now += timedelta(days=1)
    assert (await make.decide_appeal(register, complaint_id, "dismissed")).status_code == 201
    answer = (await register.http.get(f"/v1/practitioners/{number}/decisions")).json()
    assert answer["items"] == [
        {
            "outcome": "conditions",
            "public_summary": "Guidance was given for gain.",
            "code_version": "cdi-2019-01-01",
            "principles": ["Equality"],
            "conduct_on": "2026-10-01",
            "decided_on": "2026-11-21",
            "published_from": "2026-11-22",
            "published_to": "2028-11-20",
        }
    ]
    path = f"/v1/practitioners/{number}/decisions"
    for axes, wanted in (
        ({"valid_at": "2028-11-20"}, 1),
        ({"valid_at": "2028-11-21"}, 0),
        ({"valid_at": "2026-11-22", "known_at": before.isoformat()}, 0),
    ):
        assert len((await register.http.get(path, params=axes)).json()["items"]) == wanted, axes
    assert (await register.http.get("/v1/practitioners/CR12345672/decisions")).status_code == 404
    assert await sound(register)


async def test_an_association_sees_its_side_and_a_stranger_nothing(register: Register) -> None:
    number = await licensed(register)
    await register_make.member(register, "ACEG", "9")
    mine = await make.complain(register, number, headers=association("ACEG"), member_id="9")
    complaint_id = mine.json()["id"]
    path = f"/v1/complaints/{complaint_id}"
    assert mine.headers["location"] == path
    foreign = await make.complain(register, number, headers=association("ACEG"), member_id="none")
    assert (foreign.status_code, foreign.json()["code"]) == (404, "no-such-member")
    assert (await register.http.get(path, headers=make.ICG)).json()["code"] == "no-such-complaint"
    for step in ("acknowledge", "find_capable"):
        assert (await make.take(register, complaint_id, step)).status_code == 201
    wrong = await make.post(register, complaint_id, "answer-requests", {"association": "ACEG"}, make.OFFICER)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "association-may-not-answer")
    await make.post(register, complaint_id, "answer-requests", {"association": "ICG"}, make.OFFICER)
    answering = (await register.http.get(path, headers=make.ICG)).json()
    assert (answering["account"], answering["due_on"]) == (make.ACCOUNT, "2026-12-19")
    hidden = ("complainant_name", "complaining_association", "submitted_by")
    assert [answering[each] for each in hidden] == [None, None, None]
    assert (answering["steps"], answering["parts"]) == ([], [])
    own = (await register.http.get(path, headers=association("ACEG"))).json()
    assert (own["complainant_name"], own["steps"]) == ("Canary-complainant", [])
    theirs = await make.post(register, complaint_id, "answers", {"words": "No."}, association("ACEG"))
    assert (theirs.status_code, theirs.json()["code"]) == (403, "not-yours-to-move")
    listed = await register.http.get("/v1/complaints", headers=association("NAEGA"))
    assert listed.json()["items"] == []
    whole = await register.http.get(path, headers=make.OFFICER)
    assert [each["step"] for each in whole.json()["steps"]] == ["acknowledge", "find_capable", "ask_member"]
    same = {**make.OFFICER, "If-None-Match": whole.headers["etag"]}
    assert (await register.http.get(path, headers=same)).status_code == 304


async def test_a_described_person_is_identified_before_the_triage(register: Register) -> None:
    number = await licensed(register)
    assert (await make.complain(register, None, described_person="The adviser of 3 May.")).status_code == 201
    complaint_id = await make.newest(register)
    await make.take(register, complaint_id, "acknowledge")
    unknown = await make.take(register, complaint_id, "find_capable")
    assert (unknown.status_code, unknown.json()["code"]) == (409, "person-not-identified")
    told = {"number": number, "reason": "The school named the adviser."}
    named = await make.post(register, complaint_id, "identifications", told, make.OFFICER)
    assert (named.status_code, named.json()["number"]) == (201, number)
    assert (await make.take(register, complaint_id, "find_not_capable")).json()["state"] == "closed"
    empty = {"step": "find_case", "reason": " "}
    ended = await make.post(register, complaint_id, "steps", empty, make.OFFICER)
    assert (ended.status_code, ended.json()["code"]) == (409, "complaint-step-not-possible")
    conflict = {"subject": "x", "nature": "Cousin."}
    late = await make.post(register, complaint_id, "conflicts", conflict, make.OFFICER)
    assert late.status_code == 409
