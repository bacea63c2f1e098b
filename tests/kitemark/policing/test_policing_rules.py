"""The rules of moderation and concerns without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product

import pytest

from services.kitemark.domain.awards.mark import Span
from services.kitemark.domain.awards.scheme import Scheme
from services.kitemark.domain.policing import case as casework
from services.kitemark.domain.policing import concern as concerns
from services.kitemark.domain.policing import moderation as moderations
from services.kitemark.domain.policing.case import (
    CLOSED,
    WAITING,
    CaseState,
    CaseStep,
    Finder,
    ModerationCase,
    ModeratorAssessedIt,
    ModeratorNotLicensed,
    NotTheModerator,
    ResponseStillPossible,
)
from services.kitemark.domain.policing.concern import (
    About,
    AboutKind,
    AnswerStillPossible,
    Concern,
    ConcernMovesOtherwise,
    ConcernNotYours,
    ConcernOutcome,
    ConcernState,
)
from services.kitemark.domain.policing.moderation import (
    Moderation,
    ModerationMove,
    ModerationNotInThatState,
    ModerationState,
    ModeratorTied,
    Tie,
    ties_of,
)
from services.kitemark.domain.policing.policy import read_policy
from services.kitemark.domain.policing.quality import Counted, agreement
from services.kitemark.domain.policing.quality import concerns as counted
from services.kitemark.operations.reference import shipped_entries
from shared.draw import SeedDrawnByWhoEnteredIt, SeedKind, SeedSource
from shared.errors import Refusal

TODAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
TERMS = read_policy(shipped_entries("policing_policies")[0])
CASE = ModerationCase(award="award:A/1", body="A", moderator="B", place=1)
BY_B = Finder(subject="assessor", body="B", number="CR1", verdict="licensed")
CONCERN = Concern(
    about=About(kind=AboutKind.BODY, code="A"),
    body="A",
    ties=("A", "OWNER"),
    words="They never came.",
    digest="0",
    policy="policing-1",
    raised_on=TODAY,
    acknowledge_by=date(2026, 11, 26),
)


def found(case: ModerationCase, step: CaseStep, by: Finder = BY_B, **known: object) -> ModerationCase:
    told = {"reasons": "So it is.", "ties": (), "assessor": None, "response_days": 28, "today": TODAY} | known
    return casework.found(case, step, by=by, **told)  # type: ignore[arg-type]


@pytest.mark.parametrize(("state", "step"), [*product(CaseState, CaseStep)])
def test_a_case_moves_along_its_table_only(state: CaseState, step: CaseStep) -> None:
    held, to = replace(CASE, state=state), casework.TRANSITIONS.get((state, step))

    def move() -> ModerationCase:
        return casework.responded(held, "No.") if step is CaseStep.RESPOND else found(held, step)

    if to is None:
        with pytest.raises(casework.CaseMovesOtherwise):
            move()
    else:
        moved = move()
        assert moved.state is to
        assert (moved.due_on is not None) == (to in WAITING)
        assert (moved.closed_on is not None) == (to in CLOSED)


def test_only_licensed_assessors_of_the_moderator_find_and_never_their_own_work() -> None:
    for by in (replace(BY_B, body="A"), replace(BY_B, body=None)):
        with pytest.raises(NotTheModerator):
            found(CASE, CaseStep.AGREE, by=by)
    for verdict in ("lapsed", "suspended", "not_licensed", "never_issued", "malformed"):
        with pytest.raises(ModeratorNotLicensed):
            found(CASE, CaseStep.AGREE, by=replace(BY_B, verdict=verdict))
    with pytest.raises(ModeratorAssessedIt):
        found(CASE, CaseStep.AGREE, assessor="Ann Able, cr1")
    # A tie that came between the draw and the finding counts too.
    with pytest.raises(ModeratorTied):
        found(CASE, CaseStep.AGREE, ties=("B",))


def test_nobody_is_called_silent_while_a_response_may_come() -> None:
    waiting = found(CASE, CaseStep.DISAGREE)
    assert waiting.due_on == date(2026, 12, 19)
    with pytest.raises(ResponseStillPossible):
        found(waiting, CaseStep.NO_RESPONSE, today=waiting.due_on)
    assert found(waiting, CaseStep.NO_RESPONSE, today=date(2026, 12, 20)).state is CaseState.UPHELD


def moderation(state: ModerationState = ModerationState.FROZEN) -> Moderation:
    return Moderation(
        body="A",
        moderator="B",
        year=2026,
        ties=(),
        policy="policing-1",
        source=SeedSource(kind=SeedKind.BEACON, where="x", expected_at=NOON),
        list_hash="0",
        population=9,
        size=3,
        frozen_at=datetime(2026, 11, 21, 9, tzinfo=UTC),
        state=state,
        announced_by="one",
        seed_entered_by=None if state is ModerationState.FROZEN else "one",
    )


@pytest.mark.parametrize(("state", "move"), [*product(ModerationState, ModerationMove)])
def test_a_moderation_moves_along_its_table_only(state: ModerationState, move: ModerationMove) -> None:
    held = moderation(state)

    def moved() -> Moderation:
        if move is ModerationMove.ENTER_SEED:
            return moderations.seeded(held, "a seed of sixteen", born_at=NOON, by="one", now=NOON)
        return (
            moderations.drawn_by(held, "two")
            if move is ModerationMove.DRAW
            else moderations.cancelled(held, "x")
        )

    to = moderations.MOVES.get((state, move))
    if to is None:
        with pytest.raises(ModerationNotInThatState):
            moved()
    else:
        assert moved().state is to
    if state is ModerationState.SEEDED:
        with pytest.raises(SeedDrawnByWhoEnteredIt):
            moderations.drawn_by(held, "one")


def scheme(code: str, owner: str) -> Scheme:
    return Scheme(code=code, title=code, body=owner, owner=owner, stages=(), validity_years=3)


def authority(body: str, of: str) -> Span:
    return Span(scheme=of, body=body, first=TODAY, last=None, source="x", fact_id=1)


def test_owners_and_successors_are_tied_and_bodies_beside_one_another_are_not() -> None:
    def ties(body: str, day: date = TODAY) -> tuple[str, ...]:
        return ties_of(
            body,
            schemes=[scheme("NATIONAL", "OWNER"), scheme("LOCAL", "A")],
            authorities=[authority("A", "NATIONAL"), authority("B", "NATIONAL"), authority("C", "LOCAL")],
            declared=[Tie(one="B", other="D", first=TODAY)],
            day=day,
        )

    assert ties("A") == ("C", "OWNER")
    assert ties("C") == ("A",)
    assert ties("OWNER") == ("A", "B")
    assert ties("B") == ("D", "OWNER")
    assert ties("D") == ("B",)
    assert ties("D", date(2026, 11, 20)) == ()


def test_the_terms_say_how_many_and_by_when() -> None:
    assert [TERMS.sample_of(many) for many in (1, 3, 25, 31, 400)] == [1, 3, 3, 4, 40]
    assert TERMS.period_before(TODAY) == (date(2025, 11, 21), date(2026, 11, 20))
    assert TERMS.reassessment_due(date(2017, 3, 13)) == date(2020, 3, 13)
    assert TERMS.reassessment_due(date(2024, 2, 29)) == date(2027, 3, 1)


@pytest.mark.parametrize("state", [*ConcernState])
@pytest.mark.parametrize("step", ["acknowledge", "answer", "close", "outside"])
@pytest.mark.parametrize("by", [None, "A", "owner", "Z"])
def test_a_concern_moves_along_its_table_and_never_by_whose_case_it_is(
    state: ConcernState, step: str, by: str | None
) -> None:
    held = replace(CONCERN, state=state, answer="No." if state is ConcernState.ANSWERED else None)

    def moved() -> Concern:
        if step == "acknowledge":
            return concerns.acknowledged(held, by="x", speaking_for=by, days=28, today=TODAY)
        if step == "answer":
            return concerns.answered(held, "No.", by="x", speaking_for=by, today=TODAY)
        outcome = ConcernOutcome.OUTSIDE if step == "outside" else ConcernOutcome.UPHELD
        return concerns.closed(held, outcome, "So.", by="x", speaking_for=by, today=TODAY)

    may = {
        "acknowledge": {ConcernState.RAISED: ConcernState.ACKNOWLEDGED},
        "answer": {ConcernState.ACKNOWLEDGED: ConcernState.ANSWERED},
        "close": {ConcernState.ACKNOWLEDGED: ConcernState.CLOSED, ConcernState.ANSWERED: ConcernState.CLOSED},
        "outside": {
            ConcernState.RAISED: ConcernState.CLOSED,
            ConcernState.ACKNOWLEDGED: ConcernState.CLOSED,
            ConcernState.ANSWERED: ConcernState.CLOSED,
        },
    }[step]
    allowed = by == "A" if step == "answer" else by in (None, "Z")
    if state not in may:
        with pytest.raises(ConcernMovesOtherwise):
            moved()
    elif not allowed:
        with pytest.raises(ConcernNotYours):
            moved()
    else:
        assert moved().state is may[state]


def test_a_concern_is_closed_without_an_answer_only_when_the_days_for_one_have_passed() -> None:
    held = concerns.acknowledged(CONCERN, by="x", speaking_for=None, days=28, today=TODAY)

    def closed(today: date) -> Concern:
        return concerns.closed(held, ConcernOutcome.UPHELD, "So.", by="x", speaking_for=None, today=today)

    with pytest.raises(AnswerStillPossible):
        closed(date(2026, 12, 19))
    assert closed(date(2026, 12, 20)).state is ConcernState.CLOSED
    with pytest.raises(Refusal):
        concerns.answered(closed(date(2026, 12, 20)), "No.", by="x", speaking_for="A", today=TODAY)


def test_what_a_sample_says_of_all_awards_is_exact_and_few_are_hidden() -> None:
    year = Counted(moderation=1, year=2026, moderator="B", population=20, drawn=20, agreed=15, upheld=5)
    whole = agreement(year, confidence=Decimal("0.95"), least=5)
    assert (whole.rate, whole.least_rate, whole.most_rate) == (0.75, 0.75, 0.75)
    part = agreement(replace(year, population=200), confidence=Decimal("0.95"), least=5)
    assert part.rate == 0.75
    assert part.least_rate is not None
    assert part.most_rate is not None
    assert 0.5 < part.least_rate < 0.75 < part.most_rate < 0.95
    few = agreement(replace(year, agreed=17, upheld=3), confidence=Decimal("0.95"), least=5)
    assert (few.agreed, few.disagreed, few.rate, few.least_rate) == (None, None, None, None)
    none = agreement(replace(year, agreed=0, upheld=0), confidence=Decimal("0.95"), least=5)
    assert (none.agreed, none.rate) == (0, None)


def test_response_times_are_counted_in_days_and_of_few_concerns_nothing_is_said() -> None:
    one = replace(
        CONCERN,
        state=ConcernState.CLOSED,
        acknowledged_on=date(2026, 11, 28),
        answer_by=date(2026, 12, 26),
        answered_on=date(2026, 12, 10),
        closed_on=date(2026, 12, 21),
        outcome=ConcernOutcome.UPHELD,
    )
    many = counted([one] * 6, least=5)
    assert (many.closed, many.by_outcome[ConcernOutcome.UPHELD]) == (6, 6)
    assert (many.to_acknowledge.median, many.to_acknowledge.late) == (7.0, 6)
    assert (many.to_answer.longest, many.to_answer.late, many.to_close.median) == (12, 0, 30.0)
    few = counted([one] * 4, least=5)
    assert (few.closed, few.by_outcome[ConcernOutcome.UPHELD], few.to_close.median) == (None, None, None)
    assert counted([], least=5).closed == 0
