"""By when something is due: days counted on, moved to a working day, and the days of reminding before."""

from collections.abc import Container, Sequence
from datetime import date, timedelta

from services.cpd.domain.audit.case import State
from services.cpd.domain.audit.policy import AuditPolicy

ONE_DAY = timedelta(days=1)
SATURDAY = 5


def working_day(day: date, holidays: Container[date]) -> date:
    """Return the day, or the next one that is neither at a weekend nor a bank holiday."""
    while day.weekday() >= SATURDAY or day in holidays:
        day += ONE_DAY
    return day


def days_of(state: State, policy: AuditPolicy) -> int | None:
    """Return for how many days a case waits in a state that it has just come to, None where for none."""
    return {
        State.NOTIFIED: policy.evidence_days,
        State.MORE_ASKED: policy.more_information_days,
        State.TIME_GIVEN: policy.time_given_days,
        State.REFUSED: policy.appeal_days,
    }.get(state)


def due_on(state: State, policy: AuditPolicy, *, today: date, holidays: Container[date]) -> date | None:
    """Return the last day for what a case waits for in a state that it has just come to."""
    days = days_of(state, policy)
    return None if days is None else working_day(today + timedelta(days=days), holidays)


def reminded_since(due: date, days_before: Sequence[int], *, today: date) -> date | None:
    """Return the day on which the newest reminder of what is due came up, None where none has yet."""
    passed = [day for each in days_before if (day := due - timedelta(days=each)) <= today]
    return max(passed, default=None)
