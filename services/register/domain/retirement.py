"""Who may wish for which retirement: an association may not put its member out of a registrar's reach."""

from datetime import date, timedelta

from shared.errors import Conflict, Unprocessable

FURTHEST_AHEAD = timedelta(days=366)


class RetirementUnderSuspension(Conflict):
    """This person is suspended, so only a registrar can record that they retire."""


class RetirementInThePast(Unprocessable):
    """An association can record a retirement from today on; ask a registrar for an earlier day."""


class RetirementTooFarAhead(Unprocessable):
    """A retirement can be recorded at most a year ahead: record it nearer to the day."""


def check_wish(*, on: date, today: date, by_registrar: bool, suspended: bool) -> None:
    """Refuse a retirement on a day that the caller may not choose, or of somebody who is suspended."""
    if on > today + FURTHEST_AHEAD:
        raise RetirementTooFarAhead
    if by_registrar:
        return
    if suspended:
        raise RetirementUnderSuspension
    if on < today:
        raise RetirementInThePast
