"""Told to stop: an answer that waits for something learns it from the signal itself.

A server lets every answer that is under way come to its end before it lets the application know that it
stops, so an answer that waits would keep it until it is cancelled, with an error in the log.
"""

import signal
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import FrameType
from typing import Any

from fastapi import FastAPI

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Stopping:
    """Whether this process has been told to stop."""

    def __init__(self) -> None:
        self.told = False

    @contextmanager
    def noticed(self) -> Iterator[None]:
        """Notice the signals on which the server stops, and leave them to it as they were."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {each: signal.getsignal(each) for each in SIGNALS}

        def notice(number: int, frame: FrameType | None) -> None:
            self.told = True
            handle = before[signal.Signals(number)]
            if callable(handle):
                handle(number, frame)

        # A signal that no Python function handles does what it always does, such as end the process.
        handled = [each for each, handle in before.items() if callable(handle)]
        for each in handled:
            signal.signal(each, notice)
        try:
            yield
        finally:
            for each in handled:
                signal.signal(each, before[each])


def install(app: FastAPI) -> None:
    """Have an app know from its start to its end whether it was told to stop: ``app.state.stopping``."""
    stopping = app.state.stopping = Stopping()
    lifespan = app.router.lifespan_context

    @asynccontextmanager
    async def noticing(running: FastAPI) -> AsyncIterator[Any]:
        with stopping.noticed():
            async with lifespan(running) as state:
                yield state

    app.router.lifespan_context = noticing
