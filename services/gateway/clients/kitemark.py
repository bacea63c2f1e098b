"""The kite mark, asked in the caller's own name: whether schools hold it, whether providers comply."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal

from pydantic import StrictInt, TypeAdapter

from services.gateway.clients.answers import Shape
from services.gateway.clients.caller import Caller
from services.gateway.clients.cpd import ProblemAnswer
from services.gateway.clients.upstream import Service
from shared.clock import rfc3339

MarkWord = Literal["fully_meets", "progressing", "committed", "unknown", "withdrawn", "expired", "none"]
ComplianceWord = Literal["not_compliant", "unknown", "recommended_and_missing", "compliant", "not_required"]


class MarkAnswer(Shape):
    """What one school came to; either a mark or a problem."""

    school: str
    mark: MarkWord | None
    sentence: str | None = None
    reason: str | None = None
    valid_to: date | None = None
    scheme: str | None = None
    body: str | None = None
    problem: ProblemAnswer | None = None
    journal_position: StrictInt | None = None


class Marks(Shape):
    """The answer to a batch of schools: one outcome for each school asked, in order."""

    items: tuple[MarkAnswer, ...]
    journal_position: StrictInt | None = None


class ReasonAnswer(Shape):
    """A stable code, and what it means."""

    code: str
    detail: str


class ComplianceAnswer(Shape):
    """Whether a provider has what is asked of it."""

    ukprn: str
    name: str | None = None
    answer: ComplianceWord
    reasons: tuple[ReasonAnswer, ...] = ()
    rule_versions: tuple[str, ...] = ()
    successor: str | None = None


class Compliances(Shape):
    """The answer to a batch of providers: one for each UKPRN asked, in order."""

    items: tuple[ComplianceAnswer, ...]


_MARKS = TypeAdapter(Marks)
_COMPLIANCES = TypeAdapter(Compliances)


class KitemarkClient:
    """Questions to the kite mark; they raise what ``Service.call`` raises."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def marks(
        self,
        schools: Sequence[str],
        *,
        caller: Caller,
        valid_at: date | None = None,
        known_at: datetime | None = None,
    ) -> tuple[MarkAnswer, ...]:
        """Return the marks of schools, in order; a number that cannot be read has a problem instead."""
        question = {"schools": list(schools)} | axes(valid_at, known_at)
        answer = await self._service.call("POST", "/v1/marks/batch", caller=caller, json=question)
        found = self._service.read(_MARKS, answer)
        items = self._service.as_many(found.items, schools)
        return tuple(each.model_copy(update={"journal_position": found.journal_position}) for each in items)

    async def compliances(
        self,
        ukprns: Sequence[str],
        *,
        caller: Caller,
        valid_at: date | None = None,
        known_at: datetime | None = None,
    ) -> tuple[ComplianceAnswer, ...]:
        """Return whether providers have what is asked of them, in order."""
        question = {"ukprns": list(ukprns)} | axes(valid_at, known_at)
        answer = await self._service.call("POST", "/v1/providers/compliance", caller=caller, json=question)
        return self._service.as_many(self._service.read(_COMPLIANCES, answer).items, ukprns)


def axes(valid_at: date | None, known_at: datetime | None) -> dict[str, Any]:
    """Return the two axes as a batch takes them; what is not asked is left out."""
    day = {} if valid_at is None else {"valid_at": valid_at.isoformat()}
    return day if known_at is None else {**day, "known_at": rfc3339(known_at)}
