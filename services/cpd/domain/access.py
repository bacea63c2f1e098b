"""Whose records a caller may write and read: its own association's members, and of nobody else anything."""

from shared.actor import Actor
from shared.errors import Forbidden, NotFound


class NoSuchMember(NotFound):
    """There is no such member, or it is not one of yours."""


class AssociationMissing(Forbidden):
    """Your access token speaks for no association, so it cannot write or read members."""


def own_association(actor: Actor) -> str:
    """Return the association for which the caller speaks."""
    if actor.association is None:
        raise AssociationMissing
    return actor.association
