"""Reference data as the services list them, each entry with where it comes from."""

from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from services.gateway.clients.answers import Shape
from services.gateway.clients.caller import Caller
from services.gateway.clients.upstream import Service

Item = TypeVar("Item")

MOST_AT_ONCE = 200


class Provenance(Shape):
    """Where an entry comes from: tags of the service's sources, and what has to be said of them."""

    ref: str
    note: str | None = None


class Source(Shape):
    """A document that a service took facts from; ``address`` is as it was noted, and may be no link."""

    code: str
    title: str
    address: str | None = None


class Listed(Shape, Generic[Item]):
    """A page of a list; ``next`` is null on the last."""

    items: tuple[Item, ...]
    next: str | None = None


SOURCES = TypeAdapter(Listed[Source])


async def whole(
    service: Service, path: str, shape: TypeAdapter[Listed[Item]], *, caller: Caller, **filters: Any
) -> tuple[Item, ...]:
    """Return a list from its first page to its last; the caller's time ends one that has no last page."""
    items: list[Item] = []
    after: dict[str, str] = {}
    while True:
        params = {"limit": MOST_AT_ONCE} | filters | after
        found = service.read(shape, await service.call("GET", path, caller=caller, params=params))
        items.extend(found.items)
        if found.next is None:
            return tuple(items)
        after = {"after": found.next}


class Titled(Shape):
    """An entry by its code, and its words."""

    code: str
    title: str


_TITLED = TypeAdapter(Listed[Titled])


async def titles(service: Service, path: str, *, caller: Caller) -> dict[str, str]:
    """Return the title of each entry of a list by its code, in listed order."""
    return {each.code: each.title for each in await whole(service, path, _TITLED, caller=caller)}
