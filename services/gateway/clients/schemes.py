"""What the kite mark publishes of the awards themselves: schemes, bodies, criteria, and what they rest on."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import StrictBool, StrictInt, TypeAdapter

from services.gateway.clients.answers import Shape
from services.gateway.clients.caller import Caller
from services.gateway.clients.reference import SOURCES, Listed, Provenance, Source, whole
from services.gateway.clients.upstream import Service

ReachWord = Literal["fully_meets", "progressing", "committed"]


class Titled(Shape):
    """An entry with its days, both included; null is not known."""

    code: str
    title: str
    effective_from: date | None = None
    effective_to: date | None = None
    source: Provenance


class Body(Titled):
    """A body that gives awards, or keeps a scheme; ``area`` null is not known."""

    area: str | None = None


class Stage(Shape):
    """A stage of a ladder; ``reach`` is what it means for the mark, null where that is not known."""

    title: str
    reach: ReachWord | None = None


class Scheme(Titled):
    """A scheme of awards, ``verified`` where a source names it; ``validity_years`` null is not known."""

    body: str
    owner: str
    ladder: tuple[Stage, ...]
    ladder_note: str | None = None
    validity_years: StrictInt | None = None
    validity_note: str | None = None
    verified: StrictBool


class Criterion(Shape):
    """A national criterion."""

    code: str
    title: str


class CriteriaVersion(Titled):
    """An edition of the national criteria; ``complete`` says whether all of it is listed."""

    criteria: tuple[Criterion, ...]
    complete: StrictBool


class MarkPolicy(Titled):
    """A version of the rule for awards whose scheme or body lapses."""

    lapse: str


class Span(Shape):
    """Days on which a scheme is validated, or ``body`` authorised to give its awards; both days included."""

    scheme: str
    body: str | None = None
    valid_from: date
    valid_to: date | None = None
    source: str

    def holds(self, day: date) -> bool:
        """Say whether ``day`` is one of them."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, kw_only=True, slots=True)
class Schemes:
    """All that is published of the awards; bodies, schemes and sources by their codes, in listed order."""

    schemes: Mapping[str, Scheme]
    bodies: Mapping[str, Body]
    criteria: tuple[CriteriaVersion, ...]
    policies: tuple[MarkPolicy, ...]
    validations: tuple[Span, ...]
    authorities: tuple[Span, ...]
    sources: Mapping[str, Source]


_SCHEMES = TypeAdapter(Listed[Scheme])
_BODIES = TypeAdapter(Listed[Body])
_CRITERIA = TypeAdapter(Listed[CriteriaVersion])
_POLICIES = TypeAdapter(Listed[MarkPolicy])
_SPANS = TypeAdapter(Listed[Span])


async def published(kitemark: Service, *, caller: Caller) -> Schemes:
    """Return what is published of the awards, asked all at once."""
    listed = asyncio.gather(
        whole(kitemark, "/v1/schemes", _SCHEMES, caller=caller),
        whole(kitemark, "/v1/bodies", _BODIES, caller=caller),
        whole(kitemark, "/v1/criteria-versions", _CRITERIA, caller=caller),
        whole(kitemark, "/v1/mark-policies", _POLICIES, caller=caller),
        whole(kitemark, "/v1/sources", SOURCES, caller=caller),
    )
    recognised = asyncio.gather(
        _spans(kitemark, "/v1/validations", caller=caller),
        _spans(kitemark, "/v1/authorities", caller=caller),
    )
    found, (validations, authorities) = await asyncio.gather(listed, recognised)
    schemes, bodies, criteria, policies, sources = found
    return Schemes(
        schemes={each.code: each for each in schemes},
        bodies={each.code: each for each in bodies},
        criteria=criteria,
        policies=policies,
        validations=validations,
        authorities=authorities,
        sources={each.code: each for each in sources},
    )


async def _spans(kitemark: Service, path: str, *, caller: Caller) -> tuple[Span, ...]:
    """Return validations or authorities, which are listed whole."""
    return kitemark.read(_SPANS, await kitemark.call("GET", path, caller=caller)).items
