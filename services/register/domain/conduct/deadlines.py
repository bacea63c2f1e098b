"""By when the next step of a complaint is due, and what the complainant is told of how far it is."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from services.register.domain.conduct.complaint import State, Step
from services.register.domain.conduct.policy import ConductPolicy


def due_on(state: State, policy: ConductPolicy, *, today: date) -> date | None:
    """Return the last day for what a complaint waits for in a state it has just come to; None has no day."""
    days = {
        State.ANSWER_AWAITED: policy.answer_days,
        State.DECIDED: policy.appeal_days,
    }.get(state)
    return None if days is None else today + timedelta(days=days)


class Progress(StrEnum):
    """How far a complaint is, as far as the complainant is told before it is decided and done."""

    RECEIVED = "received"
    BEING_EXAMINED = "being_examined"
    BEFORE_A_PANEL = "before_a_panel"
    NOT_A_BREACH = "not_a_breach"
    NO_CASE_TO_ANSWER = "no_case_to_answer"
    NOT_UPHELD = "not_upheld"
    UPHELD = "upheld"
    WITHDRAWN = "withdrawn"


_BY_END: Mapping[Step, Progress] = MappingProxyType(
    {
        Step.FIND_NOT_CAPABLE: Progress.NOT_A_BREACH,
        Step.FIND_NO_CASE: Progress.NO_CASE_TO_ANSWER,
        Step.NOT_UPHOLD: Progress.NOT_UPHELD,
        Step.ALLOW_APPEAL: Progress.NOT_UPHELD,
        Step.CLOSE: Progress.UPHELD,
        Step.DISMISS_APPEAL: Progress.UPHELD,
    }
)
_BEFORE_A_PANEL = frozenset({State.CASE_TO_ANSWER, State.BEFORE_PANEL, State.DECIDED, State.UNDER_APPEAL})


def progress(state: State, last_step: Step | None) -> Progress:
    """Return what the complainant is told: an outcome only once nothing can change it any more."""
    if state is State.WITHDRAWN:
        return Progress.WITHDRAWN
    if state is State.CLOSED and last_step is not None:
        return _BY_END[last_step]
    if state is State.RECEIVED:
        return Progress.RECEIVED
    return Progress.BEFORE_A_PANEL if state in _BEFORE_A_PANEL else Progress.BEING_EXAMINED
