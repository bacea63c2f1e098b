"""Look-ups that meet share one query.

All who ask in one turn of the event loop, or while earlier queries are still under way, are answered by one
call. A query is sent only after everybody whom it serves has asked, so nobody is ever given something
older than their question.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Generic, TypeVar

Key = TypeVar("Key")
Result = TypeVar("Result")

AT_ONCE = 2
MOST_KEYS = 500


class Gatherer(Generic[Key, Result]):
    """Collects keys, and gives everybody who asked the result of the call that their key was part of.

    ``fetch`` gets at most ``most`` keys, each once; at most ``at_once`` calls run at a time.
    """

    def __init__(
        self,
        fetch: Callable[[Sequence[Key]], Awaitable[Result]],
        *,
        at_once: int = AT_ONCE,
        most: int = MOST_KEYS,
    ) -> None:
        self._fetch = fetch
        self._at_once = at_once
        self._most = most
        self._waiting: deque[tuple[Key, asyncio.Future[Result]]] = deque()
        self._calls: set[asyncio.Task[None]] = set()
        self._due = False

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
        while self._waiting and len(self._calls) < self._at_once:
            taken = [self._waiting.popleft() for _ in range(min(len(self._waiting), self._most))]
            # Whoever has gone away meanwhile needs no answer.
            asked = [(key, answer) for key, answer in taken if not answer.done()]
            if asked:
                call = asyncio.get_running_loop().create_task(self._call(asked))
                self._calls.add(call)
                call.add_done_callback(self._called)

    def _called(self, call: asyncio.Task[None]) -> None:
        self._calls.discard(call)
        if self._waiting and not self._due:
            self._send()

    async def _call(self, asked: Sequence[tuple[Key, "asyncio.Future[Result]"]]) -> None:
        try:
            result = await self._fetch(list(dict.fromkeys(key for key, _ in asked)))
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
