"""The match policy: what each agreement is worth and from where on it is enough, as dated data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from services.register.domain.policy_fields import PolicyNotUnderstood


class Aspect(StrEnum):
    """What of a row is compared with what of a person."""

    NUMBER = "number"
    MEMBER_ID = "member_id"
    EMAIL = "email"
    NAME = "name"
    DATE_OF_BIRTH = "date_of_birth"


IDENTIFIERS = (Aspect.NUMBER, Aspect.MEMBER_ID, Aspect.EMAIL)
"""What is given to one person only, the firmest first."""


class Likeness(StrEnum):
    """How an aspect of a row and of a person agree.

    Of a name: ``previous`` is one that was left, ``shortened`` lacks given names or has initials,
    ``swapped`` has the parts exchanged, ``near`` differs by one slip of the fingers, ``family`` and
    ``given`` agree in that part alone. ``near`` of a date of birth has day and month exchanged.
    """

    SAME = "same"
    PREVIOUS = "previous"
    SHORTENED = "shortened"
    SWAPPED = "swapped"
    NEAR = "near"
    FAMILY = "family"
    GIVEN = "given"
    DIFFERENT = "different"


KNOWN_LIKENESSES: Mapping[Aspect, frozenset[Likeness]] = {
    Aspect.NUMBER: frozenset({Likeness.SAME, Likeness.DIFFERENT}),
    Aspect.MEMBER_ID: frozenset({Likeness.SAME, Likeness.DIFFERENT}),
    Aspect.EMAIL: frozenset({Likeness.SAME, Likeness.DIFFERENT}),
    Aspect.NAME: frozenset(Likeness),
    Aspect.DATE_OF_BIRTH: frozenset({Likeness.SAME, Likeness.NEAR, Likeness.DIFFERENT}),
}

_KEYS = frozenset(
    [
        "version",
        "effective_from",
        "points",
        "match_from",
        "possible_from",
        "match_rests_on",
        "near_from_letters",
        "most_candidates",
        "tries_per_identifier",
        "tries_per_name",
        "question_retention_days",
        "source",
    ]
)


@dataclass(frozen=True, kw_only=True)
class MatchPolicy:
    """One version of how rows are matched.

    ``points`` are added up to the score; ``match_rests_on`` says for each identifier with which likeness of
    the name, or with the date of birth alone, its agreement makes a match. ``tries_per_identifier`` and
    ``tries_per_name`` limit how many different facts one request may give beside one of them.
    """

    version: str
    effective_from: date
    points: Mapping[Aspect, Mapping[Likeness, int]]
    match_from: int
    possible_from: int
    match_rests_on: Mapping[Aspect, frozenset[str]]
    near_from_letters: int
    most_candidates: int
    tries_per_identifier: int
    tries_per_name: int
    question_retention_days: int
    source: str

    def as_dict(self) -> dict[str, Any]:
        """Return the policy as JSON that ``parse_match_policy`` reads back unchanged."""
        return {
            "version": self.version,
            "effective_from": self.effective_from.isoformat(),
            "points": {
                aspect.value: {likeness.value: points for likeness, points in worth.items()}
                for aspect, worth in self.points.items()
            },
            "match_from": self.match_from,
            "possible_from": self.possible_from,
            "match_rests_on": {aspect.value: sorted(found) for aspect, found in self.match_rests_on.items()},
            "near_from_letters": self.near_from_letters,
            "most_candidates": self.most_candidates,
            "tries_per_identifier": self.tries_per_identifier,
            "tries_per_name": self.tries_per_name,
            "question_retention_days": self.question_retention_days,
            "source": self.source,
        }


def parse_match_policy(data: Mapping[str, Any]) -> MatchPolicy:
    """Return a match policy as it was published; raises PolicyNotUnderstood."""
    if strange := _KEYS ^ set(data):
        raise PolicyNotUnderstood(reason=f"“{min(strange)}” is missing, or means nothing here")
    policy = MatchPolicy(
        version=data["version"],
        effective_from=date.fromisoformat(data["effective_from"]),
        points={aspect: _worth(aspect, data["points"]) for aspect in Aspect},
        match_from=_whole(data, "match_from"),
        possible_from=_whole(data, "possible_from"),
        match_rests_on={aspect: _rests(aspect, data["match_rests_on"]) for aspect in IDENTIFIERS},
        near_from_letters=_whole(data, "near_from_letters"),
        most_candidates=_whole(data, "most_candidates"),
        tries_per_identifier=_whole(data, "tries_per_identifier"),
        tries_per_name=_whole(data, "tries_per_name"),
        question_retention_days=_whole(data, "question_retention_days"),
        source=data["source"],
    )
    if policy.match_from <= policy.possible_from:
        raise PolicyNotUnderstood(reason="a match has to need more points than a possible match")
    return policy


def _worth(aspect: Aspect, points: Mapping[str, Mapping[str, int]]) -> dict[Likeness, int]:
    """Return the points of one aspect, which have to say what every likeness is worth."""
    worth = points.get(aspect.value, {})
    if set(worth) != {likeness.value for likeness in KNOWN_LIKENESSES[aspect]}:
        raise PolicyNotUnderstood(
            reason=f"the points of “{aspect}” leave a likeness out, or have a strange one"
        )
    if not all(type(each) is int for each in worth.values()):
        raise PolicyNotUnderstood(reason=f"the points of “{aspect}” must be whole numbers")
    return {Likeness(name): each for name, each in worth.items()}


def _rests(aspect: Aspect, rests: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Return on what a match rests beside an identifier; never on nothing, nor on what differs."""
    allowed = frozenset(Likeness) - {Likeness.DIFFERENT} | {Aspect.DATE_OF_BIRTH}
    found = frozenset(rests.get(aspect.value, ()))
    if not found or not found <= allowed:
        raise PolicyNotUnderstood(reason=f"what a match by “{aspect}” rests on is not understood")
    return found


def _whole(data: Mapping[str, Any], key: str) -> int:
    value = data[key]
    if type(value) is not int or value < 1:
        raise PolicyNotUnderstood(reason=f"“{key}” must be a whole number, 1 or more")
    return value
