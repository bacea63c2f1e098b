"""Finding the person whom a number names, for a caller who may know of them."""

from services.cpd.domain.access import NoSuchMember, own_association
from services.cpd.domain.number import parse_number
from services.cpd.storage import groups, members
from services.cpd.storage.groups import Group
from shared.actor import Actor
from shared.database import Transaction


async def own_member(tx: Transaction, number: str, actor: Actor) -> Group:
    """Return a member of the caller's own association; a foreign one looks like a missing one.

    Whoever was a member once stays one here, so that what was recorded can be read and mended.
    """
    association = own_association(actor)
    group = await named(tx, number)
    if not await members.belongs(tx, group.numbers, association):
        raise NoSuchMember
    return group


async def anybody(tx: Transaction, number: str) -> Group:
    """Return the person whom a number names; raises NoSuchMember where the register told of nobody."""
    group = await named(tx, number)
    if not await members.is_known(tx, group.numbers):
        raise NoSuchMember
    return group


async def named(tx: Transaction, number: str) -> Group:
    """Return the numbers that belong to the one given, whether or not somebody has it."""
    canonical = parse_number(number)
    return (await groups.of_numbers(tx, [canonical]))[canonical]
