"""Members as their association reads them back: in full, and nobody else's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.register.domain.member import (
    AssociationMissing,
    Contact,
    Membership,
    NoSuchMember,
    current,
)
from services.register.domain.membership import LevelDecision, Missing
from services.register.domain.person import Name
from services.register.operations import deciding_levels
from services.register.storage import member_contacts, memberships, people
from services.register.storage.matching.surviving import as_shown
from services.register.storage.memberships import HeldMembership
from services.register.storage.people import Person
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.paging import Page, page_of, place_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """One member of one association: ``person`` is whoever's number is kept, ``contact`` its own."""

    association: str
    member_id: str
    person: Person
    contact: Contact
    previous: tuple[Name, ...]
    memberships: tuple[HeldMembership, ...]
    current: Membership | None
    decision: LevelDecision

    @property
    def told(self) -> tuple[tuple[int, Membership], ...]:
        """The memberships that the association told, each with the id that a correction names."""
        return tuple((each.membership_id, each.membership) for each in self.memberships)

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What the level that the association gives asks beyond what has been shown."""
        if self.current is None:
            return ()
        return deciding_levels.missing_for(self.decision, self.current.level)


async def get(db: Database, *, association: str, member_id: str, actor: Actor, now: datetime) -> Member:
    """Return a member of the caller's own association; a foreign one looks like a missing one."""
    async with db.reading(actor) as tx:
        found = None
        if own_association(actor) == association:
            found = await find(tx, association, member_id, now=now)
    if found is None:
        raise NoSuchMember
    return found


async def page(db: Database, *, actor: Actor, after: str | None, limit: int, now: datetime) -> Page[Member]:
    """Return the members of the caller's association, by member id."""
    association = own_association(actor)
    (last,) = place_of(after, str) or ("",)
    async with db.reading(actor) as tx:
        rows = await memberships.page(tx, association, after=last, limit=limit + 1)
        found = await load(tx, association, rows, now=now)
    return page_of(found, limit=limit, place=lambda member: (member.member_id,))


def own_association(actor: Actor) -> str:
    """Return the association for which the caller speaks."""
    if actor.association is None:
        raise AssociationMissing
    return actor.association


async def find(tx: Transaction, association: str, member_id: str, *, now: datetime) -> Member | None:
    """Return a member as it stands in this transaction."""
    person = await people.find_by_member_id(tx, association, member_id)
    if person is None:
        return None
    return (await load(tx, association, [(member_id, person.id)], now=now))[0]


async def load(
    tx: Transaction, association: str, rows: Sequence[tuple[str, int]], *, now: datetime
) -> list[Member]:
    """Return the members of these ids and people, with a fixed number of queries however many they are."""
    if not rows:
        return []
    groups = await people.groups_of(tx, [person_id for _, person_id in rows])
    kept = await people.find_many(tx, [group[0] for group in groups.values()])
    kept = await as_shown(tx, kept, groups.values())
    everyone = _everyone(groups.values())
    previous = await people.previous_names(tx, everyone)
    told = await memberships.held(tx, everyone, association=association)
    decisions = await deciding_levels.of_people(tx, groups, viewer=association, now=now)
    contacts = await member_contacts.of_members(tx, association, [member_id for member_id, _ in rows])
    today = london_day(now)
    members = []
    for member_id, person_id in rows:
        group = groups[person_id]
        own = tuple(each for each in told if each.person_id in group)
        members.append(
            Member(
                association=association,
                member_id=member_id,
                person=kept[group[0]],
                contact=contacts[member_id],
                previous=former_names(kept[group[0]], (name for each in group for name in previous[each])),
                memberships=own,
                current=current([each.membership for each in own], day=today),
                decision=decisions[person_id],
            )
        )
    return members


def former_names(person: Person, names: Iterable[Name]) -> tuple[Name, ...]:
    """Return each name once, without the one by which the person goes today."""
    return tuple(name for name in dict.fromkeys(names) if name != person.details.name)


def _everyone(groups: Iterable[Sequence[int]]) -> set[int]:
    return {each for group in groups for each in group}
