"""An association's member file: which column means what, and whose words stand for which of ours."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from services.register.domain.person import folded
from shared.errors import Unprocessable

MOST_COLUMNS = 200
MOST_WORDS = 500
LONGEST_WORD = 200
# A title or an empty line may stand above the names of the columns.
HEADER_WITHIN = 10


class Field(StrEnum):
    """What the register takes from a member file."""

    MEMBER_ID = "member_id"
    GIVEN_NAMES = "given_names"
    FAMILY_NAME = "family_name"
    PREVIOUS_FAMILY_NAMES = "previous_family_names"
    DATE_OF_BIRTH = "date_of_birth"
    EMAIL = "email"
    TELEPHONE = "telephone"
    HOME_COUNTRY = "home_country"
    REGIONS = "regions"
    SETTINGS = "settings"
    ROLES = "roles"
    SPECIALISMS = "specialisms"
    LANGUAGES = "languages"
    CLIENT_GROUPS = "client_groups"
    LEVEL = "level"
    CATEGORY = "category"
    VALID_FROM = "valid_from"
    VALID_TO = "valid_to"
    REGISTRATION_NUMBER = "registration_number"


REQUIRED = (Field.MEMBER_ID, Field.GIVEN_NAMES, Field.FAMILY_NAME, Field.LEVEL, Field.VALID_FROM)

SYNONYMS: dict[Field, tuple[str, ...]] = {
    Field.MEMBER_ID: (
        "member id", "member no", "member number", "membership no", "membership number", "membership id",
        "mem no", "member ref", "member reference", "membership ref", "external id",
    ),
    Field.GIVEN_NAMES: (
        "given names", "given name", "forename", "forenames", "forename(s)", "first name", "first names",
        "firstname", "christian name",
    ),
    Field.FAMILY_NAME: ("family name", "surname", "last name", "lastname", "second name"),
    Field.PREVIOUS_FAMILY_NAMES: (
        "previous family names", "previous family name", "previous surname", "previous surnames",
        "former surname", "former name", "maiden name", "previous name", "previous names",
    ),
    Field.DATE_OF_BIRTH: ("date of birth", "dob", "d.o.b.", "birth date", "birthdate", "born"),
    Field.EMAIL: ("email", "e-mail", "email address", "e-mail address", "mail"),
    Field.TELEPHONE: ("telephone", "telephone number", "phone", "phone number", "tel", "tel no", "mobile"),
    Field.HOME_COUNTRY: ("home country", "country", "nation", "home nation"),
    Field.REGIONS: ("regions", "region", "area", "areas"),
    Field.SETTINGS: ("settings", "setting", "work setting", "place of work", "sector", "sectors"),
    Field.ROLES: ("roles", "role", "job role", "occupation"),
    Field.SPECIALISMS: ("specialisms", "specialism", "specialist area", "specialist areas"),
    Field.LANGUAGES: ("languages", "language", "languages spoken", "works in languages"),
    Field.CLIENT_GROUPS: ("client groups", "client group", "clients", "works with"),
    Field.LEVEL: (
        "level", "membership level", "grade", "membership grade", "member grade", "membership type",
        "member type", "class of membership",
    ),
    Field.CATEGORY: ("category", "membership category", "member category", "sub-category"),
    Field.VALID_FROM: (
        "valid from", "member since", "joined", "date joined", "join date", "joined on", "start date",
        "membership start", "membership start date", "membership from",
    ),
    Field.VALID_TO: (
        "valid to", "valid until", "expires", "expiry", "expiry date", "expires on", "end date",
        "membership end", "membership end date", "membership to", "paid until", "left", "date left",
    ),
    Field.REGISTRATION_NUMBER: (
        "registration number", "registration no", "register number", "registration", "reg no", "reg number",
    ),
}  # fmt: skip

# The columns that our own files of outcomes add: a mended file comes back with them.
OUTCOME_COLUMNS = ("import row", "import outcome", "import number", "import message")

_FIELD_OF = {folded(word): name for name, words in SYNONYMS.items() for word in (*words, name.value)}
_OURS = frozenset(folded(column) for column in OUTCOME_COLUMNS)


class MappingNotUsable(Unprocessable):
    """The mapping of columns cannot be used: {reason}"""


class ColumnsMissing(Unprocessable):
    """The file has no column for {missing}. The columns found are: {found}. Name the column in a mapping,
    or rename it in the file."""


class ColumnNamedTwice(Unprocessable):
    """Two columns of the file are named “{column}”: rename or delete one of them."""


class FieldGivenTwice(Unprocessable):
    """The columns “{first}” and “{second}” both give the {field}: say in a mapping which one counts."""


class FileHasNoRows(Unprocessable):
    """The file has no rows below the names of its columns."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FileMapping:
    """An association's own words: which column gives which field, and which word stands for which of ours.

    A column given None is left out on purpose. Words are compared without case, accents or punctuation.
    """

    columns: Mapping[str, Field | None] = field(default_factory=dict)
    values: Mapping[Field, Mapping[str, str]] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the mapping as JSON that ``parse_mapping`` reads back unchanged."""
        return {"columns": dict(self.columns), "values": {name: dict(w) for name, w in self.values.items()}}


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """How the columns of one file are read: the field of each, or None where a column is left out."""

    columns: tuple[str, ...]
    fields: tuple[Field | None, ...]
    warnings: tuple[str, ...] = ()

    def place(self, name: Field) -> int | None:
        """Return which column gives a field, or None."""
        return self.fields.index(name) if name in self.fields else None


def parse_mapping(given: Any) -> FileMapping:
    """Read a mapping from JSON such as ``{"columns": {"Grade": "level"}, "values": {"level": {"Full":
    "professional"}}}``; raises MappingNotUsable.
    """
    if not isinstance(given, dict) or set(given) - {"columns", "values"}:
        raise MappingNotUsable(reason="it has the two parts columns and values, and no other.")
    columns = {
        column: None if name is None else _field(name)
        for column, name in _words(given.get("columns", {}), "columns").items()
    }
    values_given = given.get("values", {})
    if not isinstance(values_given, dict):
        raise MappingNotUsable(reason="values has one part for each field.")
    values: dict[Field, dict[str, str]] = {}
    for name, words in values_given.items():
        values[_field(name)] = {w: str(code) for w, code in _words(words, f"values of {name}").items()}
    return FileMapping(columns=columns, values=values)


def find_header(rows: Sequence[Sequence[str]], mapping: FileMapping) -> int:
    """Return the place of the row with the names of the columns: the one among the first ten that has
    the most names we know, and where none has, the first that is not empty. Raises FileHasNoRows.
    """
    filled = [place for place, row in enumerate(rows[:HEADER_WITHIN]) if any(cell.strip() for cell in row)]
    if not filled:
        raise FileHasNoRows
    known = {folded(column) for column in mapping.columns} | _FIELD_OF.keys()

    def recognised(place: int) -> int:
        return sum(1 for cell in rows[place] if folded(cell) in known)

    return max(filled, key=lambda place: (recognised(place), -place))


def lay_out(header: Sequence[str], mapping: FileMapping) -> Layout:
    """Decide what each column means.

    Raises ColumnNamedTwice, FieldGivenTwice or ColumnsMissing; a column that means nothing to us is named
    in a warning.
    """
    columns = tuple(_trimmed(header))
    if len(columns) > MOST_COLUMNS:
        raise MappingNotUsable(reason=f"a file may have at most {MOST_COLUMNS} columns.")
    _check_distinct(columns)
    by_word = {folded(column): name for column, name in mapping.columns.items()}
    chosen = {name for name in by_word.values() if name is not None}
    fields = tuple(_meaning(column, by_word, chosen) for column in columns)
    _check_fields(columns, fields)
    return Layout(columns=columns, fields=fields, warnings=tuple(_warnings(columns, fields, by_word)))


def words_of(names: Iterable[str]) -> str:
    """Return names as they are listed in a sentence."""
    listed = [f"“{name}”" for name in names]
    return ", ".join(listed) if listed else "none"


def _trimmed(header: Sequence[str]) -> list[str]:
    columns = [" ".join(cell.split()) for cell in header]
    while columns and not columns[-1]:
        columns.pop()
    return columns


def _check_distinct(columns: Sequence[str]) -> None:
    seen: set[str] = set()
    for column in columns:
        word = folded(column)
        if word and word in seen:
            raise ColumnNamedTwice(column=column)
        seen.add(word)


def _meaning(column: str, by_word: Mapping[str, Field | None], chosen: set[Field]) -> Field | None:
    """Return the field of a column; a mapping's own choice for a field keeps other columns from it."""
    word = folded(column)
    if word in by_word:
        return by_word[word]
    known = _FIELD_OF.get(word)
    return None if known in chosen else known


def _check_fields(columns: Sequence[str], fields: Sequence[Field | None]) -> None:
    first: dict[Field, str] = {}
    for column, name in zip(columns, fields, strict=True):
        if name is None:
            continue
        if name in first:
            raise FieldGivenTwice(first=first[name], second=column, field=plain(name))
        first[name] = column
    missing = [name for name in REQUIRED if name not in first]
    if missing:
        raise ColumnsMissing(
            missing=", ".join(f"the {plain(name)}" for name in missing),
            found=words_of(column for column in columns if column),
        )


def plain(name: Field) -> str:
    """Return a field as people call it."""
    return _PLAIN.get(name) or name.value.replace("_", " ")


_PLAIN = {
    Field.MEMBER_ID: "member number",
    Field.VALID_FROM: "first day of membership",
    Field.VALID_TO: "last day of membership",
    Field.LEVEL: "membership level",
    Field.EMAIL: "e-mail address",
    Field.REGIONS: "region",
    Field.SETTINGS: "setting",
    Field.ROLES: "role",
    Field.SPECIALISMS: "specialism",
    Field.LANGUAGES: "language",
    Field.CLIENT_GROUPS: "client group",
    Field.PREVIOUS_FAMILY_NAMES: "previous family name",
}


def _warnings(
    columns: Sequence[str], fields: Sequence[Field | None], by_word: Mapping[str, Field | None]
) -> Iterable[str]:
    unknown = [
        column
        for column, name in zip(columns, fields, strict=True)
        if column and name is None and folded(column) not in by_word and folded(column) not in _OURS
    ]
    if unknown:
        yield f"These columns are not known and were left out: {words_of(unknown)}."
    present = {folded(column) for column in columns}
    absent = [word for word in by_word if word not in present]
    if absent:
        yield "Some columns that the mapping names are not in the file."


def _field(name: Any) -> Field:
    if name not in set(Field):
        raise MappingNotUsable(reason=f"the fields are {', '.join(Field)}.")
    return Field(name)


def _words(given: Any, part: str) -> dict[str, Any]:
    if not isinstance(given, dict) or len(given) > MOST_WORDS:
        raise MappingNotUsable(reason=f"{part} has at most {MOST_WORDS} words, each with its meaning.")
    for word, meaning in given.items():
        too_long = len(word) > LONGEST_WORD or (isinstance(meaning, str) and len(meaning) > LONGEST_WORD)
        unseen = not word.isprintable() or not str(meaning).isprintable()
        if too_long or unseen or not folded(word) or not (meaning is None or isinstance(meaning, str)):
            raise MappingNotUsable(reason=f"{part} has words of 1 to {LONGEST_WORD} characters.")
    return dict(given)
