"""Complaints for tests, made and moved through the API as those would whose part it is."""

from datetime import timedelta
from typing import Any

import httpx

from tests.callers import association, registrar
from tests.register.conftest import Register

OFFICER = registrar("case-officer")
PANEL = ("panel-one", "panel-two", "panel-three")
APPEAL_PANEL = ("appeal-one", "appeal-two", "appeal-three")
ICG = association("ICG")
ACCOUNT = "Canary-account: the guidance was sold to a course provider."


async def complain(
    register: Register, number: str | None, *, headers: dict[str, str] | None = None, **changes: Any
) -> httpx.Response:
    """Make a complaint, as anybody unless told otherwise, and return the answer."""
    body = {
        "number": number,
        "conduct_on": "2026-10-01",
        "principles": ["equality"],
        "account": ACCOUNT,
        "complainant_name": "Canary-complainant",
        "complainant_contact": "canary@zz.test",
    }
    return await register.http.post("/v1/complaints", json=body | changes, headers=headers or {})


async def newest(register: Register) -> int:
    """Return the id of the complaint that was received last."""
    rows = await register.db.fetch("SELECT max(id) AS id FROM complaints")
    found: int = rows[0]["id"]
    return found


async def post(
    register: Register, complaint_id: int, what: str, body: dict[str, Any], headers: dict[str, str]
) -> httpx.Response:
    """Do something in a complaint and return the answer, whatever it is."""
    return await register.http.post(f"/v1/complaints/{complaint_id}/{what}", json=body, headers=headers)


async def take(
    register: Register, complaint_id: int, step: str, headers: dict[str, str] | None = None
) -> httpx.Response:
    """Take a step that needs only a reason."""
    body = {"step": step, "reason": f"Canary-{step}: it was looked at."}
    return await post(register, complaint_id, "steps", body, headers or OFFICER)


async def convene(
    register: Register, complaint_id: int, members: tuple[str, ...], headers: dict[str, str] | None = None
) -> httpx.Response:
    """Seat a panel."""
    return await post(register, complaint_id, "panels", {"members": list(members)}, headers or OFFICER)


async def decide(
    register: Register, complaint_id: int, outcome: str, *, by: str = PANEL[0], **changes: Any
) -> httpx.Response:
    """Report a decision of the panel."""
    body = {
        "outcome": outcome,
        "reasons": "Canary-reasons: the panel believed the witness.",
        "public_summary": "Guidance was given for gain.",
        "members": list(PANEL),
    }
    if outcome == "conditions":
        body["conditions"] = "Works under supervision."
    return await post(register, complaint_id, "decisions", body | changes, registrar(by))


async def decide_appeal(
    register: Register, complaint_id: int, outcome: str, *, by: str = APPEAL_PANEL[0]
) -> httpx.Response:
    """Seat the appeal panel and report its decision."""
    seated = await convene(register, complaint_id, APPEAL_PANEL)
    assert seated.status_code == 201, seated.text
    body = {"outcome": outcome, "reasons": "The grounds were heard.", "members": list(APPEAL_PANEL)}
    return await post(register, complaint_id, "appeal-decisions", body, registrar(by))


WAY = ("acknowledged", "investigated", "answer_awaited", "answered", "case_to_answer", "before_panel")


async def complaint_at(register: Register, number: str, state: str) -> int:
    """Make a complaint and bring it to a state before the decision, the member being one of ICG's."""
    answer = await complain(register, number)
    assert answer.status_code == 201, answer.text
    complaint_id = await newest(register)
    for reached in WAY[: WAY.index(state) + 1]:
        moved = await _move_to(register, complaint_id, reached)
        assert (moved.status_code, moved.json().get("state")) == (201, reached), moved.text
    return complaint_id


async def decided(register: Register, number: str, outcome: str, **changes: Any) -> int:
    """Make a complaint that the panel has decided."""
    complaint_id = await complaint_at(register, number, "before_panel")
    answer = await decide(register, complaint_id, outcome, **changes)
    assert answer.status_code == 201, answer.text
    return complaint_id


def pass_days(register: Register, days: int) -> None:
    """Let days go by."""
    register.clock.now += timedelta(days=days)


async def _move_to(register: Register, complaint_id: int, state: str) -> httpx.Response:
    if state == "answer_awaited":
        return await post(register, complaint_id, "answer-requests", {"association": "ICG"}, OFFICER)
    if state == "answered":
        words = {"words": "Canary-answer: I did not."}
        return await post(register, complaint_id, "answers", words, ICG)
    if state == "before_panel":
        return await convene(register, complaint_id, PANEL)
    steps = {"acknowledged": "acknowledge", "investigated": "find_capable", "case_to_answer": "find_case"}
    return await take(register, complaint_id, steps[state])
