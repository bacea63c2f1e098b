"""Concerns as they are sent and shown."""

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from services.kitemark.domain.policing.concern import About, AboutKind, Concern, ConcernOutcome, ConcernState
from services.kitemark.operations.policing.concerns import Raised, SeenConcern
from services.kitemark.routes.fields import Body, Code, ExternalId, Line, Sentence

Said = Annotated[Sentence, Field(min_length=1)]


class ConcernIn(Body):
    """What a concern is about, and what it is. Name nobody who is not needed to understand it.

    A body or a scheme is named by its code; an award by the code of its body and the body's own id.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "about": "body",
                    "code": "example-body",
                    "words": "The assessor works at the school that was assessed.",
                }
            ]
        }
    )

    about: AboutKind
    code: Code
    award_id: ExternalId | None = None
    words: Annotated[Sentence, Field(min_length=10)]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.about is AboutKind.AWARD) is (self.award_id is None):
            raise PydanticCustomError("award_id", "An award, and nothing else, is named by its award_id too.")
        return self

    def named(self) -> About:
        """Return what it is about."""
        return About(kind=self.about, code=self.code, award_id=self.award_id)


class ConcernReceiptOut(BaseModel):
    """A receipt. `reference` is a secret shown once: with it you can ask how far the concern is.

    When the request is sent again with its key, the reference is null: it is kept nowhere.
    """

    reference: str | None
    raised_on: date
    acknowledge_by: date

    @classmethod
    def of(cls, raised: Raised) -> "ConcernReceiptOut":
        """Return the receipt without its secret, as it may be kept."""
        concern = raised.concern
        return cls(reference=None, raised_on=concern.raised_on, acknowledge_by=concern.acknowledge_by)


class ConcernReferenceIn(Body):
    """The reference that was shown when the concern was received."""

    reference: Annotated[Line, Field(min_length=1)]


class ConcernProgressOut(BaseModel):
    """How far a concern is, as whoever raised it sees it: the answer and the outcome once it is closed."""

    state: ConcernState
    raised_on: date
    acknowledge_by: date
    acknowledged_on: date | None
    answer_by: date | None
    answered_on: date | None
    closed_on: date | None
    outcome: ConcernOutcome | None
    answer: str | None
    reasons: str | None

    @classmethod
    def of(cls, concern: Concern) -> "ConcernProgressOut":
        """Return it as whoever raised it sees it."""
        told = {name: getattr(concern, name) for name in cls.model_fields}
        if concern.state is not ConcernState.CLOSED:
            told |= {"answer": None}
        return cls(**told)


class AnswerIn(Body):
    """What the body says to a concern about it."""

    answer: Said


class ConcernClosingIn(Body):
    """What a concern came to, and why; `outside` is one that is not for the mark to decide."""

    outcome: ConcernOutcome
    reasons: Said


class ConcernOut(BaseModel):
    """A concern, as the panel and the body whose answer is asked see it."""

    id: int
    about: AboutKind
    code: str
    award_id: str | None
    body: str
    tied_bodies: list[str]
    words: str
    state: ConcernState
    policy_version: str
    raised_on: date
    acknowledge_by: date
    acknowledged_on: date | None
    answer_by: date | None
    answered_on: date | None
    answer: str | None
    closed_on: date | None
    outcome: ConcernOutcome | None
    reasons: str | None

    @classmethod
    def of(cls, held: SeenConcern) -> "ConcernOut":
        """Return it as they see it."""
        told = held.concern
        own = {"id", "about", "code", "award_id", "tied_bodies", "policy_version"}
        return cls(
            id=held.id,
            about=told.about.kind,
            code=told.about.code,
            award_id=told.about.award_id,
            tied_bodies=list(told.ties),
            policy_version=told.policy,
            **{name: getattr(told, name) for name in cls.model_fields if name not in own},
        )


class ConcernPage(BaseModel):
    """Some concerns, and the cursor of the next page."""

    items: list[ConcernOut]
    next: str | None
