"""Days as people write them in lists: British, ISO, or an Excel day number."""

import re
from datetime import date, timedelta

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
EXCEL_EPOCH = date(1899, 12, 30)

_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?")
_BRITISH = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{2,4})(?: 00:00(?::00)?)?")
_NAMED = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[-/. ]*([A-Za-z]{3,9})\.?,?[-/. ]*([0-9]{2,4})")
_EXCEL = re.compile(r"[0-9]{5}")


class NotADay(ValueError):
    """A cell that holds no day; the message continues a sentence that names the cell."""


def parse_day(text: str) -> date:
    """Return the day that a cell names, day before month; raises NotADay with what is wrong."""
    if _EXCEL.fullmatch(text):
        return EXCEL_EPOCH + timedelta(days=int(text))
    found = _ISO.fullmatch(text)
    if found:
        return _real(text, found[1], found[2], found[3])
    found = _BRITISH.fullmatch(text)
    if found:
        return _real(text, found[3], found[2], found[1])
    found = _NAMED.fullmatch(text)
    if found:
        return _real(text, found[3], _month(text, found[2]), found[1])
    raise NotADay(f"{text} is not a date: write it as in 21/11/2026")


def _real(text: str, year: str, month: str, day: str) -> date:
    if len(year) != 4:
        raise NotADay(f"{text} does not have a year of four digits: write it as in 21/11/2026")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        pass
    if int(month) > 12 >= int(day) and not _ISO.fullmatch(text):
        raise NotADay(f"{text} has the month before the day: write the day first, as in 21/11/2026")
    raise NotADay(f"{text} is not a real date")


def _month(text: str, word: str) -> str:
    short = word[:3].lower()
    full = ("january", "february", "march", "april", "may", "june", "july", "august", "september",
            "october", "november", "december")  # fmt: skip
    if short not in MONTHS or not full[MONTHS.index(short)].startswith(word.lower().removesuffix("t")):
        raise NotADay(f"{text} does not name a month: write it as in 21/11/2026")
    return str(MONTHS.index(short) + 1)
