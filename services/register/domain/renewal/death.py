"""The death of a person: what can be recorded, and what can no longer be done."""

from datetime import date

from shared.errors import Conflict, Unprocessable


class HolderHasDied(Conflict):
    """The register has been told that this person has died, so this can no longer be done for them."""


class DeathAlreadyRecorded(Conflict):
    """The death of this person is recorded already."""


class DeathInTheFuture(Unprocessable):
    """The day of death lies after today: look at the evidence again."""


class DeathBeforeAdmission(Conflict):
    """This person was admitted to the register on {admitted_on}, after that day: look at the evidence
    again, and at who was admitted."""


def check_death(*, died_on: date, today: date, entered: date | None) -> None:
    """Refuse a day to come, and one before the latest day on which the person was admitted."""
    if died_on > today:
        raise DeathInTheFuture
    if entered is not None and died_on < entered:
        raise DeathBeforeAdmission(admitted_on=entered.isoformat())
