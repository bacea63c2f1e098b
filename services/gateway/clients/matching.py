"""Matching at the register: which of the people whom a caller holds are known there."""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import StrictInt, TypeAdapter

from services.gateway.clients.answers import Shape, VerdictWord
from services.gateway.clients.caller import Caller
from services.gateway.clients.upstream import Service

OutcomeWord = Literal["match", "possible", "none"]
FieldWord = Literal["number", "given_names", "family_name", "date_of_birth", "email", "member_id"]


class MatchAnswer(Shape):
    """What is said of one row; number and verdict come with a match alone."""

    reference: str | None = None
    touchpoint_reference: str | None = None
    outcome: OutcomeWord
    reason: str
    score: StrictInt | None = None
    agreed: tuple[FieldWord, ...] = ()
    disagreed: tuple[FieldWord, ...] = ()
    number: str | None = None
    verdict: VerdictWord | None = None


class MatchesAnswer(Shape):
    """One outcome for each row, in order, and the policy by which they were found."""

    items: tuple[MatchAnswer, ...]
    policy: str


_MATCHES = TypeAdapter(MatchesAnswer)


async def matches(register: Service, rows: Sequence[dict[str, Any]], *, caller: Caller) -> MatchesAnswer:
    """Return what the register says of each row, in order, by one call whatever the width."""
    answer = await register.call("POST", "/v1/matches", caller=caller, json={"rows": list(rows)})
    found = register.read(_MATCHES, answer)
    register.as_many(found.items, rows)
    return found
