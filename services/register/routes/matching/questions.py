"""Questions to a registrar over HTTP: possible matches that a person has to look at."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.register.domain.matching.question import QuestionStatus
from services.register.domain.rights.disclosure import Purpose
from services.register.operations.matching import questions
from services.register.operations.matching.question_views import SeenQuestion
from services.register.operations.matching.questions import Answer
from services.register.routes.matching.question_bodies import (
    AnswerIn,
    QuestionOut,
    QuestionPage,
    QuestionsIn,
    QuestionsOut,
    RegistrarQuestionOut,
)
from shared.actor import Actor
from shared.disclosures import discloses
from shared.paging import After, Limit
from shared.web import Db, Id, Now, OncePerRequest, Who, guarded_router, needs, page_body, said, with_etag

router = guarded_router("match-questions")


def _shown(seen: SeenQuestion, who: Actor) -> RegistrarQuestionOut | QuestionOut:
    return RegistrarQuestionOut.of(seen) if who.may("register:decide") else QuestionOut.of(seen)


def _location(seen: SeenQuestion) -> str:
    return f"/v1/match-questions/{seen.held.question_id}"


@router.post(
    "/v1/match-questions",
    operation_id="askMatchQuestions",
    status_code=201,
    response_model=QuestionsOut,
    openapi_extra=needs("people:match"),
)
async def ask_match_questions(
    body: QuestionsIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Put possible matches to a registrar; each row is matched anew, and only a possible one is put."""
    once = maker.rendering(QuestionsOut.of)
    await questions.ask(db, once, rows=[row.as_sent() for row in body.rows], actor=who, now=now)
    return said(once)


@router.get(
    "/v1/match-questions/{question_id}",
    operation_id="getMatchQuestion",
    response_model=RegistrarQuestionOut | QuestionOut,
    openapi_extra=needs("people:match", "register:decide") | discloses(Purpose.MATCHING),
)
async def get_match_question(question_id: Id, request: Request, db: Db, who: Who, now: Now) -> Response:
    """Read one question: your own with its answer, or as a registrar with the candidates."""
    seen = await questions.get(db, question_id=question_id, actor=who, now=now)
    return with_etag(request, _shown(seen, who))


@router.get(
    "/v1/match-questions",
    operation_id="listMatchQuestions",
    response_model=QuestionPage,
    openapi_extra=needs("people:match", "register:decide") | discloses(Purpose.MATCHING),
)
async def list_match_questions(
    request: Request,
    response: Response,
    db: Db,
    who: Who,
    now: Now,
    status: Annotated[QuestionStatus | None, Query()] = None,
    limit: Limit = 50,
    after: After = None,
) -> QuestionPage:
    """List your own questions, or everybody's as a registrar, in the order in which they were asked."""
    page = await questions.page(db, status=status, actor=who, after=after, limit=limit, now=now)
    body = QuestionPage(items=[_shown(each, who) for each in page.items], next=page.next)
    shown: QuestionPage = page_body(request, response, body, next_cursor=page.next)
    return shown


@router.post(
    "/v1/match-questions/{question_id}/answers",
    operation_id="answerMatchQuestion",
    status_code=201,
    response_model=RegistrarQuestionOut,
    openapi_extra=needs("register:decide") | discloses(Purpose.MATCHING),
)
async def answer_match_question(
    question_id: Id, body: AnswerIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Answer a question with one of the candidates' numbers, or with none of them."""
    once = maker.rendering(RegistrarQuestionOut.of, location=_location)
    given = Answer(number=body.number, reason=body.reason)
    await questions.answer(db, once, question_id=question_id, given=given, actor=who, now=now)
    return said(once)
