"""The register as the kite mark asks it: what is said to the kite mark itself is not said to its caller."""

from datetime import UTC, date, datetime

import httpx
import pytest

from services.kitemark.clients.register import register_client
from shared.errors import Unprocessable
from shared.http import NeighbourUnavailable
from shared.own_client import OwnClient

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
TOKEN = httpx.Response(200, json={"access_token": "a-token", "expires_in": 600})


def problem(status: int, code: str) -> httpx.Response:
    """Return a refusal as our services give it."""
    return httpx.Response(status, json={"code": code, "detail": "No."})


async def asked(*, gateway: httpx.Response, register: httpx.Response, times: int = 1) -> int:
    """Ask for a licence so often, each time refused; return how many tokens that took. Raises the last."""
    tokens = 0

    def token(_: httpx.Request) -> httpx.Response:
        nonlocal tokens
        tokens += 1
        return gateway

    client = register_client(
        register_url="http://register.test",
        token_url="http://gateway.test/oauth/token",
        credentials=lambda: OwnClient("kitemark", "a secret"),
        transports={
            "gateway": httpx.MockTransport(token),
            "register": httpx.MockTransport(lambda _: register),
        },
    )
    try:
        for _ in range(times):
            with pytest.raises(NeighbourUnavailable) as refused:
                await client.licences(["CD-1"], day=NOW.date(), now=NOW)
            assert (refused.value.status, refused.value.code) == (503, "neighbour-unavailable")
            assert refused.value.retry_after
    finally:
        await client.close()
    return tokens


@pytest.mark.parametrize(("status", "code"), [(401, "unauthenticated"), (403, "forbidden")])
async def test_a_register_that_refuses_the_kite_mark_itself_has_said_nothing(status: int, code: str) -> None:
    assert await asked(gateway=TOKEN, register=problem(status, code), times=2) == 2, "a new token each time"


@pytest.mark.parametrize(("status", "code"), [(401, "unauthenticated"), (403, "forbidden")])
async def test_a_gateway_that_refuses_the_kite_mark_itself_leaves_the_licence_unknown(
    status: int, code: str
) -> None:
    assert await asked(gateway=problem(status, code), register=TOKEN) == 1


async def test_what_is_wrong_with_the_question_is_still_said() -> None:
    client = register_client(
        register_url="http://register.test",
        token_url="http://gateway.test/oauth/token",
        credentials=lambda: OwnClient("kitemark", "a secret"),
        transports={
            "gateway": httpx.MockTransport(lambda _: TOKEN),
            "register": httpx.MockTransport(lambda _: problem(422, "invalid-request")),
        },
    )
    with pytest.raises(Unprocessable):
        await client.licences(["CD-1"], day=date(2026, 11, 21), now=NOW)
    await client.close()
