"""Whether a row is somebody whom the register knows: an outcome, its score and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from services.register.domain.matching.names import NameKey, name_likeness
from services.register.domain.matching.policy import IDENTIFIERS, Aspect, Likeness, MatchPolicy


class MatchOutcome(StrEnum):
    """What is said of a row."""

    MATCH = "match"
    POSSIBLE = "possible"
    NONE = "none"


class MatchReason(StrEnum):
    """The stable codes of why."""

    NUMBER_AND_DETAILS_AGREE = "number-and-details-agree"
    MEMBER_ID_AND_NAME_AGREE = "member-id-and-name-agree"
    EMAIL_AND_NAME_AGREE = "email-and-name-agree"
    SEVERAL_PEOPLE = "several-people"
    NUMBER_DIFFERS = "number-differs"
    DETAILS_DIFFER = "details-differ"
    NUMBER_ALONE = "number-alone"
    NOT_ENOUGH = "not-enough-for-a-match"
    NOBODY_AGREES = "nobody-agrees"
    DETAILS_DO_NOT_MATCH = "details-do-not-match"
    TOO_LITTLE = "too-little-to-compare"
    TOO_MANY_TRIES = "too-many-tries"


class SentField(StrEnum):
    """The fields of a row that are compared, in the order in which they are listed."""

    NUMBER = "number"
    GIVEN_NAMES = "given_names"
    FAMILY_NAME = "family_name"
    DATE_OF_BIRTH = "date_of_birth"
    EMAIL = "email"
    MEMBER_ID = "member_id"


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A row as it is compared: ``number`` is canonical, and None where what was given is none."""

    number: str | None = None
    number_given: bool = False
    name: NameKey = field(default=NameKey("", "", ""))
    date_of_birth: date | None = None
    email: str | None = None
    association: str | None = None
    member_id: str | None = None

    @property
    def comparable(self) -> bool:
        """Tell whether there is enough to look for anybody.

        That is a number, something of a name beside an address or a member id, which could be guessed one
        after the other, or a whole name with a date of birth.
        """
        named = bool(self.name.given or self.name.family)
        whole = bool(self.name.given and self.name.family and self.date_of_birth)
        return bool(self.number or (named and (self.email or self.member_id)) or whole)


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownPerson:
    """What the register knows of one person, with what was merged into them; ``number`` is the kept one."""

    person_id: int
    number: str
    numbers: frozenset[str]
    current: tuple[NameKey, ...]
    previous: tuple[NameKey, ...] = ()
    births: frozenset[date] = frozenset()
    emails: frozenset[str] = frozenset()
    member_ids: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """A row beside a person: how each aspect agrees, the points, and which fields agree or do not."""

    person: KnownPerson
    found: Mapping[Aspect, Likeness]
    score: int
    agreed: tuple[SentField, ...]
    disagreed: tuple[SentField, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """What is said of a row. Where nobody was found, nothing is said of anybody: no score and no field."""

    outcome: MatchOutcome
    reason: MatchReason
    score: int | None = None
    agreed: tuple[SentField, ...] = ()
    disagreed: tuple[SentField, ...] = ()
    person: KnownPerson | None = None


_BY_IDENTIFIER = {
    Aspect.NUMBER: MatchReason.NUMBER_AND_DETAILS_AGREE,
    Aspect.MEMBER_ID: MatchReason.MEMBER_ID_AND_NAME_AGREE,
    Aspect.EMAIL: MatchReason.EMAIL_AND_NAME_AGREE,
}
# What forbids a match whatever else agrees. Addresses change, so a differing e-mail does not.
_FORBIDS = frozenset({SentField.GIVEN_NAMES, SentField.FAMILY_NAME, SentField.DATE_OF_BIRTH})
_FIELDS = {
    Aspect.NUMBER: SentField.NUMBER,
    Aspect.DATE_OF_BIRTH: SentField.DATE_OF_BIRTH,
    Aspect.EMAIL: SentField.EMAIL,
    Aspect.MEMBER_ID: SentField.MEMBER_ID,
}
_NAME_DISAGREES = {
    Likeness.FAMILY: frozenset({SentField.GIVEN_NAMES}),
    Likeness.GIVEN: frozenset({SentField.FAMILY_NAME}),
    Likeness.DIFFERENT: frozenset({SentField.GIVEN_NAMES, SentField.FAMILY_NAME}),
}


def judge(asked: Asked, known: Sequence[KnownPerson], policy: MatchPolicy) -> Judged:
    """Return what is said of a row, given everybody who might be meant.

    A row is a match only if an identifier agrees together with what the policy asks beside it, no name, date
    of birth or number disagrees, and this is so of one person alone.
    """
    if not asked.comparable:
        return Judged(outcome=MatchOutcome.NONE, reason=MatchReason.TOO_LITTLE)
    compared = [compare(asked, person, policy) for person in known]
    likely = sorted(
        (each for each in compared if each.score >= policy.possible_from),
        key=lambda each: (-each.score, each.person.person_id),
    )
    if not likely:
        exists = any(each.found.get(Aspect.NUMBER) is Likeness.SAME for each in compared)
        reason = MatchReason.DETAILS_DO_NOT_MATCH if exists else MatchReason.NOBODY_AGREES
        return Judged(outcome=MatchOutcome.NONE, reason=reason)
    definite = [each for each in likely if _definite(each, policy) is not None]
    if len(definite) == 1:
        by = _definite(definite[0], policy)
        assert by is not None  # noqa: S101 - it was just found to be definite
        return _judged(definite[0], MatchOutcome.MATCH, _BY_IDENTIFIER[by])
    return _judged(likely[0], MatchOutcome.POSSIBLE, _why_possible(likely))


def compare(asked: Asked, person: KnownPerson, policy: MatchPolicy) -> Comparison:
    """Return how a row and a person agree; what either does not say counts neither for nor against."""
    found: dict[Aspect, Likeness] = {}
    if asked.number_given:
        found[Aspect.NUMBER] = _same(asked.number in person.numbers)
    if asked.member_id is not None and any(code == asked.association for code, _ in person.member_ids):
        found[Aspect.MEMBER_ID] = _same((asked.association, asked.member_id) in person.member_ids)
    if asked.email is not None and person.emails:
        found[Aspect.EMAIL] = _same(asked.email in person.emails)
    name = name_likeness(asked.name, person.current, person.previous, near_from=policy.near_from_letters)
    if name is not None:
        found[Aspect.NAME] = name
    if asked.date_of_birth is not None and person.births:
        found[Aspect.DATE_OF_BIRTH] = _birth_likeness(asked.date_of_birth, person.births)
    agreed, disagreed = _fields(asked, found)
    score = sum(policy.points[aspect][likeness] for aspect, likeness in found.items())
    return Comparison(person=person, found=found, score=score, agreed=agreed, disagreed=disagreed)


def _definite(compared: Comparison, policy: MatchPolicy) -> Aspect | None:
    """Return the identifier by which a comparison is a match, or None where it is not one."""
    found = compared.found
    differs = found.get(Aspect.NUMBER) is Likeness.DIFFERENT or _FORBIDS & set(compared.disagreed)
    if differs or compared.score < policy.match_from:
        return None
    beside = {likeness.value for aspect, likeness in found.items() if aspect is Aspect.NAME}
    if not beside and found.get(Aspect.DATE_OF_BIRTH) is Likeness.SAME:
        beside = {Aspect.DATE_OF_BIRTH.value}
    for aspect in IDENTIFIERS:
        if found.get(aspect) is Likeness.SAME and beside & policy.match_rests_on[aspect]:
            return aspect
    return None


def _why_possible(likely: Sequence[Comparison]) -> MatchReason:
    best = likely[0]
    if len(likely) > 1:
        return MatchReason.SEVERAL_PEOPLE
    if best.found.get(Aspect.NUMBER) is Likeness.DIFFERENT:
        return MatchReason.NUMBER_DIFFERS
    if best.disagreed:
        return MatchReason.DETAILS_DIFFER
    if best.agreed == (SentField.NUMBER,):
        return MatchReason.NUMBER_ALONE
    return MatchReason.NOT_ENOUGH


def _judged(compared: Comparison, outcome: MatchOutcome, reason: MatchReason) -> Judged:
    return Judged(
        outcome=outcome,
        reason=reason,
        score=compared.score,
        agreed=compared.agreed,
        disagreed=compared.disagreed,
        person=compared.person,
    )


def _fields(
    asked: Asked, found: Mapping[Aspect, Likeness]
) -> tuple[tuple[SentField, ...], tuple[SentField, ...]]:
    """Return the fields of the row that agree, and those that do not; one that is not known is neither."""
    disagreed = {
        _FIELDS[aspect]
        for aspect, likeness in found.items()
        if aspect in _FIELDS and likeness is not Likeness.SAME
    }
    agreed = {_FIELDS[aspect] for aspect in found if aspect in _FIELDS} - disagreed
    if Aspect.NAME in found:
        parts = {SentField.GIVEN_NAMES: asked.name.given, SentField.FAMILY_NAME: asked.name.family}
        given = {part for part, key in parts.items() if key}
        differing = given & _NAME_DISAGREES.get(found[Aspect.NAME], frozenset())
        if len(given) == 1 and found[Aspect.NAME] is not Likeness.DIFFERENT:
            differing = set()
        agreed, disagreed = agreed | (given - differing), disagreed | differing
    return (
        tuple(each for each in SentField if each in agreed),
        tuple(each for each in SentField if each in disagreed),
    )


def _birth_likeness(asked: date, births: frozenset[date]) -> Likeness:
    if asked in births:
        return Likeness.SAME
    exchanged = any((asked.year, asked.month, asked.day) == (day.year, day.day, day.month) for day in births)
    return Likeness.NEAR if exchanged else Likeness.DIFFERENT


def _same(same: bool) -> Likeness:
    return Likeness.SAME if same else Likeness.DIFFERENT
