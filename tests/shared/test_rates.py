"""So many requests a minute, for each client and each address; nobody uses up what is another's."""

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from shared.actor import Actor
from shared.clock import utc_now
from shared.errors import Refusal
from shared.http import json_fetcher
from shared.problems import problem_response
from shared.rates import MOST_COUNTED, RateExceeded, RateLimits, Rates, RateSettings
from shared.tokens import TokenVerifier
from tests.callers import TRUSTED, bearer, issuer_transport

OUTSIDE = {"client": ("192.0.2.7", 1)}
CLIENT = Actor(subject="a", client_id="a")


class Seconds:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def rates(seconds: Seconds, **changes: object) -> Rates:
    settings = {"requests_per_minute_client": 6, "requests_per_minute_anyone": 3} | changes
    return Rates(RateSettings.model_validate(settings), seconds=seconds)


def test_a_minutes_requests_may_come_at_once_and_then_as_many_as_the_rate_gives_back() -> None:
    seconds = Seconds()
    counted = rates(seconds)
    left = [counted.take(OUTSIDE, None) for _ in range(3)]
    assert [(each.left, each.seconds) for each in left if each] == [(2, 20), (1, 40), (0, 60)]
    with pytest.raises(RateExceeded) as refused:
        counted.take(OUTSIDE, None)
    assert refused.value.retry_after == 20
    seconds.now += 19.9
    with pytest.raises(RateExceeded):
        counted.take(OUTSIDE, None)
    seconds.now += 0.1
    assert counted.take(OUTSIDE, None)
    seconds.now += 600
    assert [taken.left for taken in (counted.take(OUTSIDE, None) for _ in range(3)) if taken] == [2, 1, 0]


def test_clients_and_addresses_are_counted_apart_and_this_machine_not_at_all() -> None:
    counted = rates(Seconds())
    for _ in range(3):
        assert counted.take(OUTSIDE, None)
    for _ in range(6):
        assert counted.take(OUTSIDE, CLIENT)
    for actor in (None, CLIENT):
        with pytest.raises(RateExceeded):
            counted.take(OUTSIDE, actor)
    assert counted.take({"client": ("192.0.2.8", 1)}, None)
    assert counted.take(OUTSIDE, Actor(subject="b", client_id="b"))
    neighbour = Actor(subject="cpd", client_id="cpd", scopes=frozenset({"internal"}))
    for scope, actor in (
        (OUTSIDE, neighbour), ({"client": ("127.0.0.1", 1)}, None), ({"client": ("::1", 1)}, None),
        ({"client": ("::ffff:127.0.0.1", 1)}, None), ({"client": None}, None),
    ):  # fmt: skip
        assert counted.take(scope, actor) is None
    assert rates(Seconds(), requests_per_minute_anyone=0).take(OUTSIDE, None) is None


def test_a_network_of_the_sixth_version_is_one_caller_and_memory_has_an_end() -> None:
    counted = rates(Seconds())
    for place in range(3):
        assert counted.take({"client": (f"2001:db8::{place}", 1)}, None)
    with pytest.raises(RateExceeded):
        counted.take({"client": ("2001:db8::ffff", 1)}, None)
    for place in range(MOST_COUNTED + 10):
        counted.take(OUTSIDE, Actor(subject="x", client_id=str(place)))
    assert len(counted._full_at) == MOST_COUNTED


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"a", b"b")]})
    await send({"type": "http.response.body", "body": b"hello"})


async def test_who_sends_a_bad_token_is_counted_by_address_and_the_document_says_how_long_to_wait() -> None:
    fetch, close = json_fetcher(issuer_transport())

    def refused(refusal: Refusal, request_id: str) -> object:
        return problem_response(refusal, errors_url="https://errors.test", request_id=request_id)

    app = RateLimits(
        hello, rates=rates(Seconds()), tokens=TokenVerifier([TRUSTED], fetch=fetch), clock=utc_now,
        refused=refused,  # type: ignore[arg-type]
    )  # fmt: skip
    transport = httpx.ASGITransport(app=app, client=("192.0.2.7", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as http:
        bad = {"Authorization": "Bearer a.b.c"}
        answers = [await http.get("/x", headers=bad) for _ in range(3)]
        assert [each.headers["ratelimit"] for each in answers] == [
            '"minute";r=2;t=20', '"minute";r=1;t=40', '"minute";r=0;t=60',
        ]  # fmt: skip
        over = await http.get("/x")
        assert (over.status_code, over.headers["retry-after"]) == (429, "20")
        assert over.json()["code"] == "rate-exceeded"
        good = await http.get("/x", headers=bearer("members:write", subject="one"))
        assert (good.status_code, good.headers["ratelimit-policy"]) == (200, '"minute";q=6;w=60')
        assert "ratelimit" not in (await http.get("/livez")).headers
    await close()
