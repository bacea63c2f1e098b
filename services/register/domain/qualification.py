"""Qualifications that people hold or work towards, and who may say that they are real."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from shared.errors import Conflict, Forbidden, Unprocessable


class SubmitterMayNotDecide(Forbidden):
    """You submitted this yourself, so another registrar has to decide it."""


class HoldingAlreadyDecided(Conflict):
    """This holding is {status}, so this can no longer be done to it."""


class HoldingNotAuthenticated(Conflict):
    """This holding is {status}: there is no authentication to withdraw."""


class NotYetAwarded(Conflict):
    """This qualification is still being worked towards: it can be decided once it is awarded."""


class AlreadyAwarded(Conflict):
    """This holding is {status}, so it is no longer being worked towards."""


class EvidenceReferenceMissing(Unprocessable):
    """Say which evidence was seen, so that somebody else can find it again."""


class ReasonMissing(Unprocessable):
    """A reason is needed: say in a sentence why this was decided."""


class AwardDateMissing(Unprocessable):
    """Say on which day the qualification was awarded, or declare it as worked towards."""


class AwardDateInTheFuture(Unprocessable):
    """A qualification awarded after today is still being worked towards: declare it so."""


class CreditsNotPossible(Unprocessable):
    """Credits are a whole number above nought; leave them out when they are not known."""


class HoldingStatus(StrEnum):
    """Where a holding stands; only an authenticated one ever counts."""

    WORKING_TOWARDS = "working_towards"
    CLAIMED = "claimed"
    AUTHENTICATED = "authenticated"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class HoldingEvent(StrEnum):
    """What can happen to a holding."""

    COMPLETE = "complete"
    AUTHENTICATE = "authenticate"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    WITHDRAW_AUTHENTICATION = "withdraw_authentication"


class AuthenticationMethod(StrEnum):
    """How a registrar made sure."""

    ORIGINAL_CERTIFICATE = "original_certificate"
    CERTIFIED_COPY = "certified_copy"
    AWARDING_BODY_CONFIRMATION = "awarding_body_confirmation"
    ASSOCIATION_RECORD = "association_record"


class Subject(StrEnum):
    """The subjects that the scopes of practice ask about."""

    CAREER_DEVELOPMENT = "career_development"
    CAREERS_LEADERSHIP = "careers_leadership"


TRANSITIONS: Mapping[tuple[HoldingStatus, HoldingEvent], HoldingStatus] = MappingProxyType(
    {
        (HoldingStatus.WORKING_TOWARDS, HoldingEvent.COMPLETE): HoldingStatus.CLAIMED,
        (HoldingStatus.WORKING_TOWARDS, HoldingEvent.WITHDRAW): HoldingStatus.WITHDRAWN,
        (HoldingStatus.CLAIMED, HoldingEvent.AUTHENTICATE): HoldingStatus.AUTHENTICATED,
        (HoldingStatus.CLAIMED, HoldingEvent.REJECT): HoldingStatus.REJECTED,
        (HoldingStatus.CLAIMED, HoldingEvent.WITHDRAW): HoldingStatus.WITHDRAWN,
        (
            HoldingStatus.AUTHENTICATED,
            HoldingEvent.WITHDRAW_AUTHENTICATION,
        ): HoldingStatus.WITHDRAWN,
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Holding:
    """One qualification of one person; framework and level are only ever read together."""

    holding_id: int
    qualification: str | None
    title: str
    framework: str | None
    level: str | None
    credits: int | None
    subject: str | None
    relevant: bool
    status: HoldingStatus
    submitted_by: str
    decided_by: str | None = None
    awarded_on: date | None = None
    expected_on: date | None = None

    @property
    def counts(self) -> bool:
        """Tell whether the holding is authenticated and relevant."""
        return self.status is HoldingStatus.AUTHENTICATED and self.relevant


def check_declaration(
    *, awarded_on: date | None, credits: int | None, working_towards: bool, today: date
) -> HoldingStatus:
    """Return the status with which a declared qualification begins, or refuse it."""
    if credits is not None and credits < 1:
        raise CreditsNotPossible
    if working_towards:
        return HoldingStatus.WORKING_TOWARDS
    _check_award(awarded_on, today)
    return HoldingStatus.CLAIMED


def complete(holding: Holding, *, by: str, awarded_on: date, today: date) -> Holding:
    """Return the holding as claimed by whoever says that the qualification has been awarded."""
    status = _moved(holding, HoldingEvent.COMPLETE)
    _check_award(awarded_on, today)
    return replace(holding, status=status, submitted_by=by, awarded_on=awarded_on, expected_on=None)


def check_took_no_part(by: str, *, submitters: Collection[str]) -> None:
    """Refuse a decider who declared the holding or completed it."""
    if by in submitters:
        raise SubmitterMayNotDecide


def withdraw(holding: Holding) -> Holding:
    """Return the holding as taken back by those who submitted it, before it was decided."""
    return replace(holding, status=_moved(holding, HoldingEvent.WITHDRAW))


def authenticate(
    holding: Holding,
    *,
    by: str,
    method: AuthenticationMethod,
    evidence_reference: str,
    reason: str,
    relevant: bool,
) -> Holding:
    """Return the holding as authenticated by somebody other than its submitter."""
    _check_decider(holding, by)
    status = _moved(holding, HoldingEvent.AUTHENTICATE)
    AuthenticationMethod(method)
    if not evidence_reference.strip():
        raise EvidenceReferenceMissing
    _check_reason(reason)
    return replace(holding, status=status, decided_by=by, relevant=relevant)


def reject(holding: Holding, *, by: str, reason: str) -> Holding:
    """Return the holding as rejected by somebody other than its submitter."""
    _check_decider(holding, by)
    status = _moved(holding, HoldingEvent.REJECT)
    _check_reason(reason)
    return replace(holding, status=status, decided_by=by)


def withdraw_authentication(holding: Holding, *, by: str, reason: str) -> Holding:
    """Return the holding as no longer counting, because its evidence was found to be false."""
    _check_decider(holding, by)
    status = _moved(holding, HoldingEvent.WITHDRAW_AUTHENTICATION)
    _check_reason(reason)
    return replace(holding, status=status, decided_by=by)


def _moved(holding: Holding, event: HoldingEvent) -> HoldingStatus:
    """Return the next status from the table, or the refusal that says why there is none."""
    after = TRANSITIONS.get((holding.status, event))
    if after is not None:
        return after
    status = holding.status.replace("_", " ")
    if event is HoldingEvent.COMPLETE:
        raise AlreadyAwarded(status=status)
    if holding.status is HoldingStatus.WORKING_TOWARDS:
        raise NotYetAwarded
    if event is HoldingEvent.WITHDRAW_AUTHENTICATION:
        raise HoldingNotAuthenticated(status=status)
    raise HoldingAlreadyDecided(status=status)


def _check_decider(holding: Holding, by: str) -> None:
    if by == holding.submitted_by:
        raise SubmitterMayNotDecide


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing


def _check_award(awarded_on: date | None, today: date) -> None:
    if awarded_on is None:
        raise AwardDateMissing
    if awarded_on > today:
        raise AwardDateInTheFuture
