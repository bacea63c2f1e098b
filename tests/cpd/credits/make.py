"""Modules, programmes and credit for tests, sent as an association sends them."""

from typing import Any

import httpx

from tests.cpd import make
from tests.cpd.conftest import Cpd
from tests.cpd.make import cpd_system
from tests.cpd.people import ANN

MODULE: dict[str, Any] = {
    "version": "2026",
    "effective_from": "2026-01-01",
    "title": "Leading careers work",
    "awarding_body": "Sample University",
    "framework": "RQF",
    "level": "6",
    "credits": 15,
    "free_standing": True,
}
AWARD: dict[str, Any] = {
    "title": "Certificate",
    "framework": "RQF",
    "level": "6",
    "core": ["ICG/M-1"],
    "groups": [{"name": "Settings", "modules": ["ICG/M-2", "ACEG/M-3"], "minimum_modules": 1}],
    "minimum_credits": 30,
}
PROGRAMME: dict[str, Any] = {
    "version": "2026",
    "effective_from": "2026-01-01",
    "title": "Careers leadership",
    "awarding_body": "Sample University",
    "awards": [AWARD],
}
CREDIT: dict[str, Any] = {
    "number": ANN,
    "module": "ICG/M-1",
    "module_version": "2026",
    "awarded_on": "2026-03-31",
    "reference": "transcript 17",
}


async def put(
    cpd: Cpd, kind: str, own_id: str, body: Any, *, association: str = "ICG", headers: Any = None
) -> httpx.Response:
    """Upsert one of the kind and return the answer, whatever it is."""
    return await cpd.http.put(
        f"/v1/{kind}/by-external-id/{association}/{own_id}",
        json=body,
        headers={**cpd_system(association), **(headers or {})},
    )


async def module(
    cpd: Cpd, own_id: str = "M-1", *, association: str = "ICG", **changes: Any
) -> httpx.Response:
    """Upsert a module."""
    return await put(cpd, "modules", own_id, MODULE | changes, association=association)


async def programme(cpd: Cpd, own_id: str = "P-1", **changes: Any) -> httpx.Response:
    """Upsert a programme."""
    return await put(cpd, "programmes", own_id, PROGRAMME | changes)


async def three_modules(cpd: Cpd) -> None:
    """Tell of the modules of which the programme is made."""
    for association, own_id in (("ICG", "M-1"), ("ICG", "M-2"), ("ACEG", "M-3")):
        assert (await module(cpd, own_id, association=association)).status_code == 201


async def credit(cpd: Cpd, own_id: str = "C-1", **changes: Any) -> httpx.Response:
    """Upsert credit."""
    return await put(cpd, "credits", own_id, CREDIT | changes)


async def bank(cpd: Cpd, number: str = ANN, headers: Any = None, **params: str) -> list[dict[str, Any]]:
    """Return the credit of a person."""
    answer = await cpd.http.get(
        f"/v1/people/{number}/credits", headers=headers or cpd_system(), params=params
    )
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


events = make.events
