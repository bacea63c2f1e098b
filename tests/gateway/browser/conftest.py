"""A browser, and the pages of the gateway on a port of their own."""

import asyncio
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
import uvicorn
from playwright.async_api import Browser, async_playwright

from tests.gateway.browser.states import register
from tests.gateway.front import make_app
from tests.gateway.neighbours import FakeCpd

_QUIET = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """One browser for all tests; each makes a context of its own."""
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=chromium, args=_QUIET)
        yield running
        await running.close()


@pytest.fixture(scope="session")
async def site() -> AsyncIterator[str]:
    """The address of the gateway, over a register with somebody in each state."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        app = make_app(register(), cpd=httpx.MockTransport(FakeCpd()))
        config = uvicorn.Config(app, log_level="error", lifespan="off")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[bound]))
        bound.listen()  # whoever comes before the server does waits in the queue
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        server.should_exit = True
        await serving
