"""A search with filters: a form whose address can be shared, what was found, and the page after it."""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal
from urllib.parse import urlencode

from fastapi import Request, Response

from services.gateway.clients.reference import Source
from services.gateway.pages.rendering import page
from shared.errors import Malformed, Refusal, Unprocessable

LONGEST = 200
AFTER = "after"
_LONGEST_CURSOR = 512

Rows = Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Filter:
    """A field of the form: words to type, one of ``choices`` by their values, or a box to tick."""

    name: str
    label: str
    kind: Literal["words", "choice", "tick"]
    hint: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """Something that was found: its facts as rows of a label and its lines, and the tags of its sources."""

    title: str
    facts: Rows
    link: str | None = None
    says: str = ""
    flag: str = ""
    tags: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A page of what was found, the cursor of the next one, and the sources that it names."""

    cards: Sequence[Card]
    next: str | None = None
    note: str = ""
    more: str = ""
    more_link: str = ""
    sources: Sequence[Source] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """A search in the words of its page; ``nothing`` is what to do where it finds nothing."""

    path: str
    heading: str
    lead: str
    button: str
    nothing: tuple[str, ...]
    filters: tuple[Filter, ...]

    def asked(self, request: Request) -> dict[str, str]:
        """Return what an address asks for; what is empty, or no filter, is left out."""
        names = (*(each.name for each in self.filters), AFTER)
        values = {name: request.query_params.get(name, "").strip() for name in names}
        return {name: value for name, value in values.items() if value}

    def mistake(self, asked: Mapping[str, str]) -> tuple[str, str] | None:
        """Return the field that cannot be asked as it is, and what to type instead."""
        for name, value in asked.items():
            longest = _LONGEST_CURSOR if name == AFTER else LONGEST
            if len(value) > longest or not value.isprintable():
                return name, "Type fewer words, without special characters"
        return None

    def address(self, asked: Mapping[str, str], **changes: str) -> str:
        """Return the address of a search, without the page that it is at; ``changes`` are put in."""
        wanted = {name: value for name, value in asked.items() if name != AFTER} | changes
        return f"{self.path}?{urlencode(wanted)}" if wanted else self.path

    def with_choices(self, **choices: Mapping[str, str]) -> "Listing":
        """Return the search with what can be chosen; a filter without choices cannot be offered just now."""
        filters = (
            replace(each, choices=choices[each.name]) if each.name in choices else each
            for each in self.filters
        )
        return replace(self, filters=tuple(filters))


async def or_none(titles: Awaitable[dict[str, str]]) -> dict[str, str]:
    """Return titles; none where their service is away, since what is found stands without them."""
    try:
        return await titles
    except Refusal:
        return {}


def shown(listing: Listing, asked: Mapping[str, str], found: Found) -> Response:
    """Return the page of what was found."""
    return _page(listing, asked, found=found)


def refused(listing: Listing, asked: Mapping[str, str], refusal: Refusal) -> Response:
    """Return the form with what the service says of it; of a service that is away, that nobody knows."""
    if isinstance(refusal, Malformed | Unprocessable):
        error = refusal.errors[0] if refusal.errors else None
        if error is None:
            says = "This page of the list cannot be shown any more." if AFTER in asked else refusal.detail
            return once_more(listing, asked, field_name="", says=says)
        return once_more(listing, asked, field_name=error.pointer.rpartition("/")[2], says=error.detail)
    headers = {"Retry-After": "5"}
    return page("cannot-search.html", status=503, headers=headers, again=listing.address(asked))


def once_more(listing: Listing, asked: Mapping[str, str], *, field_name: str, says: str) -> Response:
    """Return the form with a mistake beside its field, or above all fields where it is of none."""
    names = {each.name for each in listing.filters}
    mistake = (field_name if field_name in names else "", says)
    return _page(listing, asked, mistake=mistake, status=400)


def _page(
    listing: Listing,
    asked: Mapping[str, str],
    *,
    found: Found | None = None,
    mistake: tuple[str, str] | None = None,
    status: int = 200,
) -> Response:
    following = found.next if found else None
    return page(
        "listing.html",
        status=status,
        listing=listing,
        asked=asked,
        found=found,
        mistake=mistake,
        first=listing.address(asked) if AFTER in asked else None,
        following=None if following is None else listing.address(asked, **{AFTER: following}),
    )
