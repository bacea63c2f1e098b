"""Holdings: what moves them, who may decide them, what a declaration needs."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from services.register.domain.qualification import (
    TRANSITIONS,
    AlreadyAwarded,
    AuthenticationMethod,
    AwardDateInTheFuture,
    AwardDateMissing,
    CreditsNotPossible,
    EvidenceReferenceMissing,
    Holding,
    HoldingAlreadyDecided,
    HoldingEvent,
    HoldingNotAuthenticated,
    HoldingStatus,
    NotYetAwarded,
    ReasonMissing,
    SubmitterMayNotDecide,
    authenticate,
    check_declaration,
    check_took_no_part,
    complete,
    reject,
    withdraw,
    withdraw_authentication,
)
from shared.errors import Conflict
from tests.register.rules import make

TODAY = date(2026, 11, 21)
SEEN: dict[str, Any] = {
    "method": AuthenticationMethod.ORIGINAL_CERTIFICATE,
    "evidence_reference": "box 7",
    "reason": "Certificate seen",
    "relevant": True,
}

EVENTS: dict[HoldingEvent, Callable[[Holding], Holding]] = {
    HoldingEvent.COMPLETE: lambda holding: complete(holding, by="association", awarded_on=TODAY, today=TODAY),
    HoldingEvent.WITHDRAW: withdraw,
    HoldingEvent.AUTHENTICATE: lambda holding: authenticate(holding, by="registrar", **SEEN),
    HoldingEvent.REJECT: lambda holding: reject(holding, by="registrar", reason="Not genuine"),
    HoldingEvent.WITHDRAW_AUTHENTICATION: lambda holding: withdraw_authentication(
        holding, by="registrar", reason="Forged"
    ),
}


@pytest.mark.parametrize("status", HoldingStatus)
@pytest.mark.parametrize("event", HoldingEvent)
def test_a_holding_moves_only_along_the_written_table(status: HoldingStatus, event: HoldingEvent) -> None:
    holding = make.holding(status=status)
    expected = TRANSITIONS.get((status, event))
    if expected is None:
        with pytest.raises(Conflict):
            EVENTS[event](holding)
    else:
        assert EVENTS[event](holding).status is expected
    assert holding == make.holding(status=status)


def test_nothing_moves_out_of_rejected_or_withdrawn() -> None:
    ended = {HoldingStatus.REJECTED, HoldingStatus.WITHDRAWN}
    assert not [status for status, _ in TRANSITIONS if status in ended]


def test_only_authenticating_makes_a_holding_authenticated() -> None:
    ways = {event for (_, event), after in TRANSITIONS.items() if after is HoldingStatus.AUTHENTICATED}
    assert ways == {HoldingEvent.AUTHENTICATE}


@pytest.mark.parametrize(
    ("status", "event", "refusal"),
    [
        (HoldingStatus.WORKING_TOWARDS, HoldingEvent.AUTHENTICATE, NotYetAwarded),
        (HoldingStatus.WORKING_TOWARDS, HoldingEvent.REJECT, NotYetAwarded),
        (HoldingStatus.AUTHENTICATED, HoldingEvent.AUTHENTICATE, HoldingAlreadyDecided),
        (HoldingStatus.REJECTED, HoldingEvent.REJECT, HoldingAlreadyDecided),
        (HoldingStatus.AUTHENTICATED, HoldingEvent.WITHDRAW, HoldingAlreadyDecided),
        (HoldingStatus.CLAIMED, HoldingEvent.COMPLETE, AlreadyAwarded),
        (HoldingStatus.CLAIMED, HoldingEvent.WITHDRAW_AUTHENTICATION, HoldingNotAuthenticated),
    ],
)
def test_a_refused_move_says_why(status: HoldingStatus, event: HoldingEvent, refusal: type[Conflict]) -> None:
    with pytest.raises(refusal):
        EVENTS[event](make.holding(status=status))


@pytest.mark.parametrize(
    "decide",
    [
        lambda: authenticate(make.claim(), by="association", **SEEN),
        lambda: reject(make.claim(), by="association", reason="No"),
        lambda: withdraw_authentication(make.holding(), by="association", reason="No"),
    ],
)
def test_nobody_decides_what_they_submitted(decide: Callable[[], Holding]) -> None:
    with pytest.raises(SubmitterMayNotDecide):
        decide()


def test_an_authenticated_holding_names_its_decider_and_its_relevance() -> None:
    decided = authenticate(make.claim(relevant=False), by="registrar", **SEEN)
    assert (decided.decided_by, decided.relevant, decided.counts) == ("registrar", True, True)


def test_a_holding_authenticated_as_irrelevant_does_not_count() -> None:
    assert not authenticate(make.claim(), by="registrar", **SEEN | {"relevant": False}).counts


@pytest.mark.parametrize("status", sorted(set(HoldingStatus) - {HoldingStatus.AUTHENTICATED}))
def test_an_unauthenticated_holding_never_counts(status: HoldingStatus) -> None:
    assert not make.holding(status=status).counts


def test_authentication_names_its_evidence() -> None:
    with pytest.raises(EvidenceReferenceMissing):
        authenticate(make.claim(), by="registrar", **SEEN | {"evidence_reference": " "})


@pytest.mark.parametrize(
    "decide",
    [
        lambda: authenticate(make.claim(), by="registrar", **SEEN | {"reason": "\n"}),
        lambda: reject(make.claim(), by="registrar", reason=""),
        lambda: withdraw_authentication(make.holding(), by="registrar", reason=" "),
    ],
)
def test_every_decision_has_a_reason(decide: Callable[[], Holding]) -> None:
    with pytest.raises(ReasonMissing):
        decide()


def test_a_method_that_is_not_on_the_list_is_a_fault() -> None:
    with pytest.raises(ValueError, match="hearsay"):
        authenticate(make.claim(), by="registrar", **SEEN | {"method": "hearsay"})


def test_a_completed_qualification_is_claimed_and_no_longer_expected() -> None:
    studying = make.holding(status=HoldingStatus.WORKING_TOWARDS, expected_on=date(2027, 6, 1))
    done = complete(studying, by="association", awarded_on=TODAY, today=TODAY)
    assert (done.status, done.awarded_on, done.expected_on) == (HoldingStatus.CLAIMED, TODAY, None)


def declare(**changes: Any) -> HoldingStatus:
    given: dict[str, Any] = {"awarded_on": TODAY, "credits": 60, "working_towards": False, "today": TODAY}
    return check_declaration(**given | changes)


def test_a_declaration_begins_as_claimed_or_as_worked_towards() -> None:
    assert declare() is HoldingStatus.CLAIMED
    assert declare(credits=None) is HoldingStatus.CLAIMED
    assert declare(working_towards=True, awarded_on=None) is HoldingStatus.WORKING_TOWARDS


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"awarded_on": None}, AwardDateMissing),
        ({"awarded_on": date(2026, 11, 22)}, AwardDateInTheFuture),
        ({"credits": 0}, CreditsNotPossible),
        ({"credits": -1}, CreditsNotPossible),
    ],
)
def test_a_declaration_that_cannot_be_is_refused(changes: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        declare(**changes)


def test_who_completed_a_declaration_has_submitted_the_claim() -> None:
    studying = make.holding(status=HoldingStatus.WORKING_TOWARDS)
    done = complete(studying, by="somebody else", awarded_on=TODAY, today=TODAY)
    assert done.submitted_by == "somebody else"
    with pytest.raises(SubmitterMayNotDecide):
        check_took_no_part("association", submitters={studying.submitted_by, done.submitted_by})
    check_took_no_part("registrar", submitters={studying.submitted_by, done.submitted_by})
