"""A day is a day in London, in winter and in summer time."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shared.clock import day_bounds, london_day, rfc3339


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-03-31T22:59:59+00:00", date(2026, 3, 31)),
        ("2026-03-31T23:00:00+00:00", date(2026, 4, 1)),
        ("2026-12-31T23:59:59+00:00", date(2026, 12, 31)),
        ("2027-01-01T00:00:00+00:00", date(2027, 1, 1)),
        ("2028-02-29T23:59:59+00:00", date(2028, 2, 29)),
    ],
)
def test_the_day_turns_at_midnight_in_london(instant: str, day: date) -> None:
    assert london_day(datetime.fromisoformat(instant)) == day


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 21), 24)],
)
def test_a_day_has_23_or_25_hours_when_the_clocks_change(day: date, hours: int) -> None:
    first, after = day_bounds(day)
    assert after - first == timedelta(hours=hours)
    assert london_day(first) == day == london_day(after - timedelta(microseconds=1))


def test_instants_are_written_in_utc() -> None:
    assert rfc3339(datetime(2026, 11, 21, 9, 30, tzinfo=UTC)) == "2026-11-21T09:30:00Z"
