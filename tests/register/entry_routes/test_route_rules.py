"""The rules of a route to entry: one table, four eyes, and what is missing said at every step."""

from itertools import product

import pytest

from services.register.domain.entry_routes import refusals
from services.register.domain.entry_routes.progress import progress_of
from services.register.domain.entry_routes.route import (
    MOVERS,
    OPEN,
    TRANSITIONS,
    EntryRoute,
    Evidence,
    Judgement,
    RouteEvent,
    RouteKind,
    RouteStatus,
    decide,
    judge,
    moved,
    name_modules,
    submit_evidence,
    withdraw,
)
from services.register.domain.qualification import ReasonMissing, SubmitterMayNotDecide
from shared.errors import Conflict, Refusal
from tests.register.entry_routes.rule_cases import (
    ASSESSOR,
    ASSOCIATION,
    DECIDER,
    EXTRA,
    FIRST,
    SECOND,
    evidence,
    route,
)

MET, NOT_MET, MORE = Judgement.MET, Judgement.NOT_MET, Judgement.MORE_EVIDENCE
SHOWN = (evidence(1, "first", MET), evidence(2, "second", MET))


@pytest.mark.parametrize(("status", "event"), list(product(RouteStatus, RouteEvent)))
def test_a_route_moves_along_its_table_only(status: RouteStatus, event: RouteEvent) -> None:
    standing = route(*SHOWN, status=status)
    if (status, event) in TRANSITIONS:
        assert moved(standing, event) is TRANSITIONS[status, event]
    else:
        with pytest.raises(Conflict):
            moved(standing, event)


def test_what_is_over_stays_over_and_every_event_has_somebody_who_may_cause_it() -> None:
    assert {before for before, _ in TRANSITIONS} == OPEN
    assert MOVERS.keys() == set(RouteEvent)


@pytest.mark.parametrize(
    ("given", "optional_credits", "wanted"),
    [
        ((), 0, False),
        ((evidence(1, "first", MET),), 0, False),
        ((evidence(1, "first", MET), evidence(2, "second", MORE)), 0, False),
        (SHOWN, 0, True),
        (SHOWN, 3, False),
        ((*SHOWN, evidence(3, "extra", NOT_MET)), 3, False),
        ((*SHOWN, evidence(3, "extra", MET)), 3, True),
        ((*SHOWN, evidence(3, "extra", MET)), 4, False),
        # A part once found met stays met, whatever was found before it was.
        ((evidence(1, "first", NOT_MET), evidence(2, "first", MET), evidence(3, "second", MET)), 0, True),
    ],
)
def test_a_route_is_shown_when_all_that_is_required_is_met_and_enough_besides(
    given: tuple[Evidence, ...], optional_credits: int, wanted: bool
) -> None:
    assert route(*given, optional_credits=optional_credits).nothing_missing is wanted


@pytest.mark.parametrize(
    ("standing", "missing", "waits_for"),
    [
        (route(kind=RouteKind.TOP_UP, status=RouteStatus.REQUESTED, parts=()),
         ["modules-not-named"], ["registrar"]),
        (route(), ["evidence-missing", "evidence-missing"], ["association"]),
        (route(evidence(1), evidence(2, "second", MORE)),
         ["waiting-for-judgement", "more-evidence"], ["association", "registrar"]),
        (route(evidence(1, "first", NOT_MET), evidence(2, "second", MET), optional_credits=3),
         ["not-met", "optional-credits-missing"], ["association"]),
        (route(*SHOWN, status=RouteStatus.ASSESSED), ["decision-waits"], ["registrar"]),
        (route(*SHOWN, status=RouteStatus.GRANTED), [], []),
        (route(status=RouteStatus.REFUSED), [], []),
        (route(status=RouteStatus.WITHDRAWN), [], []),
    ],
)  # fmt: skip
def test_what_is_missing_and_whose_turn_it_is_is_said_at_every_step(
    standing: EntryRoute, missing: list[str], waits_for: list[str]
) -> None:
    progress = progress_of(standing)
    assert [each.code for each in progress.missing] == missing
    assert list(progress.waits_for) == waits_for


def test_the_judgement_after_which_nothing_is_missing_makes_the_route_assessed() -> None:
    standing = route(evidence(1, "first", MET), evidence(2, "second"))
    assert judge(standing, 2, MORE, by=ASSESSOR, reasons="Thin.").status is RouteStatus.GATHERING
    assert judge(standing, 2, MET, by=ASSESSOR, reasons="Seen.").status is RouteStatus.ASSESSED


def test_nobody_judges_decides_or_names_modules_on_what_they_submitted() -> None:
    # Evidence may come from another of the association's people than the route.
    standing = route(evidence(1, submitted_by="colleague"))
    for by in (ASSOCIATION, "colleague"):
        with pytest.raises(SubmitterMayNotDecide):
            judge(standing, 1, MET, by=by, reasons="Seen.")
        with pytest.raises(SubmitterMayNotDecide):
            decide(standing, granted=False, by=by, reasons="Not shown.")
    asked = route(status=RouteStatus.REQUESTED, parts=())
    with pytest.raises(SubmitterMayNotDecide):
        name_modules(asked, [FIRST], by=ASSOCIATION, reasons="Needed.")


@pytest.mark.parametrize("granted", [True, False])
def test_nobody_decides_a_route_on_which_they_judged(granted: bool) -> None:
    standing = route(*SHOWN, status=RouteStatus.ASSESSED)
    with pytest.raises(refusals.AssessorMayNotDecide):
        decide(standing, granted=granted, by=ASSESSOR, reasons="Shown.")
    decided = decide(standing, granted=granted, by=DECIDER, reasons="Shown.")
    assert decided.status is (RouteStatus.GRANTED if granted else RouteStatus.REFUSED)


def test_a_judgement_a_decision_and_the_naming_of_modules_need_a_reason() -> None:
    with pytest.raises(ReasonMissing):
        judge(route(evidence(1)), 1, MET, by=ASSESSOR, reasons="  ")
    with pytest.raises(ReasonMissing):
        decide(route(*SHOWN, status=RouteStatus.ASSESSED), granted=True, by=DECIDER, reasons=" ")
    with pytest.raises(ReasonMissing):
        name_modules(route(status=RouteStatus.REQUESTED), [FIRST], by=ASSESSOR, reasons="")


@pytest.mark.parametrize(
    ("standing", "part", "refusal"),
    [
        (route(), "third", refusals.NoSuchPart),
        (route(evidence(1, "first", MET)), "first", refusals.PartAlreadyMet),
        (route(evidence(1, "first")), "first", refusals.EvidenceWaits),
        (route(status=RouteStatus.REQUESTED, parts=()), "first", refusals.ModulesNotNamed),
        (route(*SHOWN, status=RouteStatus.ASSESSED), "extra", refusals.NothingLeftToJudge),
        (route(status=RouteStatus.WITHDRAWN), "first", refusals.EntryRouteNotOpen),
    ],
)
def test_evidence_is_taken_on_what_is_asked_and_not_yet_answered(
    standing: EntryRoute, part: str, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        submit_evidence(standing, part)


def test_further_evidence_may_follow_a_judgement_that_did_not_find_the_part_met() -> None:
    for found in (NOT_MET, MORE):
        submit_evidence(route(evidence(1, "first", found)), "first")


def test_evidence_is_judged_once_and_on_its_own_route() -> None:
    with pytest.raises(refusals.EvidenceAlreadyJudged):
        judge(route(evidence(1, "first", MORE)), 1, MET, by=ASSESSOR, reasons="Seen again.")
    with pytest.raises(refusals.NoSuchEvidence):
        judge(route(evidence(1)), 2, MET, by=ASSESSOR, reasons="Seen.")


def test_a_route_is_not_granted_before_it_is_assessed() -> None:
    with pytest.raises(refusals.NotYetAssessed):
        decide(route(evidence(1)), granted=True, by=DECIDER, reasons="Enough.")
    with pytest.raises(refusals.ModulesNotNamed):
        decide(route(status=RouteStatus.REQUESTED), granted=True, by=DECIDER, reasons="Enough.")


def test_modules_are_named_once_and_each_once() -> None:
    asked = route(status=RouteStatus.REQUESTED, parts=())
    named = name_modules(asked, [FIRST, SECOND], by=ASSESSOR, reasons="Needed.")
    assert (named.status, named.parts) == (RouteStatus.GATHERING, (FIRST, SECOND))
    with pytest.raises(refusals.ModulesAlreadyNamed):
        name_modules(named, [EXTRA], by=ASSESSOR, reasons="And this.")
    with pytest.raises(refusals.PartNamedTwice):
        name_modules(asked, [FIRST, FIRST], by=ASSESSOR, reasons="Needed.")


def test_a_route_is_taken_back_until_it_is_decided() -> None:
    for status in OPEN:
        assert withdraw(route(status=status)).status is RouteStatus.WITHDRAWN
    with pytest.raises(refusals.EntryRouteNotOpen):
        withdraw(route(*SHOWN, status=RouteStatus.GRANTED))
