"""One row of a member file: its cells read as a member, or what is wrong with them in plain words."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from hashlib import blake2b
from typing import Any, NamedTuple

from services.register.domain.member import EARLIEST_BIRTH, STUDENT, Contact, Details, Membership, Telling
from services.register.domain.member_cells import (
    MOST_IN_LIST,
    Wrong,
    day,
    email,
    family_names,
    is_damage,
    member_id,
    name_of,
    number,
    plain_cell,
    quoted,
    telephone,
    tidy,
)
from services.register.domain.member_file import Field, FileMapping, Layout, plain
from services.register.domain.person import folded
from services.register.domain.policy import MembershipLevel
from shared.written_days import NotADay

_SEPARATOR = re.compile(r"[;|\n]")
LATEST_YEAR = 2200
# Raised when a row would be read otherwise than before, so that no row counts as read that was not so read.
RULES = 1
DIVIDER = "\x1f"
_WHITE = "\t\r\n"

_LEVELS = {folded(level): level for level in MembershipLevel}
_STUDENT_LEVELS = frozenset({"student", "studentaffiliate", "affiliatestudent", "studentmember"})
_LISTED = frozenset(
    {Field.REGIONS, Field.SETTINGS, Field.ROLES, Field.SPECIALISMS, Field.LANGUAGES, Field.CLIENT_GROUPS}
)
_NO_CATEGORY = frozenset({"", "none", "na", "no", "full", "ordinary", "standard"})


Codes = Mapping[str, Mapping[str, str]]
"""For each field of details every accepted spelling of a code, folded, to the code."""


class MemberRow(NamedTuple):
    """What a row says of one member."""

    member_id: str
    telling: Telling


CellReader = Callable[[str], Any]


class RowReader:
    """Reads the rows of one file."""

    def __init__(self, layout: Layout, mapping: FileMapping, codes: Codes, *, today: date) -> None:
        self.width = len(layout.columns)
        self.member_id_place = layout.fields.index(Field.MEMBER_ID)
        self._today = today
        self._codes_of = codes
        self._columns = layout.columns
        way = repr((layout.columns, layout.fields, mapping.as_dict(), sorted(codes.items()), RULES))
        self._key = blake2b(way.encode("utf-8", "replace"), digest_size=32).digest()
        self._values = {
            name: {folded(word): code for word, code in words.items()}
            for name, words in mapping.values.items()
        }
        self._cells = tuple(
            (place, name, _remembering(self._reader(name)))
            for place, name in enumerate(layout.fields)
            if name is not None
        )
        has = {name.value for _, name, _ in self._cells}
        self._given = tuple(each for each in Details.__dataclass_fields__ if each in has)
        self._given_contact = tuple(each for each in Contact.__dataclass_fields__ if each in has)
        self.gives_end = Field.VALID_TO in layout.fields
        self.gives_category = Field.CATEGORY in layout.fields

    def completed(self, told: Telling, details: Details, contact: Contact) -> Telling:
        """Return what a row tells, with what is recorded in place of what the file has no column for."""
        given = {name: getattr(told.details, name) for name in self._given}
        reached = {name: getattr(told.contact, name) for name in self._given_contact}
        return replace(told, details=replace(details, **given), contact=replace(contact, **reached))

    def may_be_known(self, cells: Sequence[str]) -> bool:
        """Say whether a row has the form of one that can have been seen before."""
        return len(cells) == self.width and cells[self.member_id_place].isprintable()

    def digest(self, cells: Sequence[str]) -> bytes:
        """Return a digest of what a row says, read in this way: other words or codes make another."""
        return blake2b(DIVIDER.join(cells).encode("utf-8", "replace"), digest_size=16, key=self._key).digest()

    def read(self, cells: Sequence[str]) -> tuple[MemberRow | None, list[str]]:
        """Return the member that a row tells of, or None and what is wrong with the row."""
        if len(cells) != self.width:
            if any(cell.strip() for cell in cells[self.width :]):
                more = f"there are {len(cells)} cells but only {self.width} columns"
                return None, [f"{more}: a comma may stand in a cell without quotation marks"]
            cells = [*cells[: self.width], *[""] * (self.width - len(cells))]
        wrong: list[str] = []
        if not "".join(cells).isprintable():
            cells = [self._clean(place, cell, wrong) for place, cell in enumerate(cells)]
        found: dict[Field, Any] = {}
        for place, name, reader in self._cells:
            cell = cells[place]
            try:
                found[name] = reader(cell)
            except (Wrong, NotADay) as fault:
                wrong.append(f"the {plain(name)} {fault}")
        if wrong:
            return None, wrong
        try:
            return self._member(found), []
        except Wrong as fault:
            return None, [str(fault)]

    def _member(self, found: Mapping[Field, Any]) -> MemberRow:
        name = name_of(found[Field.GIVEN_NAMES], found[Field.FAMILY_NAME])
        level, category = found[Field.LEVEL]
        membership = Membership(
            level=level,
            category=found.get(Field.CATEGORY) or category,
            valid_from=_needed(found, Field.VALID_FROM),
            valid_to=found.get(Field.VALID_TO),
        )
        _check_membership(membership)
        details = Details(
            given_names=name.given_names,
            family_name=name.family_name,
            date_of_birth=found.get(Field.DATE_OF_BIRTH),
            home_country=found.get(Field.HOME_COUNTRY),
            regions=found.get(Field.REGIONS, ()),
            settings=found.get(Field.SETTINGS, ()),
            roles=found.get(Field.ROLES, ()),
            specialisms=found.get(Field.SPECIALISMS, ()),
            languages=found.get(Field.LANGUAGES, ()),
            client_groups=found.get(Field.CLIENT_GROUPS, ()),
        )
        return MemberRow(
            member_id=found[Field.MEMBER_ID],
            telling=Telling(
                details=details,
                contact=Contact(
                    email=found.get(Field.EMAIL) or None, telephone=found.get(Field.TELEPHONE) or None
                ),
                previous=tuple(
                    name_of(name.given_names, family) for family in found.get(Field.PREVIOUS_FAMILY_NAMES, ())
                ),
                membership=membership,
                registration_number=found.get(Field.REGISTRATION_NUMBER),
            ),
        )

    def _clean(self, place: int, cell: str, wrong: list[str]) -> str:
        """Turn line breaks into spaces, and note what cannot be seen and was not meant."""
        for character in cell:
            if not character.isprintable() and character not in _WHITE and is_damage(character):
                wrong.append(
                    f"the cell of “{self._columns[place]}” contains a character that cannot be seen "
                    f"(code {ord(character)}): type the cell anew"
                )
                return ""
        return cell

    def _reader(self, name: Field) -> CellReader:
        if name in _LISTED:
            return lambda cell: self._codes(name, cell)
        return {
            Field.MEMBER_ID: member_id,
            Field.DATE_OF_BIRTH: self._birth,
            Field.EMAIL: email,
            Field.TELEPHONE: telephone,
            Field.HOME_COUNTRY: lambda cell: self._code(Field.HOME_COUNTRY, cell) if cell.strip() else None,
            Field.LEVEL: self._level,
            Field.CATEGORY: self._category,
            Field.VALID_FROM: _membership_day,
            Field.VALID_TO: lambda cell: _membership_day(cell, endless=True),
            Field.REGISTRATION_NUMBER: number,
            Field.PREVIOUS_FAMILY_NAMES: family_names,
        }.get(name, tidy)

    def _translated(self, name: Field, cell: str) -> str:
        """Return the association's word in our words, folded."""
        word = folded(cell)
        return folded(self._values.get(name, {}).get(word, word))

    def _code(self, name: Field, cell: str) -> str:
        code = self._codes_of[name].get(self._translated(name, cell))
        if code is None:
            known = ", ".join(sorted(set(self._codes_of[name].values())))
            raise Wrong(f"{quoted(cell)} is not known; it may be {known}")
        return code

    def _codes(self, name: Field, cell: str) -> tuple[str, ...]:
        if not cell.strip():
            return ()
        # A whole cell may be one title that has a separator in it.
        if self._translated(name, cell) in self._codes_of[name]:
            return (self._code(name, cell),)
        parts = [part for part in _SEPARATOR.split(cell) if part.strip()]
        if len(parts) == 1:
            parts = [part for part in cell.split(",") if part.strip()]
        if len(parts) > MOST_IN_LIST:
            raise Wrong(f"lists more than {MOST_IN_LIST} things")
        return tuple(sorted({self._code(name, part) for part in parts}))

    def _level(self, cell: str) -> tuple[MembershipLevel, str | None]:
        word = self._translated(Field.LEVEL, cell)
        if word in _STUDENT_LEVELS:
            return MembershipLevel.AFFILIATE, STUDENT
        level = _LEVELS.get(word) or _LEVELS.get(word.removesuffix("member").removesuffix("membership"))
        if level is None:
            if not word:
                raise Wrong("is missing")
            raise Wrong(
                f"{quoted(cell)} is not known: say in the mapping whether it stands for professional, "
                "associate, affiliate or student"
            )
        return level, None

    def _category(self, cell: str) -> str | None:
        word = self._translated(Field.CATEGORY, cell)
        if word in _NO_CATEGORY:
            return None
        if word != STUDENT:
            raise Wrong(f"{quoted(cell)} is not known; it may be student or empty")
        return STUDENT

    def _birth(self, cell: str) -> date | None:
        born = day(cell)
        if born is None:
            return None
        if born > self._today:
            raise Wrong(f"{cell.strip()} lies in the future")
        if born < EARLIEST_BIRTH:
            raise Wrong(f"{cell.strip()} lies before 1 January 1900")
        return born


def _remembering(reader: CellReader) -> CellReader:
    """Read a text once: a file says few different days, levels and places, many times over."""
    seen: dict[str, Any] = {}

    def read(cell: str) -> Any:
        try:
            return seen[cell]
        except KeyError:
            value = reader(plain_cell(cell))
            if len(seen) < 20_000:
                seen[cell] = value
            return value

    return read


def _membership_day(cell: str, *, endless: bool = False) -> date | None:
    """Read a day of membership; an end in the year 9999 is how some systems write that there is none."""
    found = day(cell)
    if found is None or (endless and found.year == date.max.year):
        return None
    if found.year < EARLIEST_BIRTH.year:
        raise Wrong(f"{cell} lies before 1 January 1900")
    if found.year > LATEST_YEAR:
        raise Wrong(f"{cell} lies too far in the future")
    return found


def _needed(found: Mapping[Field, Any], name: Field) -> date:
    day = found[name]
    if not isinstance(day, date):
        raise Wrong(f"the {plain(name)} is missing")
    return day


def _check_membership(membership: Membership) -> None:
    if membership.valid_to is not None and membership.valid_to < membership.valid_from:
        raise Wrong("the membership ends before it begins")
    if membership.category == STUDENT and membership.level is not MembershipLevel.AFFILIATE:
        raise Wrong(
            f"student is a category of affiliate membership only, so it cannot go with {membership.level}"
        )
