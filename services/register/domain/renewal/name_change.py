"""A change of name: to another name, from a day that has come."""

from datetime import date

from services.register.domain.person import Name
from shared.errors import Conflict, Unprocessable


class NameUnchanged(Conflict):
    """This person goes by this name already."""


class NameChangeInTheFuture(Unprocessable):
    """A change of name can be recorded from the day on which it happened: that day lies after today."""


def check_name_change(old: Name, new: Name, *, changed_on: date, today: date) -> None:
    """Refuse a change to the same name, and one to come."""
    if changed_on > today:
        raise NameChangeInTheFuture
    if old == new:
        raise NameUnchanged
