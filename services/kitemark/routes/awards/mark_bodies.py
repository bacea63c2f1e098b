"""Marks as they are asked for and shown."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from services.kitemark.domain.awards.mark import SENTENCES, Lapse, Link, MarkReason, MarkWord
from services.kitemark.operations.awards.marks import SeenMark
from services.kitemark.routes.awards.award_bodies import AwardOut, ProblemOut, SchoolText
from services.kitemark.routes.awards.standing_bodies import SpanOut
from services.kitemark.routes.axes import Instant
from services.kitemark.routes.fields import Body, Day
from shared.errors import Refusal

MOST_SCHOOLS = 10_000


class ProofLinkOut(BaseModel):
    """An award in the chain of proof: what it comes to, why, and what that rests on.

    `validation` and `authority` are those of the day on which the award was given; null where there was none.
    """

    award: AwardOut
    mark: MarkWord
    reason: MarkReason
    scheme_owner: str
    validation: SpanOut | None
    authority: SpanOut | None

    @classmethod
    def of(cls, link: Link) -> "ProofLinkOut":
        """Return the link as it is shown."""
        return cls(
            award=AwardOut.of(link.award),
            mark=link.word,
            reason=link.reason,
            scheme_owner=link.owner,
            validation=None if link.validation is None else SpanOut.of(link.validation),
            authority=None if link.authority is None else SpanOut.of(link.authority),
        )


class MarkOut(BaseModel):
    """Whether a school holds the mark on a day: the word, the sentence, the policy, the chain of proof.

    The first link decides; where there is none, no award had been given by that day.
    """

    school: str
    mark: MarkWord
    sentence: str
    reason: MarkReason | None
    valid_to: date | None
    policy_version: str
    lapse: Lapse
    chain: list[ProofLinkOut]
    valid_at: date
    known_at: datetime
    journal_position: int

    @classmethod
    def of(cls, seen: SeenMark) -> "MarkOut":
        """Return the mark as it is shown."""
        deciding = seen.mark.deciding
        return cls(
            school=seen.school,
            mark=seen.mark.word,
            sentence=SENTENCES[seen.mark.word],
            reason=None if deciding is None else deciding.reason,
            valid_to=None if deciding is None else deciding.award.valid_to,
            policy_version=seen.mark.policy.version,
            lapse=seen.mark.policy.lapse,
            chain=[ProofLinkOut.of(each) for each in seen.mark.chain],
            valid_at=seen.valid_at,
            known_at=seen.known_at,
            journal_position=seen.journal_position,
        )


class MarkBatchIn(Body):
    """Schools to be told about, as of a day and as known at an instant; today and now where none is said."""

    schools: Annotated[list[SchoolText], Field(min_length=1, max_length=MOST_SCHOOLS)]
    valid_at: Day | None = None
    known_at: Instant | None = None


class MarkItemOut(BaseModel):
    """What one school came to; either a mark or a problem."""

    school: str
    mark: MarkWord | None
    sentence: str | None
    reason: MarkReason | None
    valid_to: date | None
    scheme: str | None
    body: str | None
    problem: ProblemOut | None

    @classmethod
    def of(cls, asked: str, outcome: SeenMark | Refusal) -> "MarkItemOut":
        """Return the outcome as it is shown, under the school as it was asked."""
        if isinstance(outcome, Refusal):
            nothing: dict[str, Any] = dict.fromkeys(cls.model_fields)
            return cls(**nothing | {"school": asked, "problem": ProblemOut.of(outcome)})
        deciding = outcome.mark.deciding
        return cls(
            school=outcome.school,
            mark=outcome.mark.word,
            sentence=SENTENCES[outcome.mark.word],
            reason=None if deciding is None else deciding.reason,
            valid_to=None if deciding is None else deciding.award.valid_to,
            scheme=None if deciding is None else deciding.award.scheme,
            body=None if deciding is None else deciding.award.body,
            problem=None,
        )


class MarkBatchOut(BaseModel):
    """One outcome for each school asked, in order, and what all of them rest on."""

    items: list[MarkItemOut]
    journal_position: int | None
