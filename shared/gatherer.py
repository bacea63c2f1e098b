"""Look-ups that meet share one query.

All who ask in one turn of the event loop, or while an earlier query is still under way, are answered by one
call. A query is sent only after everybody whom it serves has asked, so nobody is ever given something
older than their question.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Generic, TypeVar

Key = TypeVar("Key")
Result = TypeVar("Result")

AT_ONCE = 4
MOST_KEYS = 500
PATIENCE_SECONDS = 0.005


class Gatherer(Generic[Key, Result]):
    """Collects keys, and gives everybody who asked the result of the call that their key was part of.

    ``fetch`` gets at most ``most`` keys, each once. While a call is under way those who ask wait for its end,
    since one call for many costs far less than many calls; but where ``most`` are waiting, or the call takes
    longer than ``patience`` seconds, another is made beside it, until ``at_once`` are under way.
    """

    def __init__(
        self,
        fetch: Callable[[Sequence[Key]], Awaitable[Result]],
        *,
        at_once: int = AT_ONCE,
        most: int = MOST_KEYS,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._fetch = fetch
        self._at_once = at_once
        self._most = most
        self._patience = patience
        self._waiting: deque[tuple[Key, asyncio.Future[Result]]] = deque()
        self._calls: set[asyncio.Task[None]] = set()
        self._under_way = 0
        self._due = False
        self._losing_patience: asyncio.TimerHandle | None = None

    async def ask(self, key: Key) -> Result:
        """Return the result of a call that ``key`` was part of, or raise what that call raised."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Result] = loop.create_future()
        self._waiting.append((key, answer))
        if not self._due:
            # Runs after everything that is ready in this turn has had its chance to ask.
            self._due = True
            loop.call_soon(self._send)
        return await answer

    def _send(self) -> None:
        self._due = False
        while self._waiting and (
            not self._under_way or (self._under_way < self._at_once and len(self._waiting) >= self._most)
        ):
            self._send_one()
        if self._waiting and self._under_way < self._at_once and self._losing_patience is None:
            loop = asyncio.get_running_loop()
            self._losing_patience = loop.call_later(self._patience, self._send_beside)

    def _send_beside(self) -> None:
        """Make one more call, since that which those who wait are waiting for has not ended."""
        self._losing_patience = None
        if self._waiting:
            self._send_one()
            self._send()

    def _send_one(self) -> None:
        taken = [self._waiting.popleft() for _ in range(min(len(self._waiting), self._most))]
        # Whoever has gone away meanwhile needs no answer.
        asked = [(key, answer) for key, answer in taken if not answer.done()]
        if asked:
            self._under_way += 1
            call = asyncio.get_running_loop().create_task(self._call(asked))
            self._calls.add(call)
            call.add_done_callback(self._calls.discard)

    def _ended(self) -> None:
        self._under_way -= 1
        if self._losing_patience is not None:
            self._losing_patience.cancel()
            self._losing_patience = None
        if self._waiting and not self._due:
            self._send()

    async def _call(self, asked: Sequence[tuple[Key, "asyncio.Future[Result]"]]) -> None:
        try:
            try:
                result = await self._fetch(list(dict.fromkeys(key for key, _ in asked)))
            finally:
                # The next call is on its way before these answers are worked on, so both go on at once.
                self._ended()
        except asyncio.CancelledError:
            for _, answer in asked:
                answer.cancel()
            raise
        except Exception as fault:
            for answer in _still_waiting(asked):
                answer.set_exception(fault)
        else:
            for answer in _still_waiting(asked):
                answer.set_result(result)


def _still_waiting(
    asked: Sequence[tuple[Key, "asyncio.Future[Result]"]],
) -> Iterator["asyncio.Future[Result]"]:
    return (answer for _, answer in asked if not answer.done())
