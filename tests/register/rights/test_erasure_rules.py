"""Who may be erased and when: the bars, their terms, and the table of states."""

from datetime import date, timedelta
from itertools import product

import pytest

from services.register.domain.facts import EntryFact, Facts, LicenceFact, MembershipFact, SanctionFact
from services.register.domain.licence import EntryStatus
from services.register.domain.policy import MembershipLevel
from services.register.domain.rights import erasure as rules
from services.register.domain.rights.erasure import Erasure, ErasureDecision, ErasureStatus, Ground
from services.register.domain.rights.export import readable
from services.register.domain.rights.policy import parse_retention_policy
from services.register.domain.sanction import SanctionKind
from shared.errors import Refusal
from tests.register.rules.make import shipped

POLICY = parse_retention_policy(shipped("retention_policies")[0]["policy"])
TODAY = date(2033, 11, 22)
FIRST, LAST = date(2020, 1, 1), date(2026, 11, 21)
KEPT = timedelta(days=POLICY.of("standing").days or 0)


def member(last: date | None) -> MembershipFact:
    return MembershipFact(level=MembershipLevel.AFFILIATE, valid_from=FIRST, valid_to=last)


def entry(status: EntryStatus) -> EntryFact:
    return EntryFact(status=status, valid_from=FIRST)


def sanction(kind: SanctionKind, last: date | None) -> SanctionFact:
    return SanctionFact(kind=kind, public_reason="", valid_from=FIRST, valid_to=last)


@pytest.mark.parametrize(
    ("facts", "matters", "refusal"),
    [
        ({"memberships": (member(None),)}, (), rules.StillAMember),
        ({"memberships": (member(TODAY),)}, (), rules.StillAMember),
        ({"licences": (LicenceFact(valid_from=FIRST, valid_to=TODAY),)}, (), rules.StillOnTheRegister),
        ({"entries": (entry(EntryStatus.ON_REGISTER),)}, (), rules.StillOnTheRegister),
        ({"sanctions": (sanction(SanctionKind.CONDITIONS, None),)}, (), rules.StillSanctioned),
        ({"sanctions": (sanction(SanctionKind.REMOVAL, FIRST),)}, (), rules.RemovalIsKept),
        ({}, ("possible_duplicates",), rules.MatterOpen),
        ({"memberships": (member(TODAY - KEPT),)}, (), rules.StillToBeKept),
        ({"sanctions": (sanction(SanctionKind.SUSPENSION, TODAY - KEPT),)}, (), rules.StillToBeKept),
        ({"memberships": (member(TODAY - KEPT - timedelta(days=1)),)}, (), None),
        ({"entries": (entry(EntryStatus.RETIRED),)}, (), None),
        ({}, (), None),
    ],
)  # fmt: skip
def test_the_register_keeps_whom_it_has_to_answer_for(
    facts: dict[str, object], matters: tuple[str, ...], refusal: type[Refusal] | None
) -> None:
    held = Facts(number="CR00000001", grace_days=0, **facts)  # type: ignore[arg-type]
    if refusal is None:
        rules.check_may_be_erased(held, policy=POLICY, open_matters=matters, today=TODAY)
        return
    with pytest.raises(refusal):
        rules.check_may_be_erased(held, policy=POLICY, open_matters=matters, today=TODAY)


@pytest.mark.parametrize(("status", "decision"), list(product(ErasureStatus, ErasureDecision)))
def test_an_erasure_moves_along_its_table_only_and_by_another(
    status: ErasureStatus, decision: ErasureDecision
) -> None:
    erasure = Erasure(ground=Ground.OBJECTION, status=status, proposed_by="one")
    after = rules.TRANSITIONS.get((status, decision))
    if after is None:
        with pytest.raises(rules.ErasureAlreadyDecided):
            rules.decide(erasure, decision, by="two")
        return
    assert rules.decide(erasure, decision, by="two").status is after
    with pytest.raises(rules.ProposerMayNotDecide):
        rules.decide(erasure, decision, by="one")


def test_a_stored_row_is_told_in_inclusive_days() -> None:
    row = {"valid": "[2020-01-01,2021-01-01)", "known": '["2026-11-21 09:30:00+00",)', "level": "affiliate"}
    assert readable(row) == {
        "valid_from": "2020-01-01", "valid_to": "2020-12-31", "level": "affiliate",
        "known_from": "2026-11-21 09:30:00+00", "known_to": None,
    }  # fmt: skip
    assert readable({"valid": "empty"}) == {"valid_from": None, "valid_to": None}
