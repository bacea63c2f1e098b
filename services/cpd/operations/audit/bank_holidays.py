"""The bank holidays of the home countries, on which nothing falls due."""

from datetime import date
from enum import StrEnum
from functools import cache

import holidays


class Nation(StrEnum):
    """A home country, by the code of ISO 3166-2."""

    ENGLAND = "ENG"
    WALES = "WLS"
    SCOTLAND = "SCT"
    NORTHERN_IRELAND = "NIR"


class BankHolidays:
    """The bank holidays of a home country; where none is known, of England and Wales, which share theirs."""

    def __init__(self, nation: str | None) -> None:
        self._nation = nation or Nation.ENGLAND.value

    def __contains__(self, day: object) -> bool:
        """Tell whether a day is a bank holiday."""
        return isinstance(day, date) and day in _of(self._nation, day.year)


@cache
def _of(nation: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv=nation, years=year))
