"""Sanctions: what imposing needs, and what lifting ends."""

from datetime import date
from typing import Any

import pytest

from services.register.domain.sanction import (
    TRANSITIONS,
    ConditionsMissing,
    ConditionsNotExpected,
    InternalReasonMissing,
    LiftingReasonMissing,
    NeverOnTheRegister,
    PublicReasonMissing,
    RemovalEndsOnlyByRestoration,
    RemovalHasNoEnd,
    SanctionAlreadyLifted,
    SanctionAlreadyOver,
    SanctionEndsBeforeItStarts,
    SanctionEvent,
    SanctionKind,
    SanctionStatus,
    lift,
)
from tests.register.rules import make

LIFTED: dict[str, Any] = {"by": "registrar-2", "on": date(2026, 6, 1), "reason": "Appeal allowed"}


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"ever_on_register": False}, NeverOnTheRegister),
        ({"valid_to": date(2026, 1, 31)}, SanctionEndsBeforeItStarts),
        ({"kind": SanctionKind.REMOVAL, "valid_to": date(2027, 1, 1)}, RemovalHasNoEnd),
        ({"public_reason": " "}, PublicReasonMissing),
        ({"internal_reason": ""}, InternalReasonMissing),
        ({"kind": SanctionKind.CONDITIONS}, ConditionsMissing),
        ({"kind": SanctionKind.CONDITIONS, "conditions": "\t"}, ConditionsMissing),
        ({"conditions": "Work under supervision"}, ConditionsNotExpected),
    ],
)
def test_a_sanction_that_says_too_little_or_cannot_be_is_refused(
    changes: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        make.sanction(**changes)


def test_a_sanction_may_last_a_single_day() -> None:
    assert make.sanction(valid_to=make.START).stands


def test_conditions_carry_their_public_text() -> None:
    imposed = make.sanction(kind=SanctionKind.CONDITIONS, conditions=" Work under supervision ")
    assert imposed.conditions == "Work under supervision"


def test_a_lifted_sanction_ends_the_day_before() -> None:
    lifted = lift(make.sanction(), **LIFTED)
    assert lifted.valid_to == date(2026, 5, 31)
    assert (lifted.status, lifted.lifted_by, lifted.lifted_reason) == (
        SanctionStatus.LIFTED,
        "registrar-2",
        "Appeal allowed",
    )


@pytest.mark.parametrize("on", [make.START, date(2026, 1, 1)])
def test_a_sanction_lifted_by_its_first_day_stands_for_no_day(on: date) -> None:
    lifted = lift(make.sanction(), **LIFTED | {"on": on})
    assert not lifted.stands
    assert lifted.valid_to == date(2026, 1, 31)


def test_a_sanction_with_an_end_can_be_lifted_early() -> None:
    assert lift(make.sanction(valid_to=date(2026, 12, 31)), **LIFTED).valid_to == date(2026, 5, 31)


@pytest.mark.parametrize("kind", SanctionKind)
@pytest.mark.parametrize("status", SanctionStatus)
@pytest.mark.parametrize("event", SanctionEvent)
def test_a_sanction_moves_only_along_the_written_table(
    kind: SanctionKind, status: SanctionStatus, event: SanctionEvent
) -> None:
    conditions = "Work under supervision" if kind is SanctionKind.CONDITIONS else None
    imposed = make.sanction(kind=kind, conditions=conditions)
    if kind is SanctionKind.REMOVAL:
        with pytest.raises(RemovalEndsOnlyByRestoration):
            lift(imposed, **LIFTED)
        assert (kind, status, event) not in TRANSITIONS
        return
    lifted = lift(imposed, **LIFTED)
    assert imposed.status is SanctionStatus.IMPOSED
    if (kind, status, event) in TRANSITIONS:
        assert lifted.status is TRANSITIONS[kind, status, event]
    else:
        with pytest.raises(SanctionAlreadyLifted):
            lift(lifted, **LIFTED)


def test_a_sanction_that_has_run_out_cannot_be_lifted() -> None:
    with pytest.raises(SanctionAlreadyOver, match="2026-05-31"):
        lift(make.sanction(valid_to=date(2026, 5, 31)), **LIFTED)


def test_lifting_has_a_reason() -> None:
    with pytest.raises(LiftingReasonMissing):
        lift(make.sanction(), **LIFTED | {"reason": " "})
