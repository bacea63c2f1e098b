"""What changes at a service, followed in the caller's own name from a position on."""

from typing import Any

from pydantic import AwareDatetime, StrictBool, StrictInt, TypeAdapter

from services.gateway.clients.answers import Shape
from services.gateway.clients.caller import Caller
from services.gateway.clients.upstream import Service


class ChangeAnswer(Shape):
    """A line of the register's journal about a number."""

    position: StrictInt
    at: AwareDatetime
    event: str
    number: str
    facts: dict[str, Any]


class ChangesAnswer(Shape):
    """Some changes in order, the position to go on from, and whether that is the end for now."""

    items: tuple[ChangeAnswer, ...]
    next: StrictInt
    caught_up: StrictBool


_CHANGES = TypeAdapter(ChangesAnswer)


async def changes(register: Service, *, after: int, limit: int, caller: Caller) -> ChangesAnswer:
    """Return the changes of numbers that follow a position, as far as the caller is told of them."""
    params = {"after": after, "limit": limit}
    answer = await register.call("GET", "/v1/changes", caller=caller, params=params)
    return register.read(_CHANGES, answer)
