"""Names to search kept true: who may be found by name, and under which keys."""

from collections.abc import Mapping, Sequence

from services.register.domain.facts import Facts
from services.register.domain.finding.words import facet, keys_of, sort_key
from services.register.domain.member import Details
from services.register.domain.person import Name
from services.register.storage import people
from services.register.storage.finding import search_names, unlistings
from services.register.storage.finding.search_names import SearchName
from services.register.storage.matching.surviving import as_shown
from services.register.storage.people import Person
from shared.database import Transaction

LISTED = ("regions", "specialisms", "languages", "client_groups")


async def publish(tx: Transaction, facts: Mapping[int, Facts]) -> None:
    """Bring the names of these people, whose facts are given, up to what is recorded of them."""
    await search_names.save(tx, facts, await computed(tx, facts))


async def computed(tx: Transaction, facts: Mapping[int, Facts]) -> Sequence[SearchName]:
    """Return what the names to search of these people have to be, ordered by person and place.

    Whoever was never on the register has none, and so have a merged number and an unlisted entry: what
    the public may not read of somebody, nobody finds them by. Nor has anybody who was erased.
    """
    seen = [each for each, told in facts.items() if told.entries and told.kept_number is None]
    if not seen:
        return []
    groups = await people.groups_of(tx, seen)
    everyone = {each for group in groups.values() for each in group}
    hidden = await unlistings.standing(tx, everyone)
    persons = await people.find_many(tx, everyone)
    shown = await as_shown(tx, {each: persons[each] for each in seen}, [groups[each] for each in seen])
    previous = await people.previous_names(tx, everyone)
    return [
        each
        for person_id in sorted(seen)
        if not hidden & set(groups[person_id]) and not persons[person_id].erased
        for each in _names(shown[person_id], [persons[each] for each in groups[person_id]], previous)
    ]


def _names(
    person: Person, records: Sequence[Person], previous: Mapping[int, tuple[Name, ...]]
) -> list[SearchName]:
    """Return the name that is shown, then every other that one of the merged records ever had."""
    former = [name for each in records for name in (*previous[each.id], each.details.name)]
    names = dict.fromkeys([person.details.name, *former])
    facets = _facets(person.details)
    return [
        SearchName(
            person_id=person.id,
            place=place,
            number=person.number,
            sort=sort_key(person.details.name),
            keys=tuple(sorted({*keys_of(name), *facets})),
        )
        for place, name in enumerate(names)
    ]


def _facets(details: Details) -> list[str]:
    country = [] if details.home_country is None else [facet("home_country", details.home_country)]
    return country + [facet(field, code) for field in LISTED for code in getattr(details, field)]
