"""Who somebody is: the registration number, names as people have them, and possible duplicates."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.errors import Malformed, Unprocessable

MOST_NAME_CHARACTERS = 200
OLDEST_AGE_IN_YEARS = 120
SAME_NAME = "same-name-and-date-of-birth"
PREVIOUS_NAME = "previous-name-and-date-of-birth"

_CANONICAL = re.compile(r"CR[0-9]{7}[0-9X]")
_MOST_NUMBER_CHARACTERS = 64
# What people paste between the groups of a number: ASCII and typographic spaces, hyphens and
# dashes, and the invisible characters that word processors and web pages leave behind.
_SEPARATORS = dict.fromkeys(
    map(
        ord,
        " \t\r\n-\u00a0\u00ad\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
        "\u200b\u2010\u2011\u2012\u2013\u2014\u2015\u202f\u205f\u2060\u2212\u3000\ufeff",
    )
)
# Letters that Unicode does not decompose into a base letter and an accent.
_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h",
     "ŧ": "t", "ŋ": "n", "ĸ": "k", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ə": "e"}
)  # fmt: skip
_DIRECTION_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class MalformedNumber(Malformed):
    """{reason} A registration number is CR, seven digits and a check character, such as CR12345672."""


class NameNotUsable(Unprocessable):
    """{reason}"""


class DateOfBirthNotPossible(Unprocessable):
    """The date of birth {born} is not possible: it must lie within the last 120 years."""


class HomeCountry(StrEnum):
    """The four home countries of the United Kingdom."""

    ENGLAND = "england"
    WALES = "wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern_ireland"


@dataclass(frozen=True, kw_only=True, slots=True)
class Name:
    """A name as its owner has it; somebody with one name has it as the family name."""

    given_names: str
    family_name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """What two records are compared by before anybody is asked whether they are one person."""

    given_names: str
    family_name: str
    previous_family_names: tuple[str, ...] = ()
    previous_names: tuple[Name, ...] = ()
    date_of_birth: date | None = None


def check_character(digits: str) -> str:
    """Return the ISO 7064 MOD 11-2 check character of a run of ASCII digits."""
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError("check characters are made from ASCII digits only")
    product = 0
    for digit in digits:
        product = (product + int(digit)) * 2 % 11
    check = (12 - product) % 11
    return "X" if check == 10 else str(check)


def number_from(serial: int) -> str:
    """Return the registration number of a serial from 0 to 9,999,999."""
    if not 0 <= serial <= 9_999_999:
        raise ValueError("a serial has at most seven digits")
    digits = f"{serial:07d}"
    return f"CR{digits}{check_character(digits)}"


def parse_number(text: str) -> str:
    """Return the canonical registration number, forgiving case, spaces and hyphens."""
    if not isinstance(text, str):
        raise MalformedNumber(reason="A registration number must be given as text.")
    if len(text) > _MOST_NUMBER_CHARACTERS:
        raise MalformedNumber(reason="This is far too long to be a registration number.")
    number = text.translate(_SEPARATORS).upper()
    if not _CANONICAL.fullmatch(number):
        raise MalformedNumber(reason=_wrong_shape(number))
    if number[9] != check_character(number[2:9]):
        raise MalformedNumber(
            reason="The last character does not fit the digits before it, so one of them is "
            "mistyped or two have changed places."
        )
    return number


def _wrong_shape(number: str) -> str:
    """Say which part of the shape is wrong, the likeliest slip first."""
    if not number:
        return "No registration number was given."
    if _CANONICAL.fullmatch(number[:2] + number[2:].translate({ord("O"): "0", ord("I"): "1", ord("L"): "1"})):
        return "A letter stands where a digit should be: O may be meant as 0, and I or L as 1."
    if not number.startswith("CR"):
        return "This does not begin with CR."
    if len(number) != 10:
        return "This does not have ten characters."
    return "After CR, only the digits 0 to 9 may be used, and X in the last place."


def folded(name: str) -> str:
    """Return the key by which names are compared: no accents, case, punctuation or spaces.

    Folding a folded name changes nothing. Marks that carry meaning, such as vowel signs of
    Indic and Arabic scripts, are kept.
    """
    if name.isascii():
        lowered = name.lower()
        return lowered if lowered.isalnum() else "".join(filter(str.isalnum, lowered))
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = unicodedata.normalize("NFKD", plain).casefold().translate(_UNDECOMPOSED)
    kept = "".join(letter for letter in plain if _compared(letter))
    # Marks that stood apart may be neighbours now, and neighbours have an order.
    return unicodedata.normalize("NFKD", kept)


def _compared(character: str) -> bool:
    """Tell whether a decomposed character distinguishes one name from another."""
    category = unicodedata.category(character)
    return category[0] in "LN" or (category[0] == "M" and not _is_accent(character))


def _is_accent(mark: str) -> bool:
    """Tell whether a mark is one of Unicode's general combining diacritics."""
    return unicodedata.name(mark, "").startswith("COMBINING ")


def same_name(a: str, b: str) -> bool:
    """Tell whether two names are the same but for accents, case, punctuation and spaces."""
    key = folded(a)
    return bool(key) and key == folded(b)


def checked_name(given_names: str, family_name: str) -> Name:
    """Return the name with its spaces tidied, or refuse what cannot be a name."""
    given, family = _tidied(given_names), _tidied(family_name)
    if not family:
        raise NameNotUsable(
            reason="A family name is needed; somebody with one name gives it as the family name."
        )
    for part in filter(None, (given, family)):
        if not any(map(str.isalpha, part)):
            raise NameNotUsable(reason="A name needs at least one letter.")
    return Name(given_names=given, family_name=family)


def _tidied(text: str) -> str:
    """Return composed text with single spaces, refusing what no name contains."""
    if len(text) > MOST_NAME_CHARACTERS:
        raise NameNotUsable(reason=f"A name may have at most {MOST_NAME_CHARACTERS} characters.")
    # Line breaks and tabs inside a spreadsheet cell are spaces; other controls are damage.
    spaced = "".join(" " if _is_space(character) else character for character in text)
    if any(_is_damage(character) for character in spaced):
        raise NameNotUsable(reason="A name may not contain control characters.")
    return re.sub(" {2,}", " ", unicodedata.normalize("NFC", spaced)).strip(" ")


def _is_space(character: str) -> bool:
    """Tell whether a character separates words, a tab or a line break among them."""
    return character in "\t\r\n" or unicodedata.category(character) in {"Zs", "Zl", "Zp"}


def _is_damage(character: str) -> bool:
    """Tell whether a character is a control, a lone surrogate or a change of direction."""
    return unicodedata.category(character) in {"Cc", "Cs"} or character in _DIRECTION_CONTROLS


def checked_date_of_birth(born: date, *, today: date) -> date:
    """Return the date of birth, or refuse one that nobody living can have."""
    if born > today or born.year < today.year - OLDEST_AGE_IN_YEARS:
        raise DateOfBirthNotPossible(born=born.isoformat())
    return born


def possible_duplicate_reason(a: Identity, b: Identity) -> str | None:
    """Return why two records may be one person, for a registrar to decide; None when not.

    Nothing is ever joined on this answer alone.
    """
    if a.date_of_birth is None or a.date_of_birth != b.date_of_birth:
        return None
    name = full_name_key(a.given_names, a.family_name)
    if name and name == full_name_key(b.given_names, b.family_name):
        return SAME_NAME
    return PREVIOUS_NAME if (_known_as(a) & _known_as(b)) - {""} else None


def full_name_key(given_names: str, family_name: str) -> str:
    """Return the whole name as one key, wherever the association put the border in it."""
    return folded(given_names) + folded(family_name)


def _known_as(identity: Identity) -> set[str]:
    """Return the keys of every whole name that the person has or had."""
    families = (identity.family_name, *identity.previous_family_names)
    left = {full_name_key(name.given_names, name.family_name) for name in identity.previous_names}
    return left | {full_name_key(identity.given_names, family) for family in families}
