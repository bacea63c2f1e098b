"""Routes to entry for tests, made through the API as associations and registrars would make them."""

from typing import Any

import httpx

from tests.callers import association as association_headers
from tests.callers import registrar
from tests.register import make
from tests.register.conftest import Register

ASSESSOR, DECIDER = "assessor-one", "registrar-two"
MANDATORY = (
    "preparing-to-work",
    "reflecting-on-practice",
    "interview-clients",
    "information-needs",
    "career-theories",
)
OPTIONAL = ("learning-in-groups", "diagnostic-tools", "labour-market-information")
MODULES = [{"code": "M1", "title": "Guidance skills"}, {"code": "M2", "title": "Ethics", "credits": 5}]


async def post(register: Register, path: str, body: Any, headers: dict[str, str]) -> httpx.Response:
    """Post below the routes to entry and return the answer, whatever it is."""
    return await register.http.post(f"/v1/entry-routes{path}", json=body, headers=headers)


async def begin(
    register: Register, route: str, association: str = "ICG", member_id: str = "1", **changes: Any
) -> httpx.Response:
    """Begin a route and return the answer, whatever it is."""
    body = {"route": route, "member_id": member_id} | changes
    return await post(register, "", body, association_headers(association))


async def begun(register: Register, route: str, association: str = "ICG", **changes: Any) -> int:
    """Begin a route and return its id."""
    answer = await begin(register, route, association, **changes)
    assert answer.status_code == 201, answer.text
    route_id: int = answer.json()["id"]
    return route_id


async def give(
    register: Register, route_id: int, part: str, association: str = "ICG", **changes: Any
) -> httpx.Response:
    """Submit evidence on a part and return the answer, whatever it is."""
    body = {"part": part, "references": ["portfolio p. 4"], "statement": "Observed twice."} | changes
    return await post(register, f"/{route_id}/evidence", body, association_headers(association))


async def judge(
    register: Register, route_id: int, evidence: int, judgement: str = "met", *, by: str = ASSESSOR
) -> httpx.Response:
    """Judge evidence and return the answer, whatever it is."""
    body = {"evidence": evidence, "judgement": judgement, "reasons": "The portfolio was read."}
    return await post(register, f"/{route_id}/judgements", body, registrar(by))


async def decide(
    register: Register, route_id: int, outcome: str = "granted", *, by: str = DECIDER
) -> httpx.Response:
    """Decide a route and return the answer, whatever it is."""
    body = {"outcome": outcome, "reasons": "All of it was shown."}
    return await post(register, f"/{route_id}/decisions", body, registrar(by))


async def withdraw(register: Register, route_id: int, association: str = "ICG") -> httpx.Response:
    """Take a route back and return the answer, whatever it is."""
    return await post(register, f"/{route_id}/withdrawal", {}, association_headers(association))


async def name(register: Register, route_id: int, *, by: str = ASSESSOR, **changes: Any) -> httpx.Response:
    """Name the modules of a top up and return the answer, whatever it is."""
    body = {"modules": MODULES, "reasons": "Guidance was not taught."} | changes
    return await post(register, f"/{route_id}/modules", body, registrar(by))


async def show(register: Register, route_id: int, *parts: str) -> dict[str, Any]:
    """Submit evidence on each part, have it found met, and return the route."""
    shown: dict[str, Any] = {}
    for part in parts:
        given = await give(register, route_id, part)
        assert given.status_code == 201, given.text
        answer = await judge(register, route_id, given.json()["evidence"][-1]["id"])
        assert answer.status_code == 201, answer.text
        shown = answer.json()
    return shown


async def assessed_competence(register: Register) -> int:
    """Make a member whose competence in the Level 4 units waits for a decision; return the route."""
    await make.member(register, level="affiliate")
    route_id = await begun(register, "competence", policy="competence-level-4")
    assert (await show(register, route_id, *MANDATORY, *OPTIONAL))["status"] == "assessed"
    return route_id


async def unrelated_holding(register: Register, **changes: Any) -> int:
    """Make a holding that a registrar found real and not relevant, and return its id."""
    given = {"title": "A Degree in Psychology", "relevant": False} | changes
    return await make.authenticated_holding(register, **given)


async def assessed_alternative(register: Register) -> int:
    """Make a member whose holding was judged relevant and waits for a decision; return the route."""
    await make.member(register)
    holding = await unrelated_holding(register)
    route_id = await begun(register, "alternative", holding=holding)
    assert (await show(register, route_id, "relevance"))["status"] == "assessed"
    return route_id
