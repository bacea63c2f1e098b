"""A scheme of awards: its ladder, how long an award holds, and what is known of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from shared.errors import Unprocessable

ONE_DAY = timedelta(days=1)


class Reach(StrEnum):
    """What a stage of a ladder means for the mark, in the words of the sources (W19), the highest first."""

    FULLY_MEETS = "fully_meets"
    PROGRESSING = "progressing"
    COMMITTED = "committed"


class StageNotOnLadder(Unprocessable):
    """The scheme {scheme} has no stage {stage}; its stages are: {stages}."""


class EndOfAwardNotKnown(Unprocessable):
    """No source says how long an award of the scheme {scheme} holds: say on which day this one ends."""


class EndsBeforeItBegins(Unprocessable):
    """An award holds for at least a day: its last day cannot lie before its first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """A stage of a ladder; ``reach`` None is not known."""

    code: str
    title: str
    reach: Reach | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Scheme:
    """A scheme as it is listed. ``validity_years`` None is not known, or the body's choice."""

    code: str
    title: str
    body: str
    owner: str
    stages: tuple[Stage, ...]
    validity_years: int | None

    def stage(self, code: str) -> Stage:
        """Return a stage of the ladder; raises StageNotOnLadder."""
        for each in self.stages:
            if each.code == code:
                return each
        stages = ", ".join(each.code for each in self.stages)
        raise StageNotOnLadder(scheme=self.code, stage=code, stages=stages)

    def last_day(self, first: date, stated: date | None) -> date:
        """Return the last day of an award that begins on ``first``.

        Raises EndOfAwardNotKnown, EndsBeforeItBegins. An award of three years that begins on 29 February ends
        on 28 February.
        """
        if stated is not None:
            if stated < first:
                raise EndsBeforeItBegins
            return stated
        if self.validity_years is None:
            raise EndOfAwardNotKnown(scheme=self.code)
        year = first.year + self.validity_years
        try:
            return first.replace(year=year) - ONE_DAY
        except ValueError:  # 29 February of a year that has none
            return date(year, 2, 28)


def read_scheme(entry: Mapping[str, Any]) -> Scheme:
    """Return the scheme of an entry of the reference data."""
    return Scheme(
        code=entry["code"],
        title=entry["title"],
        body=entry["body"],
        owner=entry["owner"],
        stages=tuple(
            Stage(
                code=each["code"],
                title=each["title"],
                reach=None if each["reach"] is None else Reach(each["reach"]),
            )
            for each in entry["ladder"]
        ),
        validity_years=entry["validity_years"],
    )
