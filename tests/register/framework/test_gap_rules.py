"""Gap analysis as a table: who is compared with which role, what is found, and what would close the gap."""

from dataclasses import replace
from typing import Any

import pytest

from services.register.domain.framework.framework import (
    Requirement,
    RequirementKind,
    RequirementStatus,
    Role,
    role_of,
    version_named,
)
from services.register.domain.framework.gaps import Analysis, Held, Surroundings, analyse
from services.register.domain.framework.offers import Certainty, Offer, OfferKind
from services.register.domain.qualification import Holding, HoldingStatus
from tests.register.rules import make

PATHWAY = version_named(make.shipped("career_frameworks"), "pathway-2015")
DIPLOMA = Offer(
    kind=OfferKind.QUALIFICATION,
    code="six",
    title="A Level 6 diploma",
    framework="QCF",
    level="6",
    credits=60,
    subject="career_development",
)
AROUND = Surroundings(
    policy=make.entry_policy(),
    frameworks={each["code"]: each["levels"] for each in make.shipped("frameworks")},
    titles={each["code"]: each["title"] for each in make.shipped("qualifications")},
)


def compared(role: str, *holdings: Holding, offers: tuple[Offer, ...] = (), **changes: Any) -> Analysis:
    """Compare somebody who holds these with a role of the shipped framework."""
    held = Held(holdings=holdings, **changes)
    return analyse(role_of(PATHWAY, role), held, replace(AROUND, offers=offers))


def holding(level: str, framework: str = "QCF", **changes: Any) -> Holding:
    """Return a holding that counts at a level of a framework."""
    return make.holding(framework=framework, level=level, **changes)


@pytest.mark.parametrize(
    ("role", "held", "wanted", "complete"),
    [
        ("first_contact", (), ["missing"], False),
        ("first_contact", (holding("3"),), ["met"], True),
        ("first_contact", (holding("Entry 3"),), ["missing"], False),
        ("first_contact", (holding("6", "SCQF"),), ["met"], True),
        ("first_contact", (holding("5", "SCQF"),), ["missing"], False),
        ("support", (holding("3"),), ["missing"], False),
        ("support", (holding("6"),), ["met"], True),
        ("support", (holding("7", "SCQF"),), ["met"], True),
        # A level of a framework that the role does not name is never read through a table.
        ("support", (holding("4", "NVQ"),), ["missing"], False),
        ("support", (holding("4", "RQF"),), ["missing"], False),
        ("support", (holding("4", status=HoldingStatus.CLAIMED),), ["open"], False),
        ("support", (holding("4", status=HoldingStatus.WORKING_TOWARDS),), ["open"], False),
        ("support", (holding("4", relevant=False),), ["open"], False),
        ("support", (holding("4", status=HoldingStatus.REJECTED),), ["missing"], False),
        ("careers_adviser", (holding("6", credits=60),), ["met"], True),
        ("careers_adviser", (holding("6", credits=45),), ["missing"], False),
        ("careers_adviser", (holding("7", credits=60, subject="careers_leadership"),), ["missing"], False),
        # Scotland asks SCQF 11 where England asks QCF 6.
        ("careers_adviser", (holding("10", "SCQF", credits=120),), ["missing"], False),
        ("careers_adviser", (holding("11", "SCQF", credits=60),), ["met"], True),
        # Of careers leaders 20 credits are asked; the certificate has only been proposed.
        ("careers_leader", (holding("6", credits=20, subject="careers_leadership"),),
         ["met", "missing"], True),
        ("careers_leader", (holding("6", credits=60),), ["missing", "missing"], False),
        # A role whose requirements nobody knows is neither reached nor missed.
        ("practitioner", (holding("8"),), [], None),
        ("careers_coordinator", (), ["missing"], None),
    ],
)  # fmt: skip
def test_somebody_is_compared_with_a_role(
    role: str, held: tuple[Holding, ...], wanted: list[str], complete: bool | None
) -> None:
    analysis = compared(role, *held)
    assert [each.status for each in analysis.gaps] == wanted
    assert analysis.complete is complete


@pytest.mark.parametrize(
    ("changes", "certainty"),
    [
        ({}, Certainty.CLOSES),
        ({"kind": OfferKind.COURSE}, Certainty.CLOSES),
        ({"credits": None}, Certainty.MAY_CLOSE),
        ({"framework": None, "level": None}, Certainty.MAY_CLOSE),
        ({"subject": None}, Certainty.MAY_CLOSE),
        ({"framework": None, "level": None, "subject": None}, None),
        ({"pending": True}, Certainty.MAY_CLOSE),
        ({"credits": 59}, None),
        ({"level": "5"}, None),
        ({"framework": "NFQ", "level": "8"}, None),
        ({"subject": "careers_leadership"}, None),
        ({"kind": OfferKind.CPD_MODULE, "framework": None, "level": None}, None),
    ],
)
def test_an_offer_closes_a_gap_may_close_it_or_does_not_fit(
    changes: dict[str, Any], certainty: Certainty | None
) -> None:
    analysis = compared("careers_adviser", offers=(replace(DIPLOMA, **changes),))
    found = [each.certainty for each in analysis.gaps[0].closings]
    assert found == ([] if certainty is None else [certainty])


def test_what_is_unknown_of_an_offer_is_said_and_sure_offers_come_first() -> None:
    vague = replace(DIPLOMA, code="vague", credits=None, pending=True)
    analysis = compared("careers_adviser", offers=(vague, DIPLOMA))
    assert [each.offer.code for each in analysis.gaps[0].closings] == ["six", "vague"]
    assert analysis.gaps[0].closings[1].unknown == (
        "Its size in credits is not known.",
        "It is not on the recognised list: a registrar decides whether it is relevant.",
    )


def test_what_is_met_needs_no_offer() -> None:
    (gap,) = compared("careers_adviser", holding("6", credits=60), offers=(DIPLOMA,)).gaps
    assert (gap.closings, gap.met_by) == ((), "Level 6 Diploma")


def test_a_standard_is_met_by_being_shown_and_closed_by_what_shows_it() -> None:
    asked = Requirement(kind=RequirementKind.COMPETENCE, status=RequirementStatus.REQUIRED, source="S1",
                        suite="units", standard="u1")  # fmt: skip
    role = Role(code="r", title="R", requirements=(asked,), unknown=())
    shows = replace(DIPLOMA, kind=OfferKind.CPD_MODULE, standards=frozenset({("units", "u1")}))
    missing = analyse(role, Held(), replace(AROUND, offers=[DIPLOMA, shows]))
    assert (missing.complete, [each.offer for each in missing.gaps[0].closings]) == (False, [shows])
    assert analyse(role, Held(competences=frozenset({("units", "u1")})), AROUND).complete


@pytest.mark.parametrize(
    ("status", "wanted"),
    [(HoldingStatus.AUTHENTICATED, "met"), (HoldingStatus.CLAIMED, "open"), (None, "missing")],
)
def test_a_qualification_that_a_role_names_is_held_on_the_way_or_missing(
    status: HoldingStatus | None, wanted: str
) -> None:
    code = "certificate-in-careers-leadership"
    held = [] if status is None else [make.holding(qualification=code, status=status)]
    offer = replace(DIPLOMA, qualification=code, level=None, framework=None)
    gap = compared("careers_leader", *held, offers=(offer,)).gaps[1]
    assert gap.status == wanted
    assert [each.certainty for each in gap.closings] == ([] if wanted == "met" else [Certainty.CLOSES])
