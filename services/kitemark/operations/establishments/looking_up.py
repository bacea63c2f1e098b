"""Looking schools up: by number, by name, by place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.kitemark.domain.establishments.gias import Establishment, Link, words_of
from services.kitemark.domain.school_number import parse_school_number
from services.kitemark.storage.establishments import establishments
from shared.database import Database
from shared.errors import NotFound
from shared.paging import Page, page_of, place_of


class NoSuchSchool(NotFound):
    """No school with this number is known here. Schools are known once their national register is loaded."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenSchool:
    """A school, and the schools that came before and after it or are linked in another way."""

    establishment: Establishment
    links: Sequence[Link]


async def get(db: Database, *, number: str) -> SeenSchool:
    """Return a school; raises NoSuchSchool, SchoolNumberNotReadable."""
    wanted = parse_school_number(number)
    async with db.reading() as tx:
        found = await establishments.find(tx, wanted)
        links = await establishments.links(tx, wanted)
    if found is None:
        raise NoSuchSchool
    return SeenSchool(establishment=found, links=links)


async def search(
    db: Database,
    *,
    name: str | None,
    exactly: Mapping[str, str],
    only_open: bool,
    after: str | None,
    limit: int,
) -> Page[Establishment]:
    """Return schools with all these words in their names, and these values, by number."""
    (last,) = place_of(after, str) or ("",)
    async with db.reading() as tx:
        found = await establishments.search(
            tx,
            words=words_of(name or ""),
            exactly=exactly,
            only_open=only_open,
            after=last,
            limit=limit + 1,
        )
    return page_of(found, limit=limit, place=lambda each: (each.number,))
