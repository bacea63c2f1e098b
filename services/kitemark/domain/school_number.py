"""A school's number: one text that says which register of schools gave it.

England's and Wales's numbers of the Department for Education (URN) stand as six bare digits; the numbers of
the other nations' own registers stand behind a prefix, so that none can pose as a URN. What those look like
inside is not settled by any source that we have, so no more than a sane alphabet is asked of them.
"""

import re

from shared.errors import Unprocessable

_URN = re.compile(r"[1-9][0-9]{5}", re.ASCII)
_CHILDRENS_CENTRE = re.compile(r"[0-9]{5}", re.ASCII)
_OTHER = re.compile(r"(NI|SCO|WAL):([0-9A-Z][0-9A-Z-]{2,14})", re.ASCII)


class SchoolNumberNotReadable(Unprocessable):
    """A school is named by its URN of six digits, or by NI:, SCO: or WAL: and its number there."""


class ChildrensCentreNumber(Unprocessable):
    """This is the number of a children's centre, of five digits; awards are held by schools and colleges."""


def parse_school_number(text: str) -> str:
    """Return a school's number as it is stored; spaces around it and lower case do not matter.

    Raises ChildrensCentreNumber and SchoolNumberNotReadable.
    """
    number = text.strip().upper()
    if _URN.fullmatch(number) or _OTHER.fullmatch(number):
        return number
    if _CHILDRENS_CENTRE.fullmatch(number):
        raise ChildrensCentreNumber
    raise SchoolNumberNotReadable


def is_urn(number: str) -> bool:
    """Say whether a school's number is a URN."""
    return _URN.fullmatch(number) is not None
