"""A made-up population with the errors of real files: the register's people, and rows that others hold.

Deterministic by its seed. Common names are common, twins share a household and an address, some birth
dates are not recorded, some people have changed their name, and whoever keeps rows mistypes, shortens,
exchanges and forgets.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from services.register.domain.person import number_from

GIVEN = (
    "Sarah", "David", "Emma", "John", "Claire", "Paul", "Rachel", "Mark", "Siân", "Andrew", "Helen",
    "James", "Aoife", "Peter", "Karen", "Michael", "Priya", "Stephen", "Nicola", "Owen", "Zoë",
    "Thomas", "Megan", "Ann", "Anna", "Daniel", "Gwen", "Iain", "Fatima", "Séamus", "Jane", "Jan",
    "Louise", "Robert", "Chidinma", "Łukasz",
)  # fmt: skip
FAMILY = (
    "Smith", "Jones", "Taylor", "Williams", "Brown", "Davies", "Evans", "Wilson", "Thomas", "Roberts",
    "Johnson", "Lewis", "Walker", "Robinson", "Wood", "Thompson", "White", "Watson", "Jackson",
    "Wright", "Green", "Harris", "Cooper", "King", "Lee", "Martin", "Clarke", "James", "Morgan",
    "Hughes", "Edwards", "Hill", "Moore", "Ali", "O’Brien", "McKenzie", "Khan", "Patel", "Ní Dhónaill",
    "Llewellyn", "Smyth", "Browne", "Davis", "Thomson",
)  # fmt: skip
HEADS = (
    "Ash", "Brad", "Car", "Dun", "Elling", "Far", "Grim", "Hath", "Ives", "Kirk", "Lang", "Mar", "Nor",
    "Oak", "Pen", "Rams", "Shel", "Thorn", "Under", "Whit",
)  # fmt: skip
MIDDLES = (
    "", "bar", "cer", "den", "for", "gar", "hol", "king", "len", "mon", "ner", "ring", "ser", "ter",
    "win",
)  # fmt: skip
TAILS = (
    "bottom", "by", "combe", "dale", "den", "field", "ford", "gate", "ham", "hurst", "ley", "more",
    "sett", "shaw", "stead", "stock", "thorpe", "ton", "wick", "worth",
)  # fmt: skip
HOUSES = ("example.org", "mail.example", "careers.example")
FIRST_BIRTH = date(1955, 1, 1)
BIRTH_DAYS = 48 * 365
STEP = 7


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, whether or not the register knows them."""

    place: int
    given: str
    family: str
    born: date
    email: str | None
    born_recorded: bool = True
    maiden: str | None = None
    maiden_recorded: bool = False

    @property
    def number(self) -> str:
        """The number of somebody whom the register knows."""
        return number_from(self.place * STEP % 10_000_000)


@dataclass(frozen=True, slots=True)
class Held:
    """A row, and the truth about it: the place of the person whom the register knows, None of a stranger."""

    truth: int | None
    row: dict[str, Any] = field(default_factory=dict)


def people(count: int, *, seed: int) -> Iterator[Person]:
    """Yield so many people of the register; one in fifty is followed by a twin."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    place = 0
    while place < count:
        person = somebody(chance, place)
        yield person
        place += 1
        if place < count and chance.random() < 0.02:
            yield twin_of(chance, person, place)
            place += 1


def somebody(chance: random.Random, place: int) -> Person:
    """Return a person as chance has it, the first names of each list the most often."""
    given, family = _often(chance, GIVEN), _family(chance)
    if chance.random() < 0.15:
        given += " " + _often(chance, GIVEN)
    return Person(
        place=place,
        given=given,
        family=family,
        born=FIRST_BIRTH + timedelta(days=chance.randrange(BIRTH_DAYS)),
        email=_address(chance, given, family) if chance.random() < 0.85 else None,
        born_recorded=chance.random() > 0.04,
        maiden=(maiden := _family(chance) if chance.random() < 0.2 else None),
        maiden_recorded=maiden is not None and chance.random() < 0.6,
    )


def twin_of(chance: random.Random, person: Person, place: int) -> Person:
    """Return a twin: the same family and birth, often an address of the household, another given name."""
    given = chance.choice([each for each in GIVEN if each != person.given.split()[0]])
    email = person.email if chance.random() < 0.4 else _address(chance, given, person.family)
    return replace(person, place=place, given=given, email=email, maiden=None, maiden_recorded=False)


def rows(known: list[Person], count: int, *, seed: int) -> list[Held]:
    """Return so many rows: most of people whom the register knows, the rest of strangers much like them."""
    chance = random.Random(seed + 1)  # noqa: S311 - not a secret
    held = []
    for _ in range(count):
        person = chance.choice(known)
        if chance.random() < 0.7:
            held.append(Held(person.place, _row(chance, person, known, stranger=False)))
        else:
            held.append(Held(None, _row(chance, _stranger(chance, person), known, stranger=True)))
    return held


def _stranger(chance: random.Random, person: Person) -> Person:
    """Return somebody whom the register does not know: anybody, a namesake or a twin of somebody known."""
    kind = chance.random()
    if kind < 0.1:
        return twin_of(chance, person, -1)
    if kind < 0.3:
        other = somebody(chance, -1)
        return replace(other, given=person.given, family=person.family, maiden=None)
    return somebody(chance, -1)


def _row(chance: random.Random, person: Person, known: list[Person], *, stranger: bool) -> dict[str, Any]:
    given, family = _written_name(chance, person)
    row: dict[str, Any] = {"given_names": given, "family_name": family}
    if chance.random() < 0.6:
        row["date_of_birth"] = _written_birth(chance, person.born).isoformat()
    if person.email is not None and chance.random() < 0.8:
        changed = chance.random() < 0.15
        row["email"] = _address(chance, person.given, person.family) if changed else person.email
    if not stranger and chance.random() < 0.15:
        row |= {"association": "ICG", "member_id": f"M{person.place}"}
    if chance.random() < (0.02 if stranger else 0.3):
        row["number"] = _written_number(chance, person, known, stranger=stranger)
    return row


def _written_name(chance: random.Random, person: Person) -> tuple[str, str]:
    given, family = person.given, person.family
    kind = chance.random()
    if kind < 0.06 and person.maiden is not None:
        return given, person.maiden
    if kind < 0.08:
        return family, given
    if kind < 0.16:
        return (given.split()[0] if " " in given else given[0]), family
    if kind < 0.24:
        return given, _slipped(chance, family)
    return given, family.upper() if kind < 0.3 else family


def _written_birth(chance: random.Random, born: date) -> date:
    kind = chance.random()
    if kind < 0.02 and born.day <= 12:
        return date(born.year, born.day, born.month)
    return born + timedelta(days=chance.choice([-1, 1, 10, 365])) if kind < 0.04 else born


def _written_number(chance: random.Random, person: Person, known: list[Person], *, stranger: bool) -> str:
    """Return a number as it was noted: now and then mistyped, or that of the line above."""
    if stranger or chance.random() < 0.03:
        return chance.choice(known).number
    number = person.number
    if chance.random() < 0.04:
        place = chance.randrange(2, 9)
        number = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
    return number


def _slipped(chance: random.Random, name: str) -> str:
    """Return a name with one letter too many, missing, wrong, or before its neighbour."""
    place = chance.randrange(1, len(name))
    return chance.choice(
        [
            name[:place] + chance.choice("aeiounrst") + name[place:],
            name[:place] + name[place + 1 :],
            name[:place] + chance.choice("aeiounrst") + name[place + 1 :],
            name[: place - 1] + name[place] + name[place - 1] + name[place + 1 :],
        ]
    )


def _often(chance: random.Random, names: tuple[str, ...]) -> str:
    """Return a name, those in front more often."""
    return names[int(len(names) * chance.random() ** 1.7)]


def _family(chance: random.Random) -> str:
    if chance.random() < 0.35:
        return _often(chance, FAMILY)
    return chance.choice(HEADS) + chance.choice(MIDDLES) + chance.choice(TAILS)


def _address(chance: random.Random, given: str, family: str) -> str:
    """Return an address as people choose one; that of a namesake differs by the figure at least."""
    name = f"{given.split()[0]}.{family}".replace(" ", "").replace("’", "").lower()
    return f"{name}{chance.randrange(10_000_000)}@{chance.choice(HOUSES)}"
