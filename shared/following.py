"""Following a neighbour's journal: its lines asked for in one's own name, for as long as one runs.

How far a neighbour was followed, and that each line is applied once, is the matter of ``shared.journal``.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Any

import httpx
import structlog
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from shared.errors import Unauthenticated
from shared.http import Neighbour, NeighbourUnavailable
from shared.journal import Line
from shared.own_client import Credentials, GatewayClient

log = structlog.get_logger("following")

MOST_LINES = 500
SPARE_SECONDS = 5.0
WAIT_SECONDS = 20.0
RETRY_SECONDS = 1.0

Transports = Mapping[str, httpx.AsyncBaseTransport]
Then = Callable[[], Awaitable[None]]
FollowOnce = Callable[[float], Awaitable[int]]
"""Applies the next lines, waiting so many seconds for the first one, and says how many that were."""


class LineAnswer(BaseModel):
    """A line of a neighbour's journal."""

    model_config = ConfigDict(extra="ignore", strict=True)

    position: int
    at: Annotated[AwareDatetime, Field(strict=False)]
    actor: str
    event: str
    subject: str
    facts: dict[str, Any]
    previous: str

    def line(self) -> Line:
        """Return the line as it is applied."""
        return Line(**self.model_dump() | {"previous": bytes.fromhex(self.previous)})


class LinesAnswer(BaseModel):
    """Lines in order."""

    items: list[LineAnswer]


_LINES = TypeAdapter(LinesAnswer)


class NeighbourJournal:
    """The journal of a neighbour, asked in the name of the service itself."""

    def __init__(self, neighbour: Neighbour, gateway: GatewayClient, *, name: str) -> None:
        self._neighbour = neighbour
        self._gateway = gateway
        self._name = name

    async def lines_after(self, position: int, *, wait: float, now: datetime) -> Sequence[Line]:
        """Return the lines that follow a position, waiting up to ``wait`` seconds for the first one.

        Raises NeighbourUnavailable where there is no answer, or none that can be understood.
        """
        authorization = await self._gateway.authorization(now=now)
        try:
            answer = await self._neighbour.call(
                "GET",
                "/v1/journal",
                authorization=authorization,
                params={"after": position, "limit": MOST_LINES, "wait": wait},
                seconds=wait + SPARE_SECONDS,
            )
        except Unauthenticated:
            self._gateway.forget()
            raise
        try:
            return [each.line() for each in _LINES.validate_json(answer.content).items]
        except (ValidationError, ValueError) as fault:
            raise NeighbourUnavailable(name=self._name) from fault

    async def close(self) -> None:
        """Close the connections."""
        await self._neighbour.close()
        await self._gateway.close()


def neighbour_journal(
    name: str, *, url: str, token_url: str, credentials: Credentials, transports: Transports
) -> NeighbourJournal:
    """Return the journal of a neighbour.

    ``transports`` stand in for the network in tests: one of the neighbour's name, and ``gateway``.
    """
    gateway = Neighbour("gateway", "", transport=transports.get("gateway"))
    neighbour = Neighbour(name, url, transport=transports.get(name))
    return NeighbourJournal(neighbour, GatewayClient(gateway, token_url, credentials), name=name)


@asynccontextmanager
async def following(once: FollowOnce, *, caught_up: Then) -> AsyncIterator[None]:
    """Follow beside whatever the block does, until it ends."""
    task = asyncio.create_task(follow_on(once, caught_up=caught_up))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def follow_on(once: FollowOnce, *, caught_up: Then, wait: float = WAIT_SECONDS) -> None:
    """Follow until cancelled, and with nothing new do ``caught_up``.

    A fault is tried again, and logged once if it stays.
    """
    seconds, met, said = 0.0, "", ""
    while True:
        try:
            applied = await once(seconds)
            if not applied and not seconds:
                await caught_up()
            seconds, met, said = 0.0 if applied else wait, "", ""
        except Exception as fault:
            name = type(fault).__name__
            if met and name != said:  # not while a neighbour starts, nor every second while it is away
                said = name
                log.warning("following interrupted", fault=said)
            met = name
            await asyncio.sleep(RETRY_SECONDS)
