"""I7 through the front door: after a decision is answered, neither graph nor page nor REST says otherwise."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.contracts.test_one_verdict import HEADINGS
from tests.gateway.front import client_of, make_app
from tests.register.conftest import Register
from tests.register.invariants.test_seen_at_once import Ask, channels, contradictions, watched
from tests.register.make_licences import impose, licensed, lift

SINGLE = "query ($number: String!) { licence(number: $number) { verdict } }"
MANY = "query ($numbers: [String!]!) { practitioners(numbers: $numbers) { licence { verdict } } }"


@pytest.fixture
async def gateway(register: Register) -> AsyncIterator[httpx.AsyncClient]:
    """The front of the gateway over the register of this test."""
    transport = httpx.ASGITransport(app=register.app, raise_app_exceptions=False)
    async with client_of(make_app(transport)) as http:
        yield http


def doors(gateway: httpx.AsyncClient, number: str) -> dict[str, Ask]:
    """Return every way of asking the gateway about one number."""

    async def graph() -> str:
        asked = {"query": SINGLE, "variables": {"number": number}}
        told = await gateway.post("/graphql", json=asked)
        return _verdict(told.text) or await graph()

    async def graph_many() -> str:
        asked = {"query": MANY, "variables": {"numbers": [number]}}
        told = await gateway.post("/graphql", json=asked)
        return _verdict(told.text) or await graph_many()

    async def page() -> str:
        told = await gateway.get("/check", params={"number": number}, headers={"Accept": "text/html"})
        if told.status_code == 503:
            return await page()
        return next(word for word, heading in HEADINGS.items() if f">{heading}</h1>" in told.text)

    return {"graph": graph, "graph, many": graph_many, "page": page}


def _verdict(told: str) -> str:
    """Return the verdict in an answer of the graph; a busy register's unknown is none, and is asked again."""
    said = re.search(r'"verdict": ?"([a-z_]+)"', told)
    return said.group(1) if said else ""


async def test_no_way_of_asking_lags_behind_a_decision(
    register: Register, gateway: httpx.AsyncClient
) -> None:
    number = await licensed(register)
    ways = channels(register, number) | doors(gateway, number)
    sanctions: list[int] = []

    async def suspend() -> None:
        sanctions.append((await impose(register, number)).json()["id"])

    async def allow() -> None:
        assert (await lift(register, sanctions.pop())).is_success

    for decision, before, after in ((suspend, "licensed", "suspended"), (allow, "suspended", "licensed")):
        reads, answered_at = await watched(ways, decision)
        assert {read.verdict for read in reads} == {before, after}
        assert {read.channel for read in reads if read.asked_at > answered_at} == set(ways)
        assert contradictions(reads, answered_at=answered_at, allowed=after) == []
