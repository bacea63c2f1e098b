"""Moderations and concerns for tests: a register that answers one verdict, a moderation that is drawn."""

from datetime import UTC, datetime
from typing import Any

import httpx

from services.kitemark.clients.register import register_client
from shared.own_client import OwnClient
from tests.callers import bearer
from tests.kitemark.awards.test_awards import CSW, put
from tests.kitemark.conftest import Kitemark
from tests.kitemark.make import PANEL, PANEL_TWO

SEED = "a seed of the beacon, round 4711"
NUMBER = "CR1234567X"
FUTURES = bearer("validations:decide", subject="assessor-of-futures", body="FUTURES")
FUTURES_SYSTEM = bearer("awards:write", subject="FUTURES-system", body="FUTURES")
CSW_PANEL = bearer("validations:decide", subject="panel-of-csw", body="csw")
ANNOUNCED = {
    "body": "CSW",
    "moderator": "FUTURES",
    "seed_source": {"kind": "beacon", "where": "Round 4711", "expected_at": "2026-11-21T12:00:00Z"},
}
AT_NOON = datetime(2026, 11, 21, 12, 5, tzinfo=UTC)
FINDING = {"finding": "agree", "reasons": "The evidence shows it.", "number": NUMBER}


def let_register_say(kitemark: Kitemark, verdict: str) -> None:
    """Let a register answer this verdict for whatever number it is asked."""
    row = {"number": NUMBER, "verdict": verdict, "may_give_personal_guidance": verdict == "licensed"}
    token = httpx.Response(200, json={"access_token": "a-token", "expires_in": 600})
    kitemark.app.state.register = register_client(
        register_url="http://register.test",
        token_url="http://gateway.test/oauth/token",
        credentials=lambda: OwnClient("kitemark", "a secret"),
        transports={
            "gateway": httpx.MockTransport(lambda _: token),
            "register": httpx.MockTransport(lambda _: httpx.Response(200, json={"items": [row]})),
        },
    )


async def given(kitemark: Kitemark, many: int, **changes: str) -> None:
    """Have CSW give so many awards in the last year."""
    for place in range(many):
        path = f"/v1/awards/by-external-id/CSW/M-{place}"
        answer = await put(
            kitemark,
            path,
            school=str(100001 + place),
            valid_from="2026-03-01",
            valid_to="2029-02-28",
            **changes,
        )
        assert answer.status_code == 201, answer.text


async def sent(
    kitemark: Kitemark, path: str, body: dict[str, Any] | None = None, headers: dict[str, str] = PANEL
) -> httpx.Response:
    """Send something to the panel's routes."""
    return await kitemark.http.post(path, json=body or {}, headers=headers)


async def drawn(kitemark: Kitemark, many: int = 4, **changes: str) -> str:
    """Have a moderation of so many awards drawn, and return its path; the clock stands after the seed."""
    await given(kitemark, many, **changes)
    made = await sent(kitemark, "/v1/moderations", ANNOUNCED)
    assert made.status_code == 201, made.text
    place = made.headers["location"]
    kitemark.clock.now = AT_NOON
    seeded = await sent(kitemark, f"{place}/seed", {"seed": SEED, "born_at": "2026-11-21T12:00:00Z"})
    assert seeded.status_code == 201, seeded.text
    done = await sent(kitemark, f"{place}/draw", headers=PANEL_TWO)
    assert done.status_code == 201, done.text
    return place


async def cases(kitemark: Kitemark, headers: dict[str, str] = PANEL) -> list[dict[str, Any]]:
    """Return the cases that a caller sees."""
    answer = await kitemark.http.get("/v1/moderation-cases", headers=headers)
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


__all__ = ["CSW", "CSW_PANEL", "FUTURES", "FUTURES_SYSTEM"]
