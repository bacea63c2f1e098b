"""Callers of the kite mark for tests."""

from typing import Any

import httpx

from tests.callers import bearer
from tests.kitemark.conftest import Kitemark

PANEL = bearer("validations:decide", subject="panel-member")
PANEL_TWO = bearer("validations:decide", subject="another-panel-member")
REGISTRAR = bearer("register:decide", subject="registrar")
NEIGHBOUR = bearer("internal", subject="register")


def award_body(code: str = "body-1") -> dict[str, str]:
    """Return the headers of an award body's system."""
    return bearer("awards:write", subject=f"{code}-system", body=code)


async def decided(kitemark: Kitemark, path: str, body: dict[str, Any]) -> httpx.Response:
    """Propose something to the panel and have another member confirm it; the answer is the last one given."""
    made = await kitemark.http.post(path, json=body, headers=PANEL)
    if made.status_code != 201:
        return made
    place = f"/v1/proposals/{made.json()['id']}/confirmation"
    return await kitemark.http.post(place, json={}, headers=PANEL_TWO)


async def events(kitemark: Kitemark) -> list[str]:
    """Return the events that were written, without those of the reference data."""
    rows = await kitemark.db.fetch("SELECT event FROM journal WHERE event !~ '^reference' ORDER BY position")
    return [row["event"] for row in rows]
