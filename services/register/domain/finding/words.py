"""Names taken apart into the words that a stranger may type, and the keys under which each is found.

A word is kept under four kinds of key: as it is, by its beginning, with any one letter left out, and by
how it sounds. Two words differ by one slip (a letter too many, too few, wrong, or two that changed
places) exactly where one key of the third kind is shared, or one word is a key of the other.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from services.register.domain.person import Name, folded

EXACT, START, SLIP, SOUND, FACET = "=", "^", "~", "*", "@"
LONGEST_START = 5
# Shorter words are too like one another for a slip to be told from another name.
SHORTEST_WITH_SLIP = 4
LONGEST_WITH_SLIP = 24
MOST_WORDS = 12

_BREAKS = re.compile(r"[\s\-\u2010-\u2015'\u2018\u2019\u02bc`\u00b4.,/()]+")
# Words before a family name that people leave out, run together or write in several ways.
PARTICLES = frozenset(
    {"ap", "ab", "ferch", "verch", "o", "ni", "nic", "mac", "mc", "mhic", "mag", "ui", "ua"}
)
_SON_OF = re.compile(r"^(?:mac|mc)(?=[a-z]{4})")
# How letters sound in English, Welsh and Irish, as far as it is spelt in several ways; in this order.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"^(?:sea|sia|sio|she|shi)", "sha"),
        (r"^([bdfg])h", r"\1"),
        (r"^kn|^gn", "n"),
        (r"^wr", "r"),
        (r"^rh", "r"),
        (r"mh|bh|ph|ff|f|v", "v"),
        (r"gh(?=t|$)", ""),
        (r"tch|ch|ck|qu|q|c(?![eiy])", "k"),
        (r"c|z|x", "s"),
        (r"dd|dh|th", "t"),
        (r"g(?=[eiy])", "j"),
        (r"(?<=[a-z])h|^h(?![aeiouwy])", ""),
        (r"(?<=[a-z])[aeiouwy]+", ""),
        (r"^[aeiouy]+", "a"),
        (r"([a-z])\1+", r"\1"),
    )
)
_SHORTEST_SOUND = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A word as it was typed: the key of the word itself, and others under which it may be meant."""

    exact: str
    starts: tuple[str, ...]
    slips: tuple[str, ...]
    sounds: tuple[str, ...]

    @property
    def all(self) -> list[str]:
        """Every key of the word."""
        return [self.exact, *self.starts, *self.slips, *self.sounds]


def typed(text: str) -> tuple[Typed, ...]:
    """Return the words that were typed, each once; particles count only where nothing else was typed."""
    parts = tuple(dict.fromkeys(_parts(text)))
    meant = tuple(part for part in parts if part not in PARTICLES) or parts
    return tuple(
        Typed(
            exact=EXACT + word,
            starts=(START + word[:LONGEST_START],) if len(word) <= LONGEST_START else (),
            slips=tuple(_slips(word)),
            sounds=tuple(_sounds(word)),
        )
        for word in meant
    )


def keys_of(name: Name) -> list[str]:
    """Return every key under which a name is found, sorted."""
    words = {word for part in (name.given_names, name.family_name) for word in _forms(part)}
    return sorted({key for word in words for key in _keys(word)})


def sort_key(name: Name) -> str:
    """Return the key by which names are put in order: the family name, then the given names."""
    return f"{folded(name.family_name)} {folded(name.given_names)}"


def facet(field: str, code: str) -> str:
    """Return the key under which whoever has a code in a field of their details is found."""
    return f"{FACET}{field}:{code}"


def _keys(word: str) -> Iterator[str]:
    yield EXACT + word
    for length in range(1, min(len(word), LONGEST_START) + 1):
        yield START + word[:length]
    yield from _slips(word)
    yield from _sounds(word)


def _parts(text: str) -> list[str]:
    return [word for part in _BREAKS.split(text) if (word := folded(part))][:MOST_WORDS]


def _forms(text: str) -> Iterator[str]:
    """Yield the words of a part of a name, and words as they are when written together."""
    parts = _parts(text)
    yield from parts
    for first, second in pairwise(parts):
        yield first + second
    for before, word in zip(["", *parts], parts, strict=False):
        bare = _SON_OF.sub("", word)
        if bare != word or before in {"mac", "mc"}:
            yield from (bare, "mac" + bare, "mc" + bare)


def _slips(word: str) -> Iterator[str]:
    """Yield the word, and the word without each of its letters."""
    if SHORTEST_WITH_SLIP <= len(word) <= LONGEST_WITH_SLIP:
        yield SLIP + word
        yield from dict.fromkeys(SLIP + word[:place] + word[place + 1 :] for place in range(len(word)))


def _sounds(word: str) -> Iterable[str]:
    sound = word
    for pattern, said in _SOUNDS:
        sound = pattern.sub(said, sound)
    return (SOUND + sound,) if len(sound) >= _SHORTEST_SOUND else ()
