"""Organisations and posts for tests, told through the API as their owners would."""

from typing import Any

import httpx

from tests.callers import association as association_headers
from tests.callers import bearer, registrar
from tests.register.conftest import Register

URN = "999901"


def school(urn: str = URN) -> dict[str, str]:
    """Return the headers of a school's system."""
    return bearer("checks:write", subject=f"school-{urn}", urn=urn)


async def organisation(register: Register, ukprn: str = "99990001", **changes: Any) -> int:
    """Record an organisation and return its id."""
    body = {"name": "Invented Guidance Ltd", "sector": "private", "kind": "all_age_service_contractor"}
    answer = await register.http.put(
        f"/v1/organisations/by-ukprn/{ukprn}", json=body | changes, headers=registrar()
    )
    assert answer.status_code in {200, 201}, answer.text
    organisation_id: int = answer.json()["id"]
    return organisation_id


async def tell(
    register: Register, number: str, employer: int, *, headers: dict[str, str] | None = None, **changes: Any
) -> httpx.Response:
    """Tell of a post and return the answer, whatever it is."""
    body = {
        "number": number,
        "employer": employer,
        "school": {"value": URN},
        "role": "careers_adviser",
        "basis": "commissioned",
        "valid_from": "2026-01-01",
    }
    return await register.http.post(
        "/v1/posts", json=body | changes, headers=headers or association_headers()
    )


async def step(
    register: Register, post_id: int, name: str, headers: dict[str, str], **body: Any
) -> httpx.Response:
    """Attest, dispute, end or withhold a post and return the answer, whatever it is."""
    return await register.http.post(f"/v1/posts/{post_id}/{name}", json=body, headers=headers)


async def attested(register: Register, number: str, employer: int, **changes: Any) -> int:
    """Tell of a post that both sides attest, and return its id."""
    told = await tell(register, number, employer, **changes)
    assert told.status_code == 201, told.text
    post_id: int = told.json()["id"]
    evidence = "The contract was seen."
    answer = await step(register, post_id, "attestations", registrar(), evidence=evidence)
    assert answer.status_code == 201, answer.text
    return post_id
