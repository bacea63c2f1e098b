"""Who may wish for which retirement."""

from datetime import date, timedelta

import pytest

from services.register.domain.retirement import (
    FURTHEST_AHEAD,
    RetirementInThePast,
    RetirementTooFarAhead,
    RetirementUnderSuspension,
    check_wish,
)

TODAY = date(2026, 11, 21)
DAY = timedelta(days=1)


@pytest.mark.parametrize("on", [TODAY, TODAY + FURTHEST_AHEAD])
def test_an_association_may_record_a_retirement_from_today_to_a_year_ahead(on: date) -> None:
    check_wish(on=on, today=TODAY, by_registrar=False, suspended=False)


def test_an_association_may_not_choose_a_day_that_has_passed() -> None:
    with pytest.raises(RetirementInThePast):
        check_wish(on=TODAY - DAY, today=TODAY, by_registrar=False, suspended=False)


def test_an_association_may_not_retire_somebody_who_is_suspended() -> None:
    with pytest.raises(RetirementUnderSuspension):
        check_wish(on=TODAY, today=TODAY, by_registrar=False, suspended=True)


def test_a_registrar_may_do_both() -> None:
    check_wish(on=TODAY - DAY, today=TODAY, by_registrar=True, suspended=True)


@pytest.mark.parametrize("by_registrar", [True, False])
def test_nobody_records_a_retirement_more_than_a_year_ahead(by_registrar: bool) -> None:
    with pytest.raises(RetirementTooFarAhead):
        check_wish(on=TODAY + FURTHEST_AHEAD + DAY, today=TODAY, by_registrar=by_registrar, suspended=False)
