"""Does this school hold the mark on this day? One pure function over dated facts.

An award counts for the mark when it is in date, its scheme was nationally validated and its body authorised
on the day on which it was given. Whether an award that was given rightly goes on counting when the validation
or the authority later ends is an open question of the domain: the policy of the day says which, and the
answer names it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.kitemark.domain.awards.award import Award
from services.kitemark.domain.awards.scheme import Reach, Scheme


class Lapse(StrEnum):
    """What becomes of awards when the validation of their scheme, or their body's authority, ends."""

    AWARDS_LAST = "awards_last"
    AWARDS_END_TOO = "awards_end_too"


class MarkWord(StrEnum):
    """The mark, best first."""

    FULLY_MEETS = "fully_meets"
    PROGRESSING = "progressing"
    COMMITTED = "committed"
    UNKNOWN = "unknown"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    NONE = "none"


class MarkReason(StrEnum):
    """Why an award counts, or does not."""

    IN_DATE = "award-in-date"
    LASTS_AFTER_LAPSE = "given-before-the-lapse-and-lasts"
    EXPIRED = "award-expired"
    WITHDRAWN = "award-withdrawn"
    NOT_VALIDATED_THEN = "scheme-not-validated-when-given"
    NOT_AUTHORISED_THEN = "body-not-authorised-when-given"
    VALIDATION_LAPSED = "validation-of-the-scheme-ended"
    AUTHORITY_LAPSED = "authority-of-the-body-ended"
    STAGE_NOT_KNOWN = "meaning-of-the-stage-not-known"
    VALIDATION_NOT_KNOWN = "validation-of-the-scheme-not-known"


SENTENCES = {
    MarkWord.FULLY_MEETS: "This school fully meets the national standard for careers education and guidance.",
    MarkWord.PROGRESSING: "This school is making good progress towards fully meeting the national standard.",
    MarkWord.COMMITTED: "This school has committed itself to work towards the national standard.",
    MarkWord.UNKNOWN: "This school holds an award, and it is not known what it means for the national mark.",
    MarkWord.WITHDRAWN: "The award of this school was withdrawn.",
    MarkWord.EXPIRED: "The award of this school has ended and was not renewed.",
    MarkWord.NONE: "No award of this school is recorded.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Days on which a scheme is validated, or a body authorised for it; ``last`` None is without end."""

    scheme: str
    body: str | None
    first: date
    last: date | None
    source: str
    fact_id: int

    def holds(self, day: date) -> bool:
        """Say whether ``day`` is one of them."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkPolicy:
    """A version of the rule for awards whose scheme or body lapses.

    ``follows`` are the kinds of link by which an award goes over with a school into the one that replaces it.
    """

    version: str
    effective_from: date
    lapse: Lapse
    follows: tuple[str, ...]
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """What awards are judged by: schemes by code, validations and authorities, policies."""

    schemes: Mapping[str, Scheme]
    validations: Sequence[Span]
    authorities: Sequence[Span]
    policies: Sequence[MarkPolicy]


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """An award in the chain of proof: what it comes to on the day, why, and what that rests on."""

    award: Award
    word: MarkWord
    reason: MarkReason
    validation: Span | None
    authority: Span | None
    owner: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """The mark of a school on a day: the word, what it rests on, and every award that was looked at."""

    word: MarkWord
    policy: MarkPolicy
    deciding: Link | None
    chain: tuple[Link, ...]


def mark(awards: Iterable[Award], rules: Rules, *, day: date) -> Mark:
    """Return the mark of the school that was given these awards, its predecessors' among them."""
    policy = policy_on(rules.policies, day)
    begun = [each for each in awards if each.valid_from <= day]
    chain = tuple(
        sorted(
            (_judged(each, rules, policy, day) for each in begun),
            key=lambda link: (_RANK[link.word], -link.award.valid_from.toordinal(), link.award.key),
        )
    )
    deciding = chain[0] if chain else None
    return Mark(
        word=deciding.word if deciding else MarkWord.NONE, policy=policy, deciding=deciding, chain=chain
    )


def policy_on(policies: Sequence[MarkPolicy], day: date) -> MarkPolicy:
    """Return the policy in force on a day, or the first there is."""
    begun = [each for each in policies if each.effective_from <= day]
    return max(begun, key=lambda each: each.effective_from) if begun else policies[0]


_RANK = {word: rank for rank, word in enumerate(MarkWord)}
_REACHED = {
    Reach.FULLY_MEETS: MarkWord.FULLY_MEETS,
    Reach.PROGRESSING: MarkWord.PROGRESSING,
    Reach.COMMITTED: MarkWord.COMMITTED,
}


def _judged(award: Award, rules: Rules, policy: MarkPolicy, day: date) -> Link:
    """Return what one award comes to on a day."""
    scheme = rules.schemes[award.scheme]
    validations = [each for each in rules.validations if each.scheme == award.scheme]
    authorities = [
        each for each in rules.authorities if each.scheme == award.scheme and each.body == award.body
    ]
    validation = _holding(validations, award.valid_from)
    authority = _holding(authorities, award.valid_from)
    word, reason = _word(award, day)
    if word is None:
        word, reason = _given_rightly(scheme, award, bool(validations), validation, authority)
    if word in _REACHED.values():
        word, reason = _after_lapse(word, policy, validations, authorities, day)
    return Link(
        award=award,
        word=word or MarkWord.UNKNOWN,
        reason=reason,
        validation=validation,
        authority=authority,
        owner=scheme.owner,
    )


def _word(award: Award, day: date) -> tuple[MarkWord | None, MarkReason]:
    """Return the word where the award itself does not hold any more, None where it does."""
    if award.withdrawn_on is not None and award.withdrawn_on <= day:
        return MarkWord.WITHDRAWN, MarkReason.WITHDRAWN
    if award.valid_to < day:
        return MarkWord.EXPIRED, MarkReason.EXPIRED
    return None, MarkReason.IN_DATE


def _given_rightly(
    scheme: Scheme, award: Award, ever_validated: bool, validation: Span | None, authority: Span | None
) -> tuple[MarkWord, MarkReason]:
    if not ever_validated:
        return MarkWord.UNKNOWN, MarkReason.VALIDATION_NOT_KNOWN
    if validation is None:
        return MarkWord.NONE, MarkReason.NOT_VALIDATED_THEN
    if authority is None:
        return MarkWord.NONE, MarkReason.NOT_AUTHORISED_THEN
    reach = scheme.stage(award.stage).reach
    return (
        (MarkWord.UNKNOWN, MarkReason.STAGE_NOT_KNOWN)
        if reach is None
        else (_REACHED[reach], MarkReason.IN_DATE)
    )


def _after_lapse(
    word: MarkWord, policy: MarkPolicy, validations: Sequence[Span], authorities: Sequence[Span], day: date
) -> tuple[MarkWord, MarkReason]:
    """Return what an award that was given rightly comes to when what it rests on may have ended."""
    validated, authorised = _holding(validations, day), _holding(authorities, day)
    if validated is not None and authorised is not None:
        return word, MarkReason.IN_DATE
    if policy.lapse is Lapse.AWARDS_LAST:
        return word, MarkReason.LASTS_AFTER_LAPSE
    return MarkWord.EXPIRED, (
        MarkReason.VALIDATION_LAPSED if validated is None else MarkReason.AUTHORITY_LAPSED
    )


def _holding(spans: Sequence[Span], day: date) -> Span | None:
    return next((each for each in spans if each.holds(day)), None)
