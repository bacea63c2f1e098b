"""The licence to practise: scopes, decisions, terms, lapse and retirement."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.register.domain.licence import (
    APPLICATION_TRANSITIONS,
    Admission,
    AlreadyOnTheRegister,
    AlreadyRetired,
    Application,
    ApplicationAlreadyDecided,
    ApplicationEvent,
    ApplicationStatus,
    CodeNotAccepted,
    EntryStatus,
    NoAuthenticatedQualification,
    NotAProfessionalMember,
    NotOnTheRegister,
    RegisterEntry,
    RemovedFromTheRegister,
    RetirementNotAfterAdmission,
    admit,
    admitted,
    due_to_lapse,
    refuse,
    retire,
    scopes_earned,
    term_end,
    withdraw,
)
from services.register.domain.policy import MembershipLevel, Scope
from services.register.domain.qualification import HoldingStatus, ReasonMissing, SubmitterMayNotDecide
from tests.register.rules import make

TODAY = date(2026, 11, 21)
POLICY = make.entry_policy()
LEADER = make.holding(holding_id=2, subject="careers_leadership", credits=20)


def decide(application: Application | None = None, **changes: Any) -> Admission:
    given: dict[str, Any] = {
        "by": "registrar",
        "holdings": [make.holding()],
        "code_accepted": True,
        "membership_level": MembershipLevel.PROFESSIONAL,
        "on_register": False,
        "removed": False,
        "entry_policy": POLICY,
        "licence_policy": make.licence_policy(),
        "today": TODAY,
    }
    return admit(application or make.application(), **given | changes)


def test_admission_grants_a_year_from_today_with_the_scopes_earned() -> None:
    assert decide() == Admission(
        valid_from=TODAY,
        valid_to=date(2027, 11, 20),
        scopes=(Scope.PERSONAL_GUIDANCE,),
        basis_holding_ids=(1,),
        policy_version="entry-2011",
        licence_policy_version="licence-1",
    )


def test_each_scope_rests_on_its_own_holding() -> None:
    admission = decide(holdings=[LEADER, make.holding(holding_id=3)])
    assert admission.scopes == (Scope.PERSONAL_GUIDANCE, Scope.CAREERS_LEADERSHIP)
    assert admission.basis_holding_ids == (3, 2)


def test_the_first_basis_earned_the_first_scope_and_the_level_stands_last() -> None:
    small = make.holding(holding_id=1, credits=20)
    assert decide(holdings=[small, LEADER, make.holding(holding_id=3)]).basis_holding_ids == (3, 2, 1)


def test_a_careers_leadership_qualification_does_not_license_guidance() -> None:
    assert decide(holdings=[LEADER]).scopes == (Scope.CAREERS_LEADERSHIP,)


@pytest.mark.parametrize(
    ("changes", "scopes"),
    [
        ({}, {Scope.PERSONAL_GUIDANCE}),
        ({"credits": 59}, set()),
        ({"credits": None}, set()),
        ({"subject": None}, set()),
        ({"subject": "careers_leadership"}, {Scope.CAREERS_LEADERSHIP}),
        ({"subject": "careers_leadership", "credits": 20}, {Scope.CAREERS_LEADERSHIP}),
        ({"subject": "careers_leadership", "credits": 19}, set()),
        ({"subject": "careers_leadership", "level": "5"}, set()),
        ({"subject": "careers_leadership", "framework": "SCQF", "level": "11"}, set()),
        ({"framework": "SCQF", "level": "11"}, {Scope.PERSONAL_GUIDANCE}),
        ({"framework": "SCQF", "level": "10", "credits": 360}, set()),
        ({"framework": "NVQ", "level": "4"}, set()),
        ({"relevant": False}, set()),
        ({"status": HoldingStatus.CLAIMED}, set()),
        ({"status": HoldingStatus.WITHDRAWN}, set()),
    ],
)
def test_scopes_are_earned_by_subject_level_and_credits(changes: dict[str, Any], scopes: set[Scope]) -> None:
    earned = scopes_earned([make.holding(**changes)], policy=POLICY)
    assert {decision.scope for decision in earned} == scopes
    assert {decision.holding_id for decision in earned} == ({1} if scopes else set())


@pytest.mark.parametrize(
    ("changes", "refusal", "says"),
    [
        ({"by": "association"}, SubmitterMayNotDecide, "another registrar"),
        ({"removed": True}, RemovedFromTheRegister, "restored"),
        ({"on_register": True}, AlreadyOnTheRegister, "already"),
        ({"membership_level": MembershipLevel.ASSOCIATE}, NotAProfessionalMember, "an associate member"),
        ({"membership_level": None}, NotAProfessionalMember, "no association"),
        ({"code_accepted": False}, CodeNotAccepted, "code of ethics"),
        ({"holdings": []}, NoAuthenticatedQualification, "No qualification is recorded"),
        ({"holdings": [make.claim()]}, NoAuthenticatedQualification, "not been authenticated yet"),
        ({"holdings": [make.holding(credits=20)]}, NoAuthenticatedQualification, "asks 60 credits"),
        ({"holdings": [make.holding(level="4")]}, NoAuthenticatedQualification, "QCF level 4"),
        ({"holdings": [make.holding(relevant=False)]}, NoAuthenticatedQualification, "relevant"),
    ],
)
def test_an_admission_that_may_not_be_says_why(
    changes: dict[str, Any], refusal: type[Exception], says: str
) -> None:
    with pytest.raises(refusal, match=says):
        decide(**changes)


EVENTS: dict[ApplicationEvent, Callable[[Application], Application]] = {
    ApplicationEvent.ADMIT: lambda application: admitted(application, by="registrar", today=TODAY),
    ApplicationEvent.REFUSE: lambda application: refuse(
        application, by="registrar", reasons=["Too few credits"], today=TODAY
    ),
    ApplicationEvent.WITHDRAW: lambda application: withdraw(application, today=TODAY),
}


@pytest.mark.parametrize("status", ApplicationStatus)
@pytest.mark.parametrize("event", ApplicationEvent)
def test_an_application_moves_only_along_the_written_table(
    status: ApplicationStatus, event: ApplicationEvent
) -> None:
    application = make.application(status=status)
    expected = APPLICATION_TRANSITIONS.get((status, event))
    if expected is None:
        with pytest.raises(ApplicationAlreadyDecided, match=status):
            EVENTS[event](application)
    else:
        assert EVENTS[event](application).status is expected
    assert application == make.application(status=status)


@pytest.mark.parametrize("status", sorted(set(ApplicationStatus) - {ApplicationStatus.SUBMITTED}))
def test_a_decided_application_grants_nothing_more(status: ApplicationStatus) -> None:
    with pytest.raises(ApplicationAlreadyDecided):
        decide(make.application(status=status))


def test_nobody_decides_their_own_application() -> None:
    with pytest.raises(SubmitterMayNotDecide):
        admitted(make.application(), by="association", today=TODAY)
    with pytest.raises(SubmitterMayNotDecide):
        refuse(make.application(), by="association", reasons=["No"], today=TODAY)


@pytest.mark.parametrize("reasons", [[], [""], ["Too few credits", " "]])
def test_a_refusal_has_reasons(reasons: list[str]) -> None:
    with pytest.raises(ReasonMissing):
        refuse(make.application(), by="registrar", reasons=reasons, today=TODAY)


def test_a_refused_application_keeps_its_reasons_decider_and_day() -> None:
    refused = refuse(make.application(), by="registrar", reasons=[" Too few\r\n credits "], today=TODAY)
    assert (refused.reasons, refused.decided_by, refused.decided_on) == (
        ("Too few credits",),
        "registrar",
        TODAY,
    )


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (date(2026, 11, 21), 12, date(2027, 11, 20)),
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
        (date(2026, 3, 1), 12, date(2027, 2, 28)),
        (date(2027, 3, 1), 12, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2027, 2, 28), 12, date(2028, 2, 27)),
        (date(2024, 2, 29), 48, date(2028, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 12, 1), 1, date(2026, 12, 31)),
    ],
)
def test_a_term_ends_the_day_before_its_anniversary(first: date, months: int, last: date) -> None:
    assert term_end(first, months=months) == last


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_a_year_is_never_shorter_than_a_year(first: date) -> None:
    assert 365 <= (term_end(first, months=12) - first).days + 1 <= 366


@pytest.mark.parametrize(
    ("today", "due"), [(make.END, False), (date(2027, 2, 28), False), (date(2027, 3, 1), True)]
)
def test_a_licence_is_due_to_lapse_once_its_days_of_grace_are_over(today: date, due: bool) -> None:
    assert due_to_lapse(valid_to=make.END, grace_days=28, today=today) is due


ENTRY = RegisterEntry(status=EntryStatus.ON_REGISTER, valid_from=make.START)


def test_retirement_ends_the_entry_the_day_before_it_begins() -> None:
    ended, retired = retire(ENTRY, on=TODAY)
    assert ended == RegisterEntry(
        status=EntryStatus.ON_REGISTER, valid_from=make.START, valid_to=TODAY - timedelta(days=1)
    )
    assert retired == RegisterEntry(status=EntryStatus.RETIRED, valid_from=TODAY)


@pytest.mark.parametrize(
    ("entry", "on", "refusal"),
    [
        (None, TODAY, NotOnTheRegister),
        (RegisterEntry(status=EntryStatus.RETIRED, valid_from=make.START), TODAY, AlreadyRetired),
        (
            RegisterEntry(status=EntryStatus.ON_REGISTER, valid_from=make.START, valid_to=date(2026, 3, 1)),
            TODAY,
            NotOnTheRegister,
        ),
        (ENTRY, make.START, RetirementNotAfterAdmission),
    ],
)
def test_only_somebody_on_the_register_retires_and_after_admission(
    entry: RegisterEntry | None, on: date, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        retire(entry, on=on)
