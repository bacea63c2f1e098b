"""An award that a body gave to a school, as a dated fact."""

from dataclasses import dataclass
from datetime import date

from shared.errors import Conflict, Forbidden, NotFound, Unprocessable


class NoSuchAward(NotFound):
    """There is no such award, or it is another body's."""


class BodyMissing(Forbidden):
    """Your access token speaks for no awarding body, so it cannot write awards."""


class BodyNotAuthorised(Unprocessable):
    """The body {body} was not authorised to give awards of the scheme {scheme} on {day}."""


class AwardInTheFuture(Unprocessable):
    """An award is recorded once it has been given: its first day has not come."""


class AwardWithdrawn(Conflict):
    """This award was withdrawn, and stays withdrawn: record a new award under an id of its own."""


class WithdrawnBeforeItBegan(Unprocessable):
    """An award is withdrawn on one of its days, and not later than today."""


class SchemeNotKnown(Unprocessable):
    """There is no scheme {scheme}: GET /v1/schemes lists them."""


class SchoolNotKnown(Unprocessable):
    """No school with the URN {school} is in the national register of schools as it was last loaded."""


class CriteriaNotKnown(Unprocessable):
    """There is no version {version} of the national criteria: GET /v1/criteria-versions lists them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Award:
    """An award. Days are both included; ``withdrawn_on`` is the first day on which it no longer holds."""

    body: str
    external_id: str
    school: str
    scheme: str
    stage: str
    valid_from: date
    valid_to: date
    criteria_version: str | None = None
    certificate: str | None = None
    assessor: str | None = None
    evidence: str | None = None
    reassessment_of: str | None = None
    withdrawn_on: date | None = None
    withdrawn_reason: str | None = None

    @property
    def key(self) -> str:
        """The award's name in facts and in the journal."""
        return f"award:{self.body}/{self.external_id}"


def withdrawn_from(award: Award, day: date, *, today: date) -> date:
    """Return the day from which a withdrawn award no longer holds.

    Raises AwardWithdrawn, WithdrawnBeforeItBegan.
    """
    if award.withdrawn_on is not None:
        raise AwardWithdrawn
    if not award.valid_from <= day <= min(award.valid_to, today):
        raise WithdrawnBeforeItBegan
    return day
