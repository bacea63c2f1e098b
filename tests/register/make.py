"""Members and holdings for tests, made through the API as their owners would make them."""

from typing import Any

import httpx

from tests.callers import association as association_headers
from tests.callers import registrar
from tests.register.conftest import Register

LISTED = {
    "title": "Level 6 Diploma in Career Guidance and Development",
    "framework": "QCF",
    "level": "6",
    "credits": 60,
    "subject": "career_development",
    "awarding_body": "City & Guilds",
}


def member_body(level: str = "professional", **changes: Any) -> dict[str, Any]:
    """Return the body of an upsert. ``membership`` is merged into the usual one."""
    membership = {"level": level, "valid_from": "2020-01-01"} | changes.pop("membership", {})
    body: dict[str, Any] = {
        "given_names": "Siân",
        "family_name": "Example",
        "date_of_birth": "1980-02-29",
        "membership": membership,
    }
    return body | changes


async def put_member(
    register: Register,
    association: str = "ICG",
    member_id: str = "1",
    *,
    headers: dict[str, str] | None = None,
    **changes: Any,
) -> httpx.Response:
    """Upsert a member and return the answer, whatever it is."""
    return await register.http.put(
        f"/v1/members/by-external-id/{association}/{member_id}",
        json=member_body(**changes),
        headers=headers or association_headers(association),
    )


async def member(
    register: Register,
    association: str = "ICG",
    member_id: str = "1",
    *,
    level: str = "professional",
    **changes: Any,
) -> str:
    """Make a member and return the registration number.

    A name is made from the member id unless one is given, so that nobody looks like anybody else.
    """
    changes.setdefault("family_name", family_name(association, member_id))
    answer = await put_member(register, association, member_id, level=level, **changes)
    assert answer.status_code in {200, 201}, answer.text
    number: str = answer.json()["registration_number"]
    return number


def family_name(association: str, member_id: str) -> str:
    """Return the family name that a made member has unless another is given."""
    return f"Example {_letters(f'{association} {member_id}')}"


async def holding(register: Register, association: str = "ICG", member_id: str = "1", **changes: Any) -> int:
    """Declare a holding that is claimed, of Level 6 and 60 credits unless told otherwise; return its id."""
    body = {"member_id": member_id, **LISTED, "awarded_on": "2015-07-01"} | changes
    answer = await register.http.post(
        "/v1/holdings",
        json={name: value for name, value in body.items() if value is not None},
        headers=association_headers(association),
    )
    assert answer.status_code == 201, answer.text
    holding_id: int = answer.json()["id"]
    return holding_id


async def authenticated_holding(
    register: Register,
    association: str = "ICG",
    member_id: str = "1",
    *,
    by: str = "registrar-one",
    relevant: bool = True,
    **changes: Any,
) -> int:
    """Declare a holding, have a registrar authenticate it, and return its id."""
    holding_id = await holding(register, association, member_id, **changes)
    answer = await register.http.post(
        f"/v1/holdings/{holding_id}/authentications",
        json={
            "method": "original_certificate",
            "evidence_reference": "scan 17",
            "reason": "The certificate was seen.",
            "relevant": relevant,
        },
        headers=registrar(by),
    )
    assert answer.status_code == 201, answer.text
    return holding_id


async def code_acceptance(
    register: Register,
    association: str = "ICG",
    member_id: str = "1",
    *,
    code_version: str = "cdi-2019-01-01",
    accepted_on: str = "2020-01-01",
) -> None:
    """Have a member accept a version of the code."""
    answer = await register.http.post(
        "/v1/code-acceptances",
        json={"member_id": member_id, "code_version": code_version, "accepted_on": accepted_on},
        headers=association_headers(association),
    )
    assert answer.status_code in {200, 201}, answer.text


async def journal(register: Register) -> list[tuple[str, str]]:
    """Return event and subject of every line, without those of loading the reference data."""
    rows = await register.db.fetch(
        "SELECT event, subject FROM journal WHERE actor <> 'system:reference' ORDER BY position"
    )
    return [(row["event"], row["subject"]) for row in rows]


async def events(register: Register) -> list[str]:
    """Return the event of every line, without those of loading the reference data."""
    return [name for name, _ in await journal(register)]


async def facts(register: Register, name: str) -> list[dict[str, Any]]:
    """Return the facts of every line of an event."""
    rows = await register.db.fetch(
        "SELECT facts::text AS facts FROM journal WHERE event = $1 ORDER BY position", name
    )
    return [httpx.Response(200, content=row["facts"]).json() for row in rows]


def _letters(text: str) -> str:
    """Return a text in letters only, different for different texts of letters, digits and spaces."""
    return "".join(chr(ord("a") + int(each)) * 2 if each.isdigit() else each for each in text).title()
