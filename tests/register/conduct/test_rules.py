"""The rules of complaints without a database: the table, the parts, the citation, the policy."""

import json
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.register.domain.conduct import complaint as rules
from services.register.domain.conduct import parts
from services.register.domain.conduct.code import PrincipleNotInTheCode, cite
from services.register.domain.conduct.complaint import (
    ENDED,
    TRANSITIONS,
    UNDECIDED,
    Caller,
    Complaint,
    ComplaintStepNotPossible,
    Mover,
    NotYoursToMove,
    State,
    Step,
    move,
)
from services.register.domain.conduct.deadlines import Progress, progress
from services.register.domain.conduct.decision import ComplaintOutcome, Decision, checked
from services.register.domain.conduct.parts import Part
from services.register.domain.conduct.policy import parse_conduct_policy
from services.register.domain.policy import PolicyNotUnderstood
from shared.errors import Refusal
from tests.register.rules import make

TODAY = date(2026, 11, 21)
YESTERDAY = TODAY - timedelta(days=1)
BASE = Complaint(
    state=State.RECEIVED,
    submitted_by="complainant",
    complaining_association="ACEG",
    answering_association="ICG",
    parts={"judge": Part.PANEL, "appeal-judge": Part.APPEAL_PANEL, "investigator": Part.INVESTIGATOR},
    conflicted=frozenset({"friend"}),
)
CALLERS = {
    Mover.OFFICER: Caller(subject="officer", registrar=True),
    Mover.PANEL: Caller(subject="judge", registrar=True),
    Mover.APPEAL_PANEL: Caller(subject="appeal-judge", registrar=True),
    Mover.ASSOCIATION: Caller(subject="icg", association="ICG"),
    Mover.COMPLAINANT: Caller(subject="anyone", complainant=True),
}
POLICY: dict[str, Any] = make.shipped("conduct_policies")[0]["policy"]
CODES = make.shipped("codes_of_ethics")


@pytest.mark.parametrize(("state", "step"), list(product(State, Step)))
def test_a_complaint_moves_along_the_written_table_and_no_other_way(state: State, step: Step) -> None:
    found = TRANSITIONS.get((state, step))
    # The day by which an answer or an appeal was due has passed, or is still to come, as the step asks.
    due_on = TODAY if step is Step.APPEAL else YESTERDAY
    complaint = replace(BASE, state=state, due_on=due_on)
    for mover, caller in CALLERS.items():
        if found is None:
            with pytest.raises(ComplaintStepNotPossible):
                move(complaint, step, by=caller, today=TODAY)
        elif mover is found.by:
            assert move(complaint, step, by=caller, today=TODAY) is found.to
        else:
            with pytest.raises((NotYoursToMove, parts.NotOnThePanel, parts.PartAlreadyTaken)):
                move(complaint, step, by=caller, today=TODAY)


@given(st.lists(st.sampled_from(list(Step)), max_size=25))
def test_whatever_is_tried_an_ended_complaint_stays_ended_and_a_decision_follows_an_examination(
    tried: list[Step],
) -> None:
    complaint, taken = BASE, []
    for step in tried:
        found = TRANSITIONS.get((complaint.state, step))
        if found is None:
            continue
        to = move(replace(complaint, due_on=None), step, by=CALLERS[found.by], today=TODAY)
        assert complaint.state not in ENDED
        complaint = replace(complaint, state=to)
        taken.append(step)
    if complaint.state not in (*UNDECIDED, *ENDED):
        examined = (Step.ACKNOWLEDGE, Step.FIND_CAPABLE, Step.ASK_MEMBER)
        assert tuple(each for each in taken if each in examined) == examined
        assert taken.index(Step.FIND_CASE) < taken.index(Step.CONVENE) < taken.index(Step.UPHOLD)


@pytest.mark.parametrize(
    ("state", "step", "caller", "changes", "refusal"),
    [
        (State.RECEIVED, Step.ACKNOWLEDGE, Caller(subject="complainant", registrar=True), {},
         parts.OwnComplaint),
        (State.RECEIVED, Step.ACKNOWLEDGE, Caller(subject="friend", registrar=True), {},
         parts.ConflictOfInterestRecorded),
        (State.RECEIVED, Step.ACKNOWLEDGE, Caller(subject="judge", registrar=True), {},
         parts.PartAlreadyTaken),
        (State.RECEIVED, Step.ACKNOWLEDGE, Caller(subject="x", registrar=True, association="ACEG"), {},
         parts.OwnAssociationsComplaint),
        (State.BEFORE_PANEL, Step.UPHOLD, Caller(subject="investigator", registrar=True), {},
         parts.PartAlreadyTaken),
        (State.UNDER_APPEAL, Step.DISMISS_APPEAL, Caller(subject="judge", registrar=True), {},
         parts.PartAlreadyTaken),
        (State.ACKNOWLEDGED, Step.FIND_CAPABLE, CALLERS[Mover.OFFICER], {"identified": False},
         rules.PersonNotIdentified),
        (State.ANSWER_AWAITED, Step.FIND_CASE, CALLERS[Mover.OFFICER], {"due_on": TODAY},
         rules.AnswerStillDue),
        (State.DECIDED, Step.CLOSE, CALLERS[Mover.OFFICER], {"due_on": TODAY}, rules.AppealStillOpen),
        (State.DECIDED, Step.APPEAL, CALLERS[Mover.ASSOCIATION], {"due_on": YESTERDAY}, rules.AppealTooLate),
        (State.ANSWERED, Step.WITHDRAW, CALLERS[Mover.COMPLAINANT], {"protected": True},
         rules.InterimMeasureStands),
        (State.ANSWERED, Step.PROTECT, CALLERS[Mover.OFFICER], {"protected": True},
         rules.InterimMeasureStands),
    ],
)  # fmt: skip
def test_nobody_judges_their_own_case_and_nothing_happens_before_its_day(
    state: State, step: Step, caller: Caller, changes: dict[str, Any], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        move(replace(BASE, state=state, **changes), step, by=caller, today=TODAY)


@pytest.mark.parametrize(
    ("members", "by", "refusal"),
    [
        (["judge", "judge"], "judge", parts.QuorumNotMet),
        (["judge", "second"], "judge", parts.NotOnThePanel),
        (["second-judge", "third"], "judge", parts.NotOnThePanel),
        (["judge", "complainant"], "judge", parts.OwnComplaint),
        (["judge", "appeal-judge"], "judge", parts.PartAlreadyTaken),
    ],
)
def test_a_panel_decides_with_its_own_members_and_enough_of_them(
    members: list[str], by: str, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        parts.check_panel(BASE, members, by=by, part=Part.PANEL, quorum=2)


def test_a_complainant_is_told_an_outcome_only_once_nothing_can_change_it() -> None:
    told = {progress(state, None) for state in State if state not in ENDED}
    assert told == {Progress.RECEIVED, Progress.BEING_EXAMINED, Progress.BEFORE_A_PANEL}
    last = {step for (_, step), found in TRANSITIONS.items() if found.to is State.CLOSED}
    assert {progress(State.CLOSED, step) for step in last} == {
        Progress.NOT_A_BREACH,
        Progress.NO_CASE_TO_ANSWER,
        Progress.NOT_UPHELD,
        Progress.UPHELD,
    }


def test_a_complaint_cites_the_code_that_was_in_force_and_says_what_is_not_known() -> None:
    cited = cite(CODES, ["equality", "Trust"], day=date(2020, 5, 1))
    assert (cited.code_version, cited.principles) == ("cdi-2019-01-01", ("Equality", "Trust"))
    assert cited.listed == (True, False)
    unknown = cite(CODES, ["Justice"], day=date(2017, 5, 1))
    assert (unknown.code_version, unknown.listed) == (None, (False,))
    whole = [{**code, "complete": True} for code in CODES]
    with pytest.raises(PrincipleNotInTheCode):
        cite(whole, ["Trust"], day=date(2020, 5, 1))


@pytest.mark.parametrize(
    "changes",
    [
        {"reasons": " "},
        {"public_summary": " "},
        {"outcome": ComplaintOutcome.WARNING, "sanction_days": 3},
        {"review_on": TODAY},
        {"outcome": ComplaintOutcome.REMOVAL, "review_on": date(2027, 1, 1)},
    ],
)
def test_a_decision_says_enough_and_nothing_that_does_not_belong_to_it(changes: dict[str, Any]) -> None:
    decision = Decision(
        outcome=ComplaintOutcome.SUSPENSION, reasons="So.", public_summary="So.", sanction_days=30
    )
    assert checked(decision, today=TODAY).last_day(TODAY) == date(2026, 12, 20)
    with pytest.raises(Refusal):
        checked(replace(decision, **changes), today=TODAY)


def test_the_policy_says_what_waits_for_an_appeal_and_how_long_a_decision_is_published() -> None:
    policy = parse_conduct_policy(POLICY)
    assert parse_conduct_policy(json.loads(json.dumps(policy.as_dict()))) == policy
    assert [each for each in ComplaintOutcome if policy.stays(each)] == [ComplaintOutcome.REMOVAL]
    assert policy.publication(ComplaintOutcome.ADVICE, final_on=TODAY) is None
    assert policy.publication(ComplaintOutcome.REMOVAL, final_on=TODAY) == (TODAY, None)
    assert policy.publication(ComplaintOutcome.WARNING, final_on=TODAY) == (TODAY, date(2027, 11, 20))


@pytest.mark.parametrize(
    "changes",
    [
        {"answer_days": 0},
        {"answer_days": True},
        {"panel_quorum": 1},
        {"stayed_by_appeal": []},
        {"stayed_by_appeal": ["removal", "scolding"]},
        {"published_days": {}},
        {"published_days": {**POLICY["published_days"], "advice": -1}},
        {"effective_from": "soon"},
        {"version": " "},
        {"strange": 1},
    ],
)
def test_a_policy_that_cannot_be_kept_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(PolicyNotUnderstood):
        parse_conduct_policy(POLICY | changes)
