"""Accreditations: a provider found by a source to meet a standard, from a day to a day."""

from dataclasses import dataclass
from datetime import date

from services.kitemark.domain.providers.standard import Standard
from shared.errors import Conflict, FieldError, Forbidden, NotFound, Unprocessable


class NoSuchAccreditation(NotFound):
    """There is no such accreditation, or it is not one of yours."""


class AccreditationNotPlausible(Unprocessable):
    """This accreditation cannot be right: see errors for what to mend."""


class AccreditationOfAnotherProvider(Conflict):
    """This id is recorded for another provider: take another id, or withdraw that accreditation."""


class AccreditationTwice(Unprocessable):
    """This id stands more than once in what was sent: only the first is looked at."""


class StandardNotYours(Forbidden):
    """The list of the standard {standard} is not kept by your body."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Accreditation:
    """What a source tells of one accreditation; both days are included.

    No source gives a period for matrix, so each accreditation has its own. ``valid_to`` None says that the
    source gives no end; then the accreditation is known to hold until ``confirmed_on``, the last day on
    which the source still listed it. From ``withdrawn_on`` on it is no more.
    """

    ukprn: str
    standard: str
    edition: str | None
    valid_from: date
    valid_to: date | None
    source: str
    confirmed_on: date | None = None
    withdrawn_on: date | None = None

    def holds(self, day: date) -> bool | None:
        """Tell whether the provider is accredited by this on a day; None is unknown."""
        if day < self.valid_from or (self.withdrawn_on is not None and self.withdrawn_on <= day):
            return False
        if self.valid_to is not None:
            return day <= self.valid_to
        return True if self.confirmed_on is not None and day <= self.confirmed_on else None


def check(told: Accreditation, standard: Standard, *, today: date) -> None:
    """Refuse an accreditation that cannot be: days in the wrong order, of the future, before its standard."""
    errors = []
    if told.edition is not None and told.edition not in standard.editions:
        known = (
            f"The editions of {standard.code} are {', '.join(standard.editions)}; leave it out if unknown."
        )
        errors.append(FieldError("/edition", "not-known", known))
    if standard.launched is not None and told.valid_from < standard.launched:
        early = f"{standard.code} was launched on {standard.launched.isoformat()} at the earliest."
        errors.append(FieldError("/valid_from", "before-its-standard", early))
    if told.valid_from > today:
        errors.append(
            FieldError("/valid_from", "in-the-future", "An accreditation is told once it is given.")
        )
    if told.valid_to is not None and told.valid_to < told.valid_from:
        errors.append(FieldError("/valid_to", "ends-early", "An accreditation cannot end before it begins."))
    if told.withdrawn_on is not None and not told.valid_from <= told.withdrawn_on <= today:
        between = "An accreditation is withdrawn on a day between its first one and today."
        errors.append(FieldError("/withdrawn_on", "out-of-place", between))
    if told.confirmed_on is not None and not told.valid_from <= told.confirmed_on <= today:
        between = "A source lists an accreditation on a day between its first one and today."
        errors.append(FieldError("/confirmed_on", "out-of-place", between))
    if errors:
        raise AccreditationNotPlausible(errors=errors)
