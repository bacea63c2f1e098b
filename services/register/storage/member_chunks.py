"""Many members at once, made and changed with one statement for each kind of thing."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from services.register.domain.member import Change, Contact, Details, NoSuchMember, Telling, name_key
from services.register.domain.member_import import Difference, Stored
from services.register.domain.person import Name, number_from
from services.register.storage.people import MOST_DRAWS, NumbersExhausted, draw_serial
from services.register.storage.recorded_members import Version
from shared.database import Transaction
from shared.journal import Record

# Between the codes of one list on their way into an array; no code contains it.
BETWEEN = "\x1f"
ONE_DAY = timedelta(days=1)
_LISTS = ("regions", "settings", "roles", "specialisms", "languages", "client_groups")

_GIVEN = """unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::date[], $6::text[], $7::text[],
    $8::text[], $9::text[], $10::text[], $11::text[], $12::text[]) WITH ORDINALITY AS given
    (key, given_names, family_name, folded_name, date_of_birth, home_country,
     regions, settings, roles, specialisms, languages, client_groups, place)"""

CREATE = f"""
INSERT INTO people (number, given_names, family_name, folded_name, date_of_birth,
    home_country, regions, settings, roles, specialisms, languages, client_groups, created_at)
SELECT key, given_names, family_name, folded_name, date_of_birth, home_country,
    string_to_array(regions, E'\\x1f'), string_to_array(settings, E'\\x1f'),
    string_to_array(roles, E'\\x1f'), string_to_array(specialisms, E'\\x1f'),
    string_to_array(languages, E'\\x1f'), string_to_array(client_groups, E'\\x1f'), $13::timestamptz
FROM {_GIVEN} ORDER BY place
ON CONFLICT (number) DO NOTHING RETURNING number, id
"""  # noqa: S608 - made of our own constants only

CHANGE = f"""
UPDATE people SET given_names = given.given_names, family_name = given.family_name,
    folded_name = given.folded_name, date_of_birth = given.date_of_birth,
    home_country = given.home_country,
    regions = string_to_array(given.regions, E'\\x1f'), settings = string_to_array(given.settings, E'\\x1f'),
    roles = string_to_array(given.roles, E'\\x1f'),
    specialisms = string_to_array(given.specialisms, E'\\x1f'),
    languages = string_to_array(given.languages, E'\\x1f'),
    client_groups = string_to_array(given.client_groups, E'\\x1f')
FROM {_GIVEN} WHERE people.number = given.key
"""  # noqa: S608 - made of our own constants only

LINK = """
INSERT INTO member_ids (association, member_id, person_id, email, telephone)
SELECT $1, member_id, person_id, email, telephone
FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[])
    AS given (member_id, person_id, email, telephone)
"""

CHANGE_CONTACTS = """
UPDATE member_ids SET email = given.email, telephone = given.telephone
FROM unnest($2::text[], $3::text[], $4::text[]) AS given (member_id, email, telephone)
WHERE member_ids.association = $1 AND member_ids.member_id = given.member_id
RETURNING member_ids.member_id
"""

ADD_PREVIOUS = """
INSERT INTO previous_names (person_id, given_names, family_name, folded_name, replaced_at)
SELECT person_id, given_names, family_name, folded_name, replaced_at
FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::timestamptz[]) WITH ORDINALITY
    AS given (person_id, given_names, family_name, folded_name, replaced_at, place)
ORDER BY place
"""

_FACTS = """unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::date[],
    $9::date[], $10::timestamptz[]) WITH ORDINALITY AS given
    (id, corrects, person_id, member_id, level, category, first, past, at, place)"""

ASSERT = f"""
INSERT INTO memberships (person_id, association, member_id, level, category, valid, known)
SELECT person_id, $1, member_id, level, category, daterange(first, past), tstzrange(at, NULL)
FROM {_FACTS} WHERE corrects IS NULL ORDER BY place
"""  # noqa: S608 - made of our own constants only

CORRECT = f"""
INSERT INTO memberships (id, corrects, person_id, association, member_id, level, category, valid, known)
SELECT id, corrects, person_id, $1, member_id, level, category, daterange(first, past), tstzrange(at, NULL)
FROM {_FACTS} WHERE corrects IS NOT NULL ORDER BY place
"""  # noqa: S608 - made of our own constants only


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipChange:
    """A membership to write for a person; ``version`` is what it corrects, where it does."""

    person_id: int
    member_id: str
    change: Change
    version: Version | None
    at: datetime


async def create(
    tx: Transaction,
    association: str,
    people: Mapping[str, tuple[Telling, Sequence[Name]]],
    *,
    record: Record,
    draw: Callable[[], int] = draw_serial,
) -> dict[str, tuple[int, str]]:
    """Write new people under free random numbers, and return (person id, number) by member id.

    Each gets a copy of the record with its number as the subject.
    """
    made: dict[str, tuple[int, str]] = {}
    for _ in range(MOST_DRAWS):
        wanted = [each for each in people if each not in made]
        if not wanted:
            break
        # Those that are taken are left out by the statement, and drawn anew.
        numbers = _different_numbers(len(wanted), draw)
        chosen = dict(zip(numbers, wanted, strict=True))
        columns = _columns({number: people[each][0].details for number, each in chosen.items()})
        for row in await tx.driver.fetch(CREATE, *columns, record.at):
            made[chosen[row["number"]]] = (row["id"], row["number"])
    else:
        raise NumbersExhausted(NumbersExhausted.__doc__)
    ids = [made[each][0] for each in people]
    contacts = _contact_columns([telling.contact for telling, _ in people.values()])
    await tx.driver.execute(LINK, association, list(people), ids, *contacts)
    told = [(made[each][0], name, None) for each, (_, names) in people.items() for name in names]
    await _add_previous(tx, told)
    for each in people:
        number = made[each][1]
        tx.record(
            Record(actor=record.actor, at=record.at, event=record.event, subject=number, facts=record.facts)
        )
    return {each: made[each] for each in people}


async def change(
    tx: Transaction,
    association: str,
    changed: Sequence[tuple[str, Stored, Difference]],
    *,
    record: Callable[[Stored, Difference], Record],
) -> None:
    """Write other details of members, keeping each name that is left, and previous names that were told.

    Contact details go to the member id, the others to the person, who is left alone where only those differ.
    """
    details = {
        stored.number: differs.telling.details
        for _, stored, differs in changed
        if differs.telling.details != stored.details
    }
    if details:
        await tx.driver.execute(CHANGE, *_columns(details))
    contacts = {
        member_id: differs.telling.contact
        for member_id, stored, differs in changed
        if differs.telling.contact != stored.contact
    }
    await _change_contacts(tx, association, contacts)
    names: list[tuple[int, Name, datetime | None]] = []
    for _, stored, differs in changed:
        written = record(stored, differs)
        if stored.details.name != differs.telling.details.name:
            names.append((stored.person_id, stored.details.name, written.at))
        names += [(stored.person_id, name, None) for name in differs.previous]
        tx.record(written)
    await _add_previous(tx, names)


async def write_memberships(
    tx: Transaction,
    association: str,
    changes: Sequence[MembershipChange],
    *,
    record: Callable[[MembershipChange], Record],
) -> None:
    """Write memberships, corrections before new ones, so that a day is never told twice."""
    if not changes:
        return
    columns = [
        [each.change.corrects for each in changes],
        [each.version.row_id if each.version else None for each in changes],
        [each.person_id for each in changes],
        [each.member_id for each in changes],
        [each.change.membership.level.value for each in changes],
        [each.change.membership.category for each in changes],
        [each.change.membership.valid_from for each in changes],
        [_day_after(each.change.membership.valid_to) for each in changes],
        [each.at for each in changes],
    ]
    if any(each.version for each in changes):
        await tx.driver.execute(CORRECT, association, *columns)
    if not all(each.version for each in changes):
        await tx.driver.execute(ASSERT, association, *columns)
    for each in changes:
        tx.record(record(each))


def _different_numbers(count: int, draw: Callable[[], int]) -> list[str]:
    numbers: dict[str, None] = {}
    while len(numbers) < count:
        numbers.update(dict.fromkeys(number_from(draw()) for _ in range(count - len(numbers))))
    return list(numbers)


async def _change_contacts(tx: Transaction, association: str, contacts: Mapping[str, Contact]) -> None:
    if not contacts:
        return
    columns = _contact_columns(contacts.values())
    written = await tx.driver.fetch(CHANGE_CONTACTS, association, list(contacts), *columns)
    # The database passes over what is another association's.
    if len(written) != len(contacts):
        raise NoSuchMember


async def _add_previous(tx: Transaction, names: Sequence[tuple[int, Name, datetime | None]]) -> None:
    if names:
        await tx.driver.execute(
            ADD_PREVIOUS,
            [person_id for person_id, _, _ in names],
            [name.given_names for _, name, _ in names],
            [name.family_name for _, name, _ in names],
            [name_key(name) for _, name, _ in names],
            [replaced_at for _, _, replaced_at in names],
        )


def _columns(people: Mapping[str, Details]) -> list[list[Any]]:
    everyone = people.values()
    return [
        list(people),
        [each.given_names for each in everyone],
        [each.family_name for each in everyone],
        [name_key(each.name) for each in everyone],
        [each.date_of_birth for each in everyone],
        [each.home_country for each in everyone],
        *([BETWEEN.join(getattr(each, name)) for each in everyone] for name in _LISTS),
    ]


def _contact_columns(contacts: Collection[Contact]) -> tuple[list[str | None], list[str | None]]:
    return [each.email for each in contacts], [each.telephone for each in contacts]


def _day_after(day: date | None) -> date | None:
    return None if day is None else day + ONE_DAY
