"""The register, asked in the caller's own name: every answer is fresh, and whole or refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from pydantic import TypeAdapter

from services.gateway.clients.answers import LicenceAnswer, PostAnswer, PractitionerAnswer, Shape
from services.gateway.clients.caller import Caller
from services.gateway.clients.upstream import Service
from shared.clock import rfc3339
from shared.errors import TooLarge

MOST_PRACTITIONERS = 1000
LONGEST_NUMBER = 64
# Stands in for text that the register would refuse a whole batch for; it gets the verdict malformed.
_NO_NUMBER = "not a number"


@dataclass(frozen=True, kw_only=True, slots=True)
class SecondFact:
    """What is known of somebody besides the number; what is None is not compared."""

    family_name: str | None = None
    date_of_birth: date | None = None

    def as_row(self) -> dict[str, str]:
        """Return the facts as the register takes them."""
        born = {} if self.date_of_birth is None else {"date_of_birth": self.date_of_birth.isoformat()}
        return born if self.family_name is None else {**born, "family_name": self.family_name}


class TooManyNumbers(TooLarge):
    """At most {most} numbers are answered at once: ask for the rest in a further request."""


class Licences(Shape):
    """The answer to a batch of verifications: one outcome for each row asked, in order."""

    items: tuple[LicenceAnswer, ...]


class Practitioners(Shape):
    """The answer to a batch of numbers: one practitioner for each number asked, in order."""

    items: tuple[PractitionerAnswer, ...]


class PostsOfKey(Shape):
    """The posts of a number or of a school."""

    posts: tuple[PostAnswer, ...]


class Posts(Shape):
    """The answer to a batch of numbers and schools: one item for each, in order."""

    items: tuple[PostsOfKey, ...]


class Specialism(Shape):
    """A specialism of the reference data."""

    code: str
    title: str


class Specialisms(Shape):
    """The list of specialisms."""

    items: tuple[Specialism, ...]


_LICENCES = TypeAdapter(Licences)
_PRACTITIONERS = TypeAdapter(Practitioners)
_SPECIALISMS = TypeAdapter(Specialisms)
_POSTS = TypeAdapter(Posts)


class RegisterClient:
    """Questions to the register.

    Every method raises the refusal that the register gave, with its code and words, and
    NeighbourUnavailable when there was no answer or one that cannot be understood: an unknown is never
    a verdict.
    """

    def __init__(self, service: Service) -> None:
        self._service = service

    async def licence(
        self,
        number: str,
        *,
        caller: Caller,
        valid_at: date | None = None,
        known_at: datetime | None = None,
    ) -> LicenceAnswer:
        """Return the verdict on one number, however it was written."""
        return (await self.licences([number], caller=caller, valid_at=valid_at, known_at=known_at))[0]

    async def licences(
        self,
        numbers: Sequence[str],
        *,
        caller: Caller,
        valid_at: date | None = None,
        known_at: datetime | None = None,
        second_facts: Sequence[SecondFact | None] = (),
    ) -> tuple[LicenceAnswer, ...]:
        """Return the verdicts on the numbers, in order; malformed and never issued are verdicts too.

        ``second_facts``, where given, are those of the numbers in the same order.
        """
        facts = second_facts or [None] * len(numbers)
        rows = [
            {"number": number} | (fact.as_row() if fact else {})
            for number, fact in zip(numbers, facts, strict=True)
        ]
        question: dict[str, Any] = {"rows": rows}
        if valid_at is not None:
            question["valid_at"] = valid_at.isoformat()
        if known_at is not None:
            question["known_at"] = rfc3339(known_at)
        answer = await self._service.call("POST", "/v1/verifications", caller=caller, json=question)
        return self._service.as_many(self._service.read(_LICENCES, answer).items, numbers)

    async def practitioners(
        self, numbers: Sequence[str], *, caller: Caller
    ) -> tuple[PractitionerAnswer, ...]:
        """Return what the public may see of each number, in order, by one call whatever the width."""
        if len(numbers) > MOST_PRACTITIONERS:
            raise TooManyNumbers(most=MOST_PRACTITIONERS)
        question = {"numbers": [number if _on_one_line(number) else _NO_NUMBER for number in numbers]}
        answer = await self._service.call("POST", "/v1/practitioners/batch", caller=caller, json=question)
        return self._service.as_many(self._service.read(_PRACTITIONERS, answer).items, numbers)

    async def posts(
        self,
        *,
        caller: Caller,
        numbers: Sequence[str] = (),
        urns: Sequence[str] = (),
        valid_at: date | None = None,
        known_at: datetime | None = None,
    ) -> tuple[tuple[PostAnswer, ...], ...]:
        """Return the public posts of each number, then of each school, in order, by one call."""
        question: dict[str, Any] = {"numbers": list(numbers), "urns": list(urns)}
        if valid_at is not None:
            question["valid_at"] = valid_at.isoformat()
        if known_at is not None:
            question["known_at"] = rfc3339(known_at)
        answer = await self._service.call("POST", "/v1/posts/batch", caller=caller, json=question)
        found = self._service.read(_POSTS, answer).items
        return tuple(each.posts for each in self._service.as_many(found, [*numbers, *urns]))

    async def practitioner(self, number: str, *, caller: Caller) -> PractitionerAnswer:
        """Return what the public may see of one number."""
        return (await self.practitioners([number], caller=caller))[0]

    async def specialisms(self, *, caller: Caller) -> dict[str, str]:
        """Return the title of each specialism, by its code."""
        answer = await self._service.call("GET", "/v1/specialisms", caller=caller, params={"limit": 200})
        return {item.code: item.title for item in self._service.read(_SPECIALISMS, answer).items}

    async def may_see_disclosures(self, number: str, *, caller: Caller) -> None:
        """Refuse as the register does where the caller may not read who was told of somebody."""
        path = f"/v1/practitioners/{quote(number, safe='')}/disclosures"
        await self._service.call("GET", path, caller=caller, params={"limit": 1})

    async def close(self) -> None:
        """Close the connections."""
        await self._service.close()


def _on_one_line(text: str) -> bool:
    return len(text) <= LONGEST_NUMBER and text.isprintable()
