"""A neighbour that does not answer is left in peace, and tried again by one caller at a time."""

import asyncio
import time

import httpx
import pytest

from services.gateway.clients.caller import Caller
from services.gateway.clients.upstream import Service, SourceState
from services.gateway.domain.breaker import FAILURES, REST_SECONDS, Breaker
from shared.errors import NotFound, Unavailable
from shared.http import Neighbour, NeighbourUnavailable


def opened(now: float = 100.0) -> Breaker:
    breaker = Breaker()
    for _ in range(FAILURES):
        assert breaker.may_call(now)
        breaker.failed(now)
    return breaker


def test_it_opens_after_so_many_failures_in_a_row_and_an_answer_between_them_starts_anew() -> None:
    breaker = Breaker()
    for _ in range(FAILURES - 1):
        breaker.failed(100)
    breaker.answered()
    breaker.failed(100)
    assert breaker.may_call(100)
    assert not opened(100).may_call(100 + REST_SECONDS - 0.001)


def test_after_the_rest_one_call_is_the_trial_and_the_others_wait_for_it() -> None:
    breaker = opened(100)
    later = 100 + REST_SECONDS
    assert [breaker.may_call(later), breaker.may_call(later)] == [True, False]
    breaker.failed(later)
    assert not breaker.may_call(later + 1)
    assert breaker.may_call(later + REST_SECONDS)
    breaker.answered()
    assert breaker.may_call(later + REST_SECONDS)


class Upstream:
    """A service that answers as it is told, and counts how often it was asked."""

    def __init__(self, status: int | None = None) -> None:
        self.status = status
        self.asked = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer, or lose the connection."""
        self.asked += 1
        if self.status is None:
            raise httpx.ConnectError("refused", request=request)
        return httpx.Response(self.status, json={"code": "said", "detail": "As it was said."})


def service(upstream: Upstream, now: list[float]) -> Service:
    neighbour = Neighbour("register", "http://register.test", transport=httpx.MockTransport(upstream))
    return Service(neighbour, seconds=lambda: now[0])


async def test_a_dead_service_is_asked_no_more_until_it_has_rested() -> None:
    upstream, now, caller = Upstream(), [100.0], Caller()
    dead = service(upstream, now)
    for _ in range(FAILURES + 3):
        with pytest.raises(NeighbourUnavailable):
            await dead.call("GET", "/v1/things", caller=caller)
    assert upstream.asked == FAILURES
    assert dead.source.state is SourceState.RESTING
    assert caller.asked == {"register": dead}
    now[0] += REST_SECONDS
    upstream.status = 200
    assert (await dead.call("GET", "/v1/things", caller=caller)).status_code == 200
    assert dead.source.state is SourceState.ANSWERING


@pytest.mark.parametrize(("status", "refusal"), [(404, NotFound), (503, Unavailable)])
async def test_a_refusal_is_an_answer_and_does_not_open_it(status: int, refusal: type[Exception]) -> None:
    upstream = Upstream(status)
    refusing = service(upstream, [100.0])
    for _ in range(FAILURES + 3):
        with pytest.raises(refusal):
            await refusing.call("GET", "/v1/things", caller=Caller())
    assert upstream.asked == FAILURES + 3


async def test_who_has_no_time_left_asks_nobody_and_that_says_nothing_of_the_service() -> None:
    upstream = Upstream(200)
    well = service(upstream, [100.0])
    for _ in range(FAILURES + 1):
        with pytest.raises(NeighbourUnavailable):
            await well.call("GET", "/v1/things", caller=Caller(until=99.0))
    assert upstream.asked == 0
    assert (await well.call("GET", "/v1/things", caller=Caller())).status_code == 200


async def test_a_slow_service_has_no_longer_than_the_callers_time() -> None:
    async def slow(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(5)
        return httpx.Response(200)

    sleepy = Service(Neighbour("cpd", "http://cpd.test", transport=httpx.MockTransport(slow)))
    begun = time.monotonic()
    with pytest.raises(NeighbourUnavailable):
        await sleepy.call("GET", "/v1/things", caller=Caller(until=time.monotonic() + 0.05))
    assert time.monotonic() - begun < 1
    assert sleepy.source.state is SourceState.NOT_ASKED
