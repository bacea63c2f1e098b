"""What somebody typed into the form, read forgivingly: the number as it is, days as people write them."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shared.clock import day_bounds, london_day

LONGEST_NUMBER = 200
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII)
_BRITISH = re.compile(r"(?P<day>\d{1,2})[\s/.-]+(?P<month>\d{1,2})[\s/.-]+(?P<year>\d{4})", re.ASCII)
_WRITTEN = re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+(?P<month>[a-z]{3,9})\s+(?P<year>\d{4})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """Something that has to be typed again: in which field, and how."""

    field: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The form as it was filled in."""

    number: str = ""
    valid_at: str = ""
    known_at: str = ""

    @property
    def about_another_day(self) -> bool:
        """Say whether more than the number was filled in."""
        return bool(self.valid_at or self.known_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The form as it was understood: either mistakes, or what to ask the register."""

    question: Question
    mistakes: tuple[Mistake, ...] = ()
    valid_at: date | None = None
    known_on: date | None = None
    known_at: datetime | None = None


def read(question: Question, *, now: datetime) -> Reading:
    """Return what the form asks; a day of knowledge ends when that day ends in London."""
    today = london_day(now)
    valid_at, known_on = day_written(question.valid_at), day_written(question.known_at)
    mistakes: list[Mistake] = []
    if not question.number:
        mistakes.append(Mistake(field="number", says="Enter a registration number"))
    elif len(question.number) > LONGEST_NUMBER:
        mistakes.append(Mistake(field="number", says="A registration number is 10 characters long"))
    if question.valid_at and valid_at is None:
        mistakes.append(_no_such_day("valid_at", "day to check"))
    if question.known_at and known_on is None:
        mistakes.append(_no_such_day("known_at", "day the register was read"))
    if known_on is not None and known_on > today:
        says = "The day the register was read must be today or in the past"
        mistakes.append(Mistake(field="known_at", says=says))
    if mistakes:
        return Reading(question=question, mistakes=tuple(mistakes))
    known_at = day_bounds(known_on)[1] - timedelta(microseconds=1) if known_on and known_on < today else None
    return Reading(question=question, valid_at=valid_at, known_on=known_on, known_at=known_at)


def day_written(text: str) -> date | None:
    """Return the day that is meant by 2026-11-21, 21/11/2026 or 21 November 2026; None when it is no day."""
    folded = text.strip().lower()
    for form in (_ISO, _BRITISH, _WRITTEN):
        found = form.fullmatch(folded)
        if found is None:
            continue
        month = found["month"]
        if not month.isdigit():
            month = str(_MONTHS.index(month[:3]) + 1) if month[:3] in _MONTHS else "0"
        try:
            day = date(int(found["year"]), int(month), int(found["day"]))
        except ValueError:
            return None
        return day if 1900 <= day.year <= 2999 else None
    return None


def _no_such_day(field: str, name: str) -> Mistake:
    return Mistake(field=field, says=f"The {name} must be a real day, like 21 November 2026")
