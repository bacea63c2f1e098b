"""The registration number as people type it; the register gives numbers out, CPD only reads them."""

import re

from shared.errors import Malformed

_CANONICAL = re.compile(r"CR[0-9]{7}[0-9X]")
_MOST_CHARACTERS = 64
# What people paste between the groups of a number, invisible characters of word processors among them.
_SEPARATORS = dict.fromkeys(
    map(
        ord,
        " \t\r\n-\u00a0\u00ad\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
        "\u200b\u2010\u2011\u2012\u2013\u2014\u2015\u202f\u205f\u2060\u2212\u3000\ufeff",
    )
)


class MalformedNumber(Malformed):
    """{reason} A registration number is CR, seven digits and a check character, such as CR12345672."""


def check_character(digits: str) -> str:
    """Return the ISO 7064 MOD 11-2 check character of a run of ASCII digits."""
    product = 0
    for digit in digits:
        product = (product + int(digit)) * 2 % 11
    check = (12 - product) % 11
    return "X" if check == 10 else str(check)


def parse_number(text: str) -> str:
    """Return the canonical registration number, forgiving case, spaces and hyphens."""
    if len(text) > _MOST_CHARACTERS:
        raise MalformedNumber(reason="This is far too long to be a registration number.")
    number = text.translate(_SEPARATORS).upper()
    if not _CANONICAL.fullmatch(number):
        raise MalformedNumber(reason="This is not written as a registration number is.")
    if number[9] != check_character(number[2:9]):
        raise MalformedNumber(
            reason="The last character does not fit the digits before it, so one of them is "
            "mistyped or two have changed places."
        )
    return number
