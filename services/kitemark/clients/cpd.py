"""The CPD service: how people stand with what is asked of them, or that nobody could say."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from shared.errors import Refusal, Unauthenticated
from shared.http import Neighbour
from shared.own_client import GatewayClient

log = structlog.get_logger("cpd")


class StandingAnswer(BaseModel):
    """What one number came to: a word, or none."""

    model_config = ConfigDict(extra="ignore")

    number: str
    standing: str | None


class StandingsAnswer(BaseModel):
    """One outcome for each number asked."""

    model_config = ConfigDict(extra="ignore")

    items: list[StandingAnswer]


class CpdClient:
    """Asks CPD in the name of the kite mark itself, for no school may read where a person stands."""

    def __init__(self, neighbour: Neighbour | None, gateway: GatewayClient | None) -> None:
        self._neighbour = neighbour
        self._gateway = gateway

    async def standings(self, numbers: Sequence[str], *, now: datetime) -> Mapping[str, str] | None:
        """Return the word of CPD by number; None where CPD said nothing, whatever the cause.

        A service that is not there, slow, broken or refusing has said nothing about anybody.
        """
        if self._neighbour is None or self._gateway is None:
            return None
        try:
            answer = await self._neighbour.call(
                "POST",
                "/v1/standing/batch",
                authorization=await self._gateway.authorization(now=now),
                json={"numbers": list(numbers)},
            )
            read = StandingsAnswer.model_validate_json(answer.content)
        except (Refusal, ValidationError) as fault:
            if isinstance(fault, Unauthenticated):
                self._gateway.forget()
            log.warning("cpd standings unknown", cause=type(fault).__name__)
            return None
        return {each.number: each.standing for each in read.items if each.standing is not None}

    async def close(self) -> None:
        """Close the connections."""
        if self._neighbour is not None:
            await self._neighbour.close()
        if self._gateway is not None:
            await self._gateway.close()
