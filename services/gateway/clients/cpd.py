"""CPD, asked in the caller's own name: where people stand, as far as the caller may know."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal

from pydantic import StrictInt, TypeAdapter

from services.gateway.clients.answers import Shape
from services.gateway.clients.caller import Caller
from services.gateway.clients.upstream import Service
from shared.clock import rfc3339

StandingWord = Literal[
    "met", "on_track", "short", "declared", "not_required", "deferred", "under_audit", "failed"
]


class HoursAnswer(Shape):
    """Hours that are asked, that count, and that are missing; null where no number is asked."""

    required: float | None
    counted: float
    missing: float | None


class ProblemAnswer(Shape):
    """Why a number has no standing."""

    status: StrictInt
    code: str
    detail: str


class StandingAnswer(Shape):
    """What one number came to; either a standing or a problem."""

    number: str
    standing: StandingWord | None
    policy_version: str | None = None
    days_left: StrictInt | None = None
    hours: HoursAnswer | None = None
    problem: ProblemAnswer | None = None


class Standings(Shape):
    """The answer to a batch of numbers: one outcome for each number asked, in order."""

    items: tuple[StandingAnswer, ...]


_STANDINGS = TypeAdapter(Standings)


class CpdClient:
    """Questions to CPD; they raise what ``Service.call`` raises."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def standings(
        self,
        numbers: Sequence[str],
        *,
        caller: Caller,
        valid_at: date | None = None,
        known_at: datetime | None = None,
    ) -> tuple[StandingAnswer, ...]:
        """Return where the numbers stand, in order; who is not known to CPD has a problem instead."""
        question: dict[str, Any] = {"numbers": list(numbers)}
        if valid_at is not None:
            question["valid_at"] = valid_at.isoformat()
        if known_at is not None:
            question["known_at"] = rfc3339(known_at)
        answer = await self._service.call("POST", "/v1/standing/batch", caller=caller, json=question)
        return self._service.as_many(self._service.read(_STANDINGS, answer).items, numbers)
