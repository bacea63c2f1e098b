"""Merges made and undone through the API, as registrars would."""

from typing import Any

import httpx

from tests.callers import registrar
from tests.register.conftest import Register

MERGER = "registrar-one"
PARTER = "registrar-two"


async def merge(
    register: Register, kept: str, retired: str, *, by: str = MERGER, **more: Any
) -> httpx.Response:
    """Merge two numbers and return the answer, whatever it is."""
    body = {"kept_number": kept, "retired_number": retired, "reason": "One certificate on both files."}
    return await register.http.post("/v1/merges", json=body | more, headers=registrar(by))


async def merged(register: Register, kept: str, retired: str, **more: Any) -> int:
    """Merge two numbers and return the merge."""
    answer = await merge(register, kept, retired, **more)
    assert answer.status_code == 201, answer.text
    merge_id: int = answer.json()["id"]
    return merge_id


async def undo(register: Register, merge_id: int, *, by: str = PARTER, **more: Any) -> httpx.Response:
    """Undo a merge and return the answer, whatever it is."""
    body = {"reason": "They are two: both came in person."} | more
    return await register.http.post(f"/v1/merges/{merge_id}/undoing", json=body, headers=registrar(by))
