"""The register, asked in the name of the kite mark itself."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated

import httpx
import structlog
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, ValidationError

from shared.errors import Forbidden, Unauthenticated
from shared.http import Neighbour, NeighbourUnavailable
from shared.own_client import Credentials, GatewayClient

Transports = Mapping[str, httpx.AsyncBaseTransport]

log = structlog.get_logger("register")


class Licence(BaseModel):
    """What the register says of one number on a day."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    number: str | None
    verdict: Annotated[str, Field(min_length=1)]
    may_give_personal_guidance: StrictBool
    kept_number: str | None = None
    journal_position: StrictInt | None = None


class LicencesAnswer(BaseModel):
    """One outcome for each number, in order."""

    items: tuple[Licence, ...]


class RegisterClient:
    """Questions to the register. An unknown is never an answer: every method raises what the register
    refuses, and NeighbourUnavailable where it gives no answer, or none that can be understood. That the kite
    mark itself may not ask is no fault of whoever asked the kite mark, so it is no answer either.
    """

    def __init__(self, neighbour: Neighbour, gateway: GatewayClient) -> None:
        self._neighbour = neighbour
        self._gateway = gateway

    async def licences(self, numbers: Sequence[str], *, day: date, now: datetime) -> tuple[Licence, ...]:
        """Return the verdicts of a day, in order, by one call."""
        question = {"rows": [{"number": number} for number in numbers], "valid_at": day.isoformat()}
        try:
            authorization = await self._gateway.authorization(now=now)
            answer = await self._neighbour.call(
                "POST", "/v1/verifications", authorization=authorization, json=question
            )
        except (Unauthenticated, Forbidden) as fault:
            self._gateway.forget()
            log.warning("licences unknown", cause=type(fault).__name__)
            raise NeighbourUnavailable(name="register") from fault
        try:
            found = LicencesAnswer.model_validate_json(answer.content).items
        except ValidationError as fault:
            raise NeighbourUnavailable(name="register") from fault
        if len(found) != len(numbers):
            raise NeighbourUnavailable(name="register")
        return found

    async def close(self) -> None:
        """Close the connections."""
        await self._neighbour.close()
        await self._gateway.close()


def register_client(
    *, register_url: str, token_url: str, credentials: Credentials, transports: Transports
) -> RegisterClient:
    """Return the register as the kite mark asks it in its own name.

    ``transports`` stand in for the network in tests: ``register`` and ``gateway`` to these neighbours.
    """
    gateway = Neighbour("gateway", "", transport=transports.get("gateway"))
    register = Neighbour("register", register_url, transport=transports.get("register"))
    return RegisterClient(register, GatewayClient(gateway, token_url, credentials))
