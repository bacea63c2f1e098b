"""The cells of a member file: what is read from each, or what is wrong with it in plain words."""

import re
import unicodedata
from datetime import date

from services.register.domain.member_file import Field
from services.register.domain.person import (
    MOST_NAME_CHARACTERS,
    MalformedNumber,
    Name,
    NameNotUsable,
    checked_name,
    parse_number,
)
from shared.written_days import parse_day

LONGEST = {Field.MEMBER_ID: 64, Field.EMAIL: 254, Field.TELEPHONE: 40}
LONGEST_CELL = 2_000
MOST_IN_LIST = 50
QUOTED = 60

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_TELEPHONE = re.compile(r"[0-9+(). -]*[0-9][0-9a-z+(). -]*", re.IGNORECASE)
# What a spreadsheet would run as a formula stands behind an apostrophe in our own files of outcomes.
GUARDED = "=+-@\t\r"
_DIRECTION = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


class Wrong(ValueError):
    """A cell that cannot be used; the message continues a sentence that names the cell."""


def plain_cell(cell: str) -> str:
    """Return a cell composed and trimmed, without the guard of our own files."""
    if not cell.isascii():
        cell = unicodedata.normalize("NFC", cell)
    if len(cell) > LONGEST_CELL:
        raise Wrong(f"is longer than {LONGEST_CELL} characters")
    if cell.startswith("'") and cell[1:2] and cell[1] in GUARDED:
        cell = cell[1:]
    return cell.strip()


def is_damage(character: str) -> bool:
    """Tell control characters, lone surrogates and changes of direction from spaces and joiners."""
    return unicodedata.category(character) in {"Cc", "Cs"} or character in _DIRECTION


def quoted(cell: str) -> str:
    """Return a cell as it is shown in a sentence."""
    text = cell.strip()
    return f"“{text[:QUOTED]}…”" if len(text) > QUOTED else f"“{text}”"


def tidy(cell: str) -> str:
    """Return a text with single spaces."""
    return " ".join(cell.split())


def _within(name: Field, text: str) -> str:
    if len(text) > LONGEST[name]:
        raise Wrong(f"is longer than {LONGEST[name]} characters")
    return text


def member_id(cell: str) -> str:
    """Read the number that an association gave its member: any text that is not empty."""
    text = _within(Field.MEMBER_ID, tidy(cell))
    if not text:
        raise Wrong("is missing")
    return text


def member_id_of(cell: str) -> str:
    """Return the member number that a cell gives, or nothing where it cannot be read."""
    if cell.isascii() and cell.isalnum():
        return cell
    try:
        return member_id(plain_cell(cell))
    except Wrong:
        return ""


def email(cell: str) -> str:
    """Read an e-mail address, or nothing."""
    text = _within(Field.EMAIL, cell)
    if text and not _EMAIL.fullmatch(text):
        raise Wrong(f"{quoted(cell)} is not an address")
    return text


def telephone(cell: str) -> str:
    """Read a telephone number, or nothing."""
    text = _within(Field.TELEPHONE, tidy(cell))
    if text and not _TELEPHONE.fullmatch(text):
        raise Wrong(f"{quoted(cell)} is not a telephone number")
    return text


def day(cell: str) -> date | None:
    """Read a day, or nothing."""
    return parse_day(cell) if cell else None


def number(cell: str) -> str | None:
    """Read a registration number, or nothing."""
    if not cell:
        return None
    try:
        return parse_number(cell)
    except MalformedNumber as refusal:
        reason = str(refusal.values["reason"])
        raise Wrong(f"{quoted(cell)} is not one: {reason[0].lower()}{reason[1:].rstrip('.')}") from None


def family_names(cell: str) -> tuple[str, ...]:
    """Read several family names, divided by semicolons, commas or bars."""
    return tuple(part.strip() for part in re.split(r"[;|,\n]", cell) if part.strip())[:MOST_IN_LIST]


def name_of(given: str, family: str) -> Name:
    """Read a name as its owner has it."""
    plain_text = given.isascii() and family.isascii()
    lengths = len(given) <= MOST_NAME_CHARACTERS and len(family) <= MOST_NAME_CHARACTERS
    if plain_text and lengths and given.replace("-", "").replace(" ", "").isalpha() and family.isalpha():
        return Name(given_names=given, family_name=family)
    try:
        return checked_name(given, family)
    except NameNotUsable as refusal:
        reason = str(refusal.values["reason"])
        raise Wrong(f"{reason[0].lower()}{reason[1:].rstrip('.')}") from None
