"""Entries for tests of CPD, sent as an association sends them."""

from typing import Any

import httpx

from tests.callers import bearer
from tests.cpd.conftest import Cpd
from tests.cpd.people import ANN

ENTRY: dict[str, Any] = {
    "number": ANN,
    "title": "Using labour market information",
    "kind": "formal",
    "started_on": "2026-05-04",
    "done_on": "2026-05-06",
    "hours": 12.5,
    "provider": "Sample University",
    "approaches": ["course", "e_learning"],
    "outcomes": ["I can find and judge local vacancy data."],
    "standards": ["NOS02"],
    "specialisms": ["lmi"],
    "reflection": "My clients now see real openings.",
}


def cpd_system(code: str = "ICG", **more: Any) -> dict[str, str]:
    """Return the headers of an association's system."""
    return bearer("cpd:write", subject=f"{code.lower()}-cpd", association=code, **more)


AUDITOR = bearer("cpd:audit", subject="auditor")
NEIGHBOUR = bearer("internal", subject="register")


def entry(**changes: Any) -> dict[str, Any]:
    """Return the body of an entry that counts, unless told otherwise; None leaves a field out."""
    return {name: value for name, value in (ENTRY | changes).items() if value is not None}


async def put(
    cpd: Cpd, entry_id: str = "E-1", *, association: str = "ICG", headers: Any = None, **changes: Any
) -> httpx.Response:
    """Upsert an entry and return the answer, whatever it is."""
    return await cpd.http.put(
        f"/v1/entries/by-external-id/{association}/{entry_id}",
        json=entry(**changes),
        headers={**cpd_system(association), **(headers or {})},
    )


async def post(cpd: Cpd, path: str, body: Any, headers: dict[str, str] | None = None) -> httpx.Response:
    """Post as the first association, unless another caller is given."""
    return await cpd.http.post(path, json=body, headers=headers or cpd_system())


async def standing(
    cpd: Cpd, number: str = ANN, headers: dict[str, str] | None = None, **params: str
) -> dict[str, Any]:
    """Return where somebody stands."""
    answer = await cpd.http.get(f"/v1/standing/{number}", headers=headers or cpd_system(), params=params)
    assert answer.status_code == 200, answer.text
    read: dict[str, Any] = answer.json()
    return read


async def events(cpd: Cpd) -> list[str]:
    """Return the events that were written, without those of the reference data."""
    rows = await cpd.db.fetch(
        "SELECT event FROM journal WHERE event !~ '^(reference|cpd-policy|audit-policy)' ORDER BY position"
    )
    return [row["event"] for row in rows]
