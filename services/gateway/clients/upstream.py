"""A neighbouring service as the gateway sees it: asked within the caller's time, left in peace while ill."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

import httpx
from pydantic import TypeAdapter, ValidationError

from services.gateway.clients.caller import Caller
from services.gateway.domain.breaker import REST_SECONDS, Breaker
from shared.clock import Clock, utc_now
from shared.errors import Refusal, Unavailable
from shared.http import TIMEOUT_SECONDS, Neighbour, NeighbourUnavailable

Read = TypeVar("Read")
Headers = Sequence[tuple[bytes, bytes]]
_DOCUMENT = TypeAdapter(dict[str, Any])


class SourceState(StrEnum):
    """How a service does, as far as its last answers tell."""

    ANSWERING = "answering"
    FAILING = "failing"
    RESTING = "resting"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A service, how it does, the instant of its last answer and the seconds since; None without one."""

    name: str
    state: SourceState
    as_of: datetime | None
    age: int | None


class Service:
    """A neighbour with a deadline for every call and a breaker.

    Every call raises the refusal that the service gave, with its code and words, and NeighbourUnavailable
    in its name where it gave no answer, or one that cannot be understood: an unknown is never an answer.
    """

    def __init__(
        self, neighbour: Neighbour, *, clock: Clock = utc_now, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = neighbour.name
        self._neighbour = neighbour
        self._clock = clock
        self._seconds = seconds
        self._breaker = Breaker()
        self._as_of: datetime | None = None

    async def call(self, method: str, path: str, *, caller: Caller, **request: Any) -> httpx.Response:
        """Return the service's answer of 2xx or 3xx, asked in the caller's own name."""
        caller.asked[self.name] = self
        left = self._seconds_left(caller)
        if left <= 0 or not self._breaker.may_call(self._seconds()):
            raise self._unavailable()
        try:
            answer = await self._neighbour.call(
                method,
                path,
                authorization=caller.authorization,
                request_id=caller.request_id,
                seconds=left,
                **request,
            )
        except NeighbourUnavailable:
            # A call that was cut short by the caller's time says nothing of the service.
            if left == TIMEOUT_SECONDS:
                self._breaker.failed(self._seconds())
            raise
        except Refusal as refusal:
            self._answered()
            if isinstance(refusal, Unavailable):
                refusal.values["name"] = (
                    self.name
                )  # whatever is unavailable behind it, it is this one to them
            raise
        self._answered()
        return answer

    def read(self, shape: TypeAdapter[Read], answer: httpx.Response) -> Read:
        """Return an answer in its shape; what does not fit is no answer."""
        try:
            return shape.validate_json(answer.content)
        except ValidationError as fault:
            raise NeighbourUnavailable(name=self.name) from fault

    def as_many(self, answers: tuple[Read, ...], asked: Sequence[object]) -> tuple[Read, ...]:
        """Return the answers, one for each that was asked; another number of them is no answer."""
        if len(answers) != len(asked):
            raise NeighbourUnavailable(name=self.name)
        return answers

    async def description(self, *, caller: Caller) -> dict[str, Any]:
        """Return the service's OpenAPI description of itself."""
        return self.read(_DOCUMENT, await self.call("GET", "/openapi.json", caller=caller))

    async def forward(
        self, method: str, path: str, *, caller: Caller, headers: Headers, query: str, body: bytes
    ) -> httpx.Response:
        """Return the service's answer to a request that was made up in the documentation."""
        target = f"{path}?{query}" if query else path
        return await self.call(method, target, caller=caller, headers=headers, content=body)

    @property
    def source(self) -> Source:
        """How the service does."""
        state = SourceState.NOT_ASKED if self._as_of is None else SourceState.ANSWERING
        if self._breaker.is_failing:
            state = SourceState.FAILING
        if self._breaker.is_resting:
            state = SourceState.RESTING
        age = None if self._as_of is None else int((self._clock() - self._as_of).total_seconds())
        return Source(name=self.name, state=state, as_of=self._as_of, age=age)

    async def close(self) -> None:
        """Close the connections."""
        await self._neighbour.close()

    def _seconds_left(self, caller: Caller) -> float:
        left = TIMEOUT_SECONDS if caller.until is None else caller.until - self._seconds()
        return min(TIMEOUT_SECONDS, left)

    def _answered(self) -> None:
        self._breaker.answered()
        self._as_of = self._clock()

    def _unavailable(self) -> NeighbourUnavailable:
        refusal = NeighbourUnavailable(name=self.name)
        refusal.retry_after = int(REST_SECONDS)
        return refusal
