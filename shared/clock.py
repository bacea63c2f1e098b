"""The only place that reads the time. A day is a day in Europe/London."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return this instant."""
    return datetime.now(UTC)


def london_day(instant: datetime) -> date:
    """Return the day that it is in London at ``instant``."""
    return instant.astimezone(LONDON).date()


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Return the first instant of ``day`` in London and the first instant after it, in UTC."""
    start = datetime.combine(day, time(), tzinfo=LONDON)
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=LONDON)
    return start.astimezone(UTC), end.astimezone(UTC)


def rfc3339(instant: datetime) -> str:
    """Write an instant as in ``2026-11-21T09:30:00Z``, with microseconds where it has them."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
