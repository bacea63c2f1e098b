"""The register, whose journal CPD follows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import httpx
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from services.cpd.clients.gateway import Credentials, GatewayClient
from shared.errors import Unauthenticated
from shared.http import Neighbour, NeighbourUnavailable
from shared.journal import Line

MOST_LINES = 500
SPARE_SECONDS = 5.0


Transports = Mapping[str, httpx.AsyncBaseTransport]


class LineAnswer(BaseModel):
    """A line of the register's journal."""

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


class RegisterClient:
    """Questions to the register in the name of CPD itself."""

    def __init__(self, neighbour: Neighbour, gateway: GatewayClient) -> None:
        self._neighbour = neighbour
        self._gateway = gateway

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
            raise NeighbourUnavailable(name="register") from fault

    async def close(self) -> None:
        """Close the connections."""
        await self._neighbour.close()
        await self._gateway.close()


def follower(
    *, register_url: str, token_url: str, credentials: Credentials, transports: Transports
) -> RegisterClient:
    """Return the register as CPD asks it in its own name.

    ``transports`` stand in for the network in tests: ``register`` and ``gateway`` to these neighbours.
    """
    gateway = Neighbour("gateway", "", transport=transports.get("gateway"))
    register = Neighbour("register", register_url, transport=transports.get("register"))
    return RegisterClient(register, GatewayClient(gateway, token_url, credentials))
