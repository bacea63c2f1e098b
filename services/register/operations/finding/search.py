"""Searching the public register: by name as a stranger types it, by place, scope, language and the like."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from services.register.domain.finding.search import FilterNotKnown, check_words
from services.register.domain.finding.words import Typed, facet, typed
from services.register.domain.person import folded
from services.register.domain.policy import Scope
from services.register.operations import practitioners
from services.register.operations.practitioners import Practitioner
from services.register.operations.reference import codes_by_name
from services.register.storage.finding import search_names
from services.register.storage.finding.search_names import Hit, Matched
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.errors import FieldError
from shared.paging import Page, cursor_of, place_of

How = Matched
KINDS = {
    "home_country": "home_countries",
    "regions": "regions",
    "specialisms": "specialisms",
    "languages": "languages",
    "client_groups": "client_groups",
}
PARAMETERS = {
    "home_country": "home_country",
    "regions": "region",
    "specialisms": "specialism",
    "languages": "language",
    "client_groups": "client_group",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What is asked for; ``filters`` leads from a field of people's details to a code or its title."""

    name: str | None = None
    scope: Scope | None = None
    filters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """Somebody who was found, as the public may see them, and how."""

    practitioner: Practitioner
    hit: Hit


@dataclass(frozen=True, kw_only=True, slots=True)
class Results:
    """A page of who was found, best first; ``cut`` says that more were met than are ranked."""

    page: Page[Found]
    cut: bool


async def search(db: Database, *, wanted: Wanted, after: str | None, limit: int, now: datetime) -> Results:
    """Return whom the public may find; with their verdicts of today.

    Raises NameTooShort, NameTooLong, FilterNotKnown and CursorNotReadable.
    """
    words = typed(wanted.name or "")
    if wanted.name is not None:
        check_words(words)
    facets = await _facets(db, wanted.filters)
    hits = await _hits(db, words, facets, wanted.scope, after=after, limit=limit + 1, day=london_day(now))
    shown = hits[:limit]
    people = await practitioners.look_up_many(db, numbers=[hit.number for hit in shown], now=now)
    # Whoever was merged a moment ago is found under the number that is kept.
    items = [
        Found(practitioner=person, hit=hit)
        for hit, person in zip(shown, people, strict=True)
        if person.person is not None
    ]
    more = cursor_of(*_place(shown[-1], by_name=bool(words))) if len(hits) > limit else None
    return Results(page=Page(items, more), cut=any(hit.cut for hit in hits))


async def _hits(
    db: Database,
    words: Sequence[Typed],
    facets: Sequence[str],
    scope: Scope | None,
    *,
    after: str | None,
    limit: int,
    day: date,
) -> Sequence[Hit]:
    chosen = None if scope is None else scope.value
    if not words:
        (last,) = place_of(after, str) or ("",)
        return await search_names.listed(db, facets=facets, scope=chosen, day=day, after=last, limit=limit)
    place = place_of(after, int, str, str)
    last_place = None if place is None else (place[0], place[1], place[2])
    return await search_names.by_words(
        db, words, facets=facets, scope=chosen, day=day, after=last_place, limit=limit
    )


def _place(hit: Hit, *, by_name: bool) -> tuple[str | int, ...]:
    return (hit.rank, hit.sort, hit.number) if by_name else (hit.number,)


async def _facets(db: Database, filters: Mapping[str, str]) -> list[str]:
    """Return the keys of what is filtered by, in canonical form, or refuse what the reference data lacks."""
    if not filters:
        return []
    errors: list[FieldError] = []
    async with db.reading() as tx:
        codes = {name: await _code(tx, name, given, errors) for name, given in filters.items()}
    if errors:
        raise FilterNotKnown(errors=errors)
    return [facet(name, code) for name, code in codes.items()]


async def _code(tx: Transaction, name: str, given: str, errors: list[FieldError]) -> str:
    known = await codes_by_name(tx, KINDS[name])
    code = {folded(word): code for word, code in known.items()}.get(folded(given))
    if code is None:
        allowed = ", ".join(sorted(set(known.values())))
        detail = f"This is not one of: {allowed}."
        errors.append(FieldError(f"query:/{PARAMETERS[name]}", "not-known", detail))
    return code or ""
