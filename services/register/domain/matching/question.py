"""A possible match put to a registrar: open until it is answered, or until its time is over."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from services.register.domain.matching.policy import MatchPolicy
from shared.errors import Conflict, Unprocessable


class QuestionClosed(Conflict):
    """This question is {status} already: ask anew if it has to be looked at again."""


class AnswerNotACandidate(Unprocessable):
    """This number is not one of the candidates: answer with one of theirs, or with none."""


class QuestionStatus(StrEnum):
    """How far a question has come."""

    OPEN = "open"
    IDENTIFIED = "identified"
    NOT_FOUND = "not_found"
    EXPIRED = "expired"


class QuestionEvent(StrEnum):
    """What can happen to a question: a registrar names somebody or finds nobody, or its time is over."""

    IDENTIFY = "identify"
    FIND_NOBODY = "find_nobody"
    EXPIRE = "expire"


# The first two are a registrar's, who may look at any caller's question; the last is the retention's.
TRANSITIONS: Mapping[tuple[QuestionStatus, QuestionEvent], QuestionStatus] = MappingProxyType(
    {
        (QuestionStatus.OPEN, QuestionEvent.IDENTIFY): QuestionStatus.IDENTIFIED,
        (QuestionStatus.OPEN, QuestionEvent.FIND_NOBODY): QuestionStatus.NOT_FOUND,
        (QuestionStatus.OPEN, QuestionEvent.EXPIRE): QuestionStatus.EXPIRED,
    }
)


def moved(status: QuestionStatus, event: QuestionEvent) -> QuestionStatus:
    """Return the status after an event; raises QuestionClosed for one that is open no more."""
    after = TRANSITIONS.get((status, event))
    if after is None:
        raise QuestionClosed(status=status.value.replace("_", " "))
    return after


def kept_since(policy: MatchPolicy, *, now: datetime) -> datetime:
    """Return the instant before which what was sent with a question is kept no longer."""
    return now - timedelta(days=policy.question_retention_days)
