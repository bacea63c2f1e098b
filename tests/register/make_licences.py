"""People who are ready for admission, admitted or sanctioned, made through the API as their owners would."""

from typing import Any

import httpx

from tests.callers import association as association_headers
from tests.callers import registrar
from tests.register import make
from tests.register.conftest import Register

AUTHENTICATOR = "registrar-one"
DECIDER = "registrar-two"


async def apply(
    register: Register,
    member_id: str = "1",
    *,
    association: str = "ICG",
    scopes: tuple[str, ...] = ("personal_guidance",),
) -> httpx.Response:
    """Submit an application and return the answer, whatever it is."""
    return await register.http.post(
        "/v1/applications",
        json={"member_id": member_id, "scopes": list(scopes)},
        headers=association_headers(association),
    )


async def applicant(
    register: Register,
    member_id: str = "1",
    *,
    association: str = "ICG",
    scopes: tuple[str, ...] = ("personal_guidance",),
    **changes: Any,
) -> tuple[str, int]:
    """Make somebody who has all that admission asks for and has applied; return number and application."""
    number = await make.member(register, association, member_id, **changes)
    await make.authenticated_holding(register, association, member_id, by=AUTHENTICATOR)
    await make.code_acceptance(register, association, member_id)
    answer = await apply(register, member_id, association=association, scopes=scopes)
    assert answer.status_code == 201, answer.text
    return number, answer.json()["id"]


async def decide(
    register: Register,
    application_id: int,
    outcome: str = "admitted",
    *,
    by: str = DECIDER,
    reasons: tuple[str, ...] = ("The evidence was seen.",),
    **headers: str,
) -> httpx.Response:
    """Decide an application and return the answer, whatever it is."""
    return await register.http.post(
        f"/v1/applications/{application_id}/decisions",
        json={"outcome": outcome, "reasons": list(reasons)},
        headers=registrar(by) | headers,
    )


async def licensed(register: Register, member_id: str = "1", **changes: Any) -> str:
    """Make somebody who holds a licence from today, and return the number."""
    number, application_id = await applicant(register, member_id, **changes)
    answer = await decide(register, application_id)
    assert answer.status_code == 201, answer.text
    return number


async def impose(
    register: Register, number: str, kind: str = "suspension", *, by: str = DECIDER, **changes: Any
) -> httpx.Response:
    """Impose a sanction and return the answer, whatever it is."""
    body = {
        "number": number,
        "kind": kind,
        "public_reason": "A complaint is upheld.",
        "internal_reason": "Case 4711.",
    }
    return await register.http.post("/v1/sanctions", json=body | changes, headers=registrar(by))


async def lift(
    register: Register, sanction_id: int, *, reason: str = "The appeal was allowed.", by: str = DECIDER
) -> httpx.Response:
    """Lift a sanction and return the answer, whatever it is."""
    return await register.http.post(
        f"/v1/sanctions/{sanction_id}/lifting", json={"reason": reason}, headers=registrar(by)
    )


async def retire(
    register: Register, number: str, retired_on: str, *, headers: dict[str, str] | None = None
) -> httpx.Response:
    """Retire somebody and return the answer, whatever it is."""
    return await register.http.post(
        "/v1/retirements",
        json={"number": number, "retired_on": retired_on},
        headers=headers or registrar(DECIDER),
    )


async def verdict(register: Register, number: str, **axes: str) -> str:
    """Return the verdict on a number, today unless ``valid_at`` and ``known_at`` say otherwise."""
    answer = await register.http.get(f"/v1/licences/{number}", params=axes)
    assert answer.status_code in {200, 308}, answer.text
    found: str = answer.json()["verdict"]
    return found
