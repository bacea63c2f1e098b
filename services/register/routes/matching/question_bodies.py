"""Questions to a registrar as they are sent and shown: one class for the caller, one for the registrar."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from services.register.domain.matching.question import QuestionStatus
from services.register.domain.matching.scoring import MatchOutcome, MatchReason, SentField
from services.register.domain.verdict import VerdictCode
from services.register.operations.matching.question_views import Candidate, SeenQuestion, sent_row
from services.register.operations.matching.questions import PutRow
from services.register.routes.fields import Body, NumberText, Sentence
from services.register.routes.matching.match_bodies import MatchRowIn
from services.register.routes.member_bodies import NameOut
from shared.disclosures import PRIVATE


class QuestionsIn(Body):
    """Rows whose match is possible, at most 200. They are kept until the policy's retention is over."""

    rows: Annotated[list[MatchRowIn], Field(min_length=1)]


class AnswerIn(Body):
    """The number of one of the candidates, or null where the row is none of them."""

    number: NumberText | None
    reason: Sentence


class PutOut(BaseModel):
    """What became of one row: its question, or null where its match is not a possible one."""

    reference: str | None
    outcome: MatchOutcome
    reason: MatchReason
    question: int | None


class QuestionsOut(BaseModel):
    """One result for each row, in your order."""

    items: list[PutOut]

    @classmethod
    def of(cls, put: tuple[PutRow, ...]) -> "QuestionsOut":
        """Return the results as they are shown."""
        return cls(
            items=[
                PutOut(
                    reference=each.row.reference,
                    outcome=each.judged.outcome,
                    reason=each.judged.reason,
                    question=each.question_id,
                )
                for each in put
            ]
        )


class QuestionOut(BaseModel):
    """A question as whoever asked it sees it: number and verdict where a registrar named somebody.

    `reference` is null once what you sent has been erased.
    """

    id: int
    reference: str | None
    touchpoint_reference: str | None
    status: QuestionStatus
    asked_at: datetime
    answered_at: datetime | None
    number: str | None
    verdict: VerdictCode | None

    @classmethod
    def of(cls, seen: SeenQuestion) -> "QuestionOut":
        """Return the question as it is shown."""
        sent = seen.held.sent or {}
        return cls(
            id=seen.held.question_id,
            reference=sent.get("reference"),
            touchpoint_reference=sent.get("touchpoint_reference"),
            status=seen.held.status,
            asked_at=seen.held.asked_at,
            answered_at=seen.held.answered_at,
            number=seen.number,
            verdict=None if seen.verdict is None else VerdictCode(seen.verdict),
        )


class SentRowOut(BaseModel):
    """What the caller holds of the person."""

    number: str | None
    given_names: Annotated[str | None, PRIVATE]
    family_name: Annotated[str | None, PRIVATE]
    date_of_birth: Annotated[date | None, PRIVATE]
    email: Annotated[str | None, PRIVATE]
    association: str | None
    member_id: Annotated[str | None, PRIVATE]


class CandidateOut(BaseModel):
    """Somebody who may be meant, how far the row agrees, and what tells them from others."""

    number: str
    score: int
    agreed: list[SentField]
    disagreed: list[SentField]
    given_names: Annotated[str, PRIVATE]
    family_name: Annotated[str, PRIVATE]
    previous_names: Annotated[list[NameOut], PRIVATE]
    date_of_birth: Annotated[date | None, PRIVATE]

    @classmethod
    def of(cls, candidate: Candidate) -> "CandidateOut":
        """Return the candidate as a registrar sees it."""
        details = candidate.person.details
        return cls(
            number=candidate.person.number,
            score=candidate.compared.score,
            agreed=list(candidate.compared.agreed),
            disagreed=list(candidate.compared.disagreed),
            given_names=details.given_names,
            family_name=details.family_name,
            previous_names=[
                NameOut(given_names=name.given_names, family_name=name.family_name)
                for name in candidate.previous
            ],
            date_of_birth=details.date_of_birth,
        )


class RegistrarQuestionOut(QuestionOut):
    """A question as a registrar sees it; candidates only where one open question is read by itself."""

    client: str
    sent: SentRowOut | None
    candidates: list[CandidateOut] | None
    answered_by: str | None
    answer_reason: Annotated[str | None, PRIVATE]

    @classmethod
    def of(cls, seen: SeenQuestion) -> "RegistrarQuestionOut":
        """Return the question as a registrar sees it."""
        held = seen.held
        row = None if held.sent is None else sent_row(held.sent)
        known = None if seen.candidates is None else [CandidateOut.of(each) for each in seen.candidates]
        return cls(
            **QuestionOut.of(seen).model_dump(),
            client=held.client_id,
            sent=row and SentRowOut.model_validate(row, from_attributes=True),
            candidates=known,
            answered_by=held.answered_by,
            answer_reason=held.reason,
        )


class QuestionPage(BaseModel):
    """Some questions, and the cursor of the next page."""

    items: list[RegistrarQuestionOut | QuestionOut]
    next: str | None
