"""Possible matches put to a registrar by a caller, looked at, answered, and forgotten in time."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from services.register.domain.matching import question as rules
from services.register.domain.matching.question import (
    AnswerNotACandidate,
    QuestionEvent,
    QuestionStatus,
    kept_since,
)
from services.register.domain.matching.scoring import Judged, MatchOutcome
from services.register.domain.person import parse_number
from services.register.operations.matching.matches import MATCH, SentRow, judge_all, policy_in_force
from services.register.operations.matching.question_views import (
    DECIDE,
    SeenQuestion,
    candidates_of,
    seen_by,
    viewer_of,
)
from services.register.storage.matching import questions
from services.register.storage.matching.questions import HeldQuestion
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.errors import NotFound, TooLarge
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of

MOST_QUESTIONS = 200
FORGETTING = Actor.system("forget-match-questions")
BATCH = 500


class NoSuchMatchQuestion(NotFound):
    """There is no match question {question_id}, or it is not one of yours."""


class TooManyQuestions(TooLarge):
    """At most {most} rows can be put to a registrar at once: send the rest in a further request."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PutRow:
    """A row that was to be put to a registrar, and its question; None unless it is a possible match."""

    row: SentRow
    judged: Judged
    question_id: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A registrar's answer: one of the candidates' numbers, or None for none of them."""

    number: str | None
    reason: str


async def ask(
    db: Database, once: Once, *, rows: Sequence[SentRow], actor: Actor, now: datetime
) -> tuple[PutRow, ...]:
    """Put those of the rows that are possible matches to a registrar; the others need nobody to look."""
    actor.require(MATCH)
    if len(rows) > MOST_QUESTIONS:
        raise TooManyQuestions(most=MOST_QUESTIONS)
    async with db.transaction(actor, once) as tx:
        policy = await policy_in_force(tx, day=london_day(now))
        judged = await judge_all(tx, rows, policy)
        pairs = list(zip(rows, judged, strict=True))
        ids = await questions.ask(
            tx,
            [_kept(row) for row, each in pairs if each.outcome is MatchOutcome.POSSIBLE],
            client_id=viewer_of(actor),
            policy_version=policy.version,
            record=_record("match.asked", "", actor, now, policy=policy.version),
        )
        left = iter(ids)
        put = tuple(
            PutRow(
                row=row,
                judged=each,
                question_id=next(left) if each.outcome is MatchOutcome.POSSIBLE else None,
            )
            for row, each in pairs
        )
        once.answer(put)
    return put


async def get(db: Database, *, question_id: int, actor: Actor, now: datetime) -> SeenQuestion:
    """Return a question: to its caller with the answer, to a registrar with the candidates."""
    async with db.reading() as tx:
        held = await _get(tx, question_id, actor=actor)
        (seen,) = await seen_by(tx, actor, [held], day=london_day(now), with_candidates=True)
    return seen


async def page(
    db: Database,
    *,
    status: QuestionStatus | None,
    actor: Actor,
    after: str | None,
    limit: int,
    now: datetime,
) -> Page[SeenQuestion]:
    """Return the caller's own questions, or everybody's to a registrar, oldest first."""
    (last,) = place_of(after, int) or (0,)
    client_id = None if actor.may(DECIDE) else viewer_of(actor)
    async with db.reading() as tx:
        held = await questions.page(tx, client_id=client_id, status=status, after=last, limit=limit + 1)
        found = await seen_by(tx, actor, held, day=london_day(now))
    return page_of(found, limit=limit, place=lambda each: (each.held.question_id,))


async def answer(
    db: Database, once: Once, *, question_id: int, given: Answer, actor: Actor, now: datetime
) -> SeenQuestion:
    """Answer a question once and for all; four eyes are not asked for, since nobody's standing changes."""
    actor.require(DECIDE)
    number = None if given.number is None else parse_number(given.number)
    event = QuestionEvent.FIND_NOBODY if number is None else QuestionEvent.IDENTIFY
    today = london_day(now)
    async with db.transaction(actor, once) as tx:
        held = await _get(tx, question_id, actor=actor, lock=True)
        status = rules.moved(held.status, event)
        await questions.answer(
            tx,
            question_id,
            status=status,
            person_id=None if number is None else await _candidate(tx, held, number, day=today),
            reason=given.reason,
            record=_record(
                "match.answered", f"match-question:{question_id}", actor, now, outcome=status.value
            ),
        )
        again = await _get(tx, question_id, actor=actor)
        (seen,) = await seen_by(tx, actor, [again], day=today, with_candidates=True)
        once.answer(seen)
    return seen


async def forget_old(db: Database, *, now: datetime) -> int:
    """Erase what was sent with questions older than the policy keeps them, and return how many that were."""
    forgotten = 0
    while True:
        async with db.transaction(FORGETTING) as tx:
            policy = await policy_in_force(tx, day=london_day(now))
            done = await questions.forget(
                tx,
                before=kept_since(policy, now=now),
                limit=BATCH,
                at=now,
                record=lambda subject: _record("match.forgotten", subject, FORGETTING, now),
            )
        forgotten += done
        if done < BATCH:
            return forgotten


async def _candidate(tx: Transaction, held: HeldQuestion, number: str, *, day: date) -> int:
    """Return whose number it is, one of a candidate's; raises AnswerNotACandidate."""
    for each in await candidates_of(tx, held, day=day):
        if number in each.compared.person.numbers:
            return each.compared.person.person_id
    raise AnswerNotACandidate


async def _get(tx: Transaction, question_id: int, *, actor: Actor, lock: bool = False) -> HeldQuestion:
    """Return a question that the caller may see; another caller's looks like a missing one."""
    held = await questions.find(tx, question_id, lock=lock)
    if held is None or not (actor.may(DECIDE) or held.client_id == viewer_of(actor)):
        raise NoSuchMatchQuestion(question_id=question_id)
    return held


def _kept(row: SentRow) -> dict[str, Any]:
    """Return a row as it is kept: what was sent and nothing else."""
    content = {name: value for name, value in asdict(row).items() if value is not None}
    if row.date_of_birth is not None:
        content["date_of_birth"] = row.date_of_birth.isoformat()
    return content


def _record(event_name: str, subject: str, actor: Actor, now: datetime, **facts: str) -> Record:
    return Record(actor=actor, at=now, event=event_name, subject=subject, facts=facts)
