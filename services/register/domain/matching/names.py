"""How alike two names are, by the keys under which names are found everywhere in the register."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from services.register.domain.matching.policy import Likeness
from services.register.domain.person import folded


@dataclass(frozen=True, slots=True)
class NameKey:
    """A name as it is compared: the keys of its given names, of the first of them, and of its family name."""

    given: str
    first: str
    family: str

    @property
    def whole(self) -> str:
        """The key of the whole name, wherever the border between its parts was put."""
        return self.given + self.family

    @property
    def swapped(self) -> str:
        """The key of the name with its parts exchanged."""
        return self.family + self.given


def name_key_of(given_names: str | None, family_name: str | None) -> NameKey:
    """Return the keys of a name, of which either part may not be known."""
    given = given_names or ""
    first, _, _ = given.strip().partition(" ")
    return NameKey(folded(given), folded(first), folded(family_name or ""))


def name_likeness(
    asked: NameKey, current: Sequence[NameKey], previous: Sequence[NameKey], *, near_from: int
) -> Likeness | None:
    """Return how a name is like those that a person has or had; None where no name is given.

    ``near_from`` is how many letters a whole name needs for one slip in it to be forgiven.
    """
    if not asked.given and not asked.family:
        return None
    known = (*current, *previous)
    families, givens = {each.family for each in known}, {each.given for each in known}
    if not asked.given:
        alike = asked.family in families or asked.family in {each.whole for each in known}
        return Likeness.FAMILY if alike else Likeness.DIFFERENT
    if not asked.family:
        return Likeness.GIVEN if asked.given in givens else Likeness.DIFFERENT
    whole = _whole_likeness(asked, current, known, near_from=near_from)
    if whole is not None:
        return whole
    if asked.family in families:
        return Likeness.FAMILY
    return Likeness.GIVEN if asked.given in givens else Likeness.DIFFERENT


def _whole_likeness(
    asked: NameKey, current: Sequence[NameKey], known: Sequence[NameKey], *, near_from: int
) -> Likeness | None:
    """Return how two whole names are alike, or None where at most one part of them is."""
    wholes = {each.whole for each in known}
    if asked.whole in {each.whole for each in current}:
        return Likeness.SAME
    if asked.whole in wholes:
        return Likeness.PREVIOUS
    if any(shortened(asked, each) for each in known):
        return Likeness.SHORTENED
    if asked.swapped in wholes:
        return Likeness.SWAPPED
    slipped = len(asked.whole) >= near_from and any(one_slip_apart(asked.whole, each) for each in wholes)
    return Likeness.NEAR if slipped else None


def shortened(asked: NameKey, known: NameKey) -> bool:
    """Tell whether given names were left out or differ after the first, or only an initial was written."""
    if asked.family != known.family or not known.first:
        return False
    return asked.first == known.first or (
        1 in (len(asked.given), len(known.given)) and asked.first[:1] == known.first[:1]
    )


def one_slip_apart(one: str, other: str) -> bool:
    """Tell whether texts differ by one letter that is wrong, too many, missing or before its neighbour."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if start is None:
        return True
    one, other = one[start:], other[start:]
    end = next(
        (place for place, (a, b) in enumerate(zip(reversed(one), reversed(other), strict=False)) if a != b),
        min(len(one), len(other)),
    )
    left, right = one[: len(one) - end], other[: len(other) - end]
    return max(len(left), len(right)) <= 1 or (len(left) == 2 and left == right[::-1])


def within_one_slip(key: str) -> Iterator[str]:
    """Yield the key and each of its forms without one letter: two keys one slip apart share one of them."""
    yield key
    for place in range(len(key)):
        yield key[:place] + key[place + 1 :]


def keys_to_look_up(names: Collection[NameKey]) -> set[str]:
    """Return the keys under which a person of these names is found, exchanged parts among them."""
    return {key for name in names for key in (name.whole, name.swapped) if key}
