"""Told to stop, a server answers those who wait and ends at once, with nothing to complain of."""

import asyncio
import logging
import os
import signal
import socket
import time

import httpx
import pytest
import uvicorn

from tests.callers import bearer


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_who_waits_for_a_line_is_answered_when_the_service_is_told_to_stop(
    http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture, number: signal.Signals
) -> None:
    taken = socket.create_server(("127.0.0.1", 0))
    app = http.app  # type: ignore[attr-defined]
    server = uvicorn.Server(
        uvicorn.Config(app, http="httptools", log_config=None, timeout_graceful_shutdown=3)
    )
    # The server gives a signal on, once it has ended, to whoever handled it before.
    given_on: list[int] = []
    before = signal.signal(number, lambda each, _: given_on.append(each))
    try:
        serving = asyncio.create_task(server.serve([taken]))
        while not server.started:  # noqa: ASYNC110 - a server says it in no other way
            await asyncio.sleep(0.01)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{taken.getsockname()[1]}") as client:
            asked = client.get("/v1/journal", params={"wait": 20}, headers=bearer("internal"), timeout=30)
            waiting = asyncio.create_task(asked)
            await asyncio.sleep(0.3)
            assert not waiting.done()
            told = time.monotonic()
            os.kill(os.getpid(), number)
            answer = await waiting
            await serving
    finally:
        signal.signal(number, before)
    assert (answer.status_code, answer.json()) == (200, {"items": [], "next": 0})
    assert time.monotonic() - told < 2
    assert given_on == [number]
    assert [each.message for each in caplog.records if each.levelno >= logging.WARNING] == []
