"""Whom a question about a record is about, and who may ask it."""

from services.register.operations.verdicts import not_issued
from services.register.storage import memberships, people
from services.register.storage.rights.records import Subject
from shared.actor import Actor
from shared.database import Transaction

DECIDE = "register:decide"


async def spoken_for(tx: Transaction, number: str, *, actor: Actor) -> Subject:
    """Return the person whom a canonical number names, to a registrar or an association of the person's.

    To anybody else there is no such number.
    """
    person = await people.find_by_number(tx, number)
    if person is None:
        raise not_issued(number)
    group = (await people.groups_of(tx, [person.id]))[person.id]
    if not actor.may(DECIDE):
        association = actor.association
        if association is None or not await memberships.belongs(tx, group, association):
            raise not_issued(number)
    found = await people.find_many(tx, group)
    return Subject(ids=group, numbers=tuple(found[each].number for each in group))
