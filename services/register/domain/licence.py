"""The licence to practise: what earns it, who decides, how long it lasts, how an entry ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from services.register.domain.membership import (
    Missing,
    deciding_level,
    shortfall,
    stage,
    standing_holdings,
)
from services.register.domain.policy import (
    EntryPolicy,
    LicencePolicy,
    MembershipLevel,
    Scope,
    ScopeRule,
)
from services.register.domain.qualification import Holding, ReasonMissing, SubmitterMayNotDecide
from shared.errors import Conflict


class ApplicationAlreadyDecided(Conflict):
    """This application is already {status}, so it cannot be decided or withdrawn again."""


class CodeNotAccepted(Conflict):
    """This person has not yet accepted the code of ethics in force, which a licence requires."""


class NoAuthenticatedQualification(Conflict):
    """No authenticated qualification meets entry policy {policy_version}. {missing}"""


class NotAProfessionalMember(Conflict):
    """Only a professional member can be licensed, and this person is {held} today."""


class AlreadyOnTheRegister(Conflict):
    """This person is on the register already."""


class RemovedFromTheRegister(Conflict):
    """This person was removed from the register, and may return only by being restored to it."""


class SuspensionStands(Conflict):
    """A suspension stands against this person, who can be admitted once it has ended or is lifted."""


class NotOnTheRegister(Conflict):
    """This person is not on the register, so there is nothing to retire from."""


class AlreadyRetired(Conflict):
    """This person has retired from the register already."""


class RetirementNotAfterAdmission(Conflict):
    """A person can retire from {first_possible} at the earliest, the day after admission."""


class ApplicationStatus(StrEnum):
    """Where an application stands."""

    SUBMITTED = "submitted"
    ADMITTED = "admitted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ApplicationEvent(StrEnum):
    """What can happen to an application."""

    ADMIT = "admit"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


class EntryStatus(StrEnum):
    """What a register entry says of its days."""

    ON_REGISTER = "on_register"
    RETIRED = "retired"
    DECEASED = "deceased"


APPLICATION_TRANSITIONS: Mapping[tuple[ApplicationStatus, ApplicationEvent], ApplicationStatus] = (
    MappingProxyType(
        {
            (ApplicationStatus.SUBMITTED, ApplicationEvent.ADMIT): ApplicationStatus.ADMITTED,
            (ApplicationStatus.SUBMITTED, ApplicationEvent.REFUSE): ApplicationStatus.REFUSED,
            (ApplicationStatus.SUBMITTED, ApplicationEvent.WITHDRAW): ApplicationStatus.WITHDRAWN,
        }
    )
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Application:
    """Somebody's request to be admitted to the register."""

    application_id: int
    submitted_by: str
    submitted_on: date
    status: ApplicationStatus = ApplicationStatus.SUBMITTED
    decided_by: str | None = None
    decided_on: date | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ScopeDecision:
    """A scope that has been earned, by which rule and which holding."""

    scope: Scope
    rule_id: str
    holding_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Admission:
    """What admission grants: the days, both inclusive, the scopes, and what it rests on.

    The first of `basis_holding_ids` is the holding that earned the first scope.
    """

    valid_from: date
    valid_to: date
    scopes: tuple[Scope, ...]
    basis_holding_ids: tuple[int, ...]
    policy_version: str
    licence_policy_version: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisterEntry:
    """A run of days for which somebody is on the register, or retired from it."""

    status: EntryStatus
    valid_from: date
    valid_to: date | None = None


def scopes_earned(holdings: Sequence[Holding], *, policy: EntryPolicy) -> tuple[ScopeDecision, ...]:
    """Return the scopes that the authenticated, relevant holdings earn, in the policy's order."""
    decisions = (_scope_decision(rule, holdings) for rule in policy.scopes)
    return tuple(decision for decision in decisions if decision is not None)


def admit(
    application: Application,
    *,
    by: str,
    holdings: Sequence[Holding],
    code_accepted: bool,
    membership_level: MembershipLevel | None,
    on_register: bool,
    removed: bool,
    entry_policy: EntryPolicy,
    licence_policy: LicencePolicy,
    today: date,
) -> Admission:
    """Return what admission grants, or the first reason why it may not be granted.

    `on_register` and `removed` say whether an entry or a removal stands today.
    """
    _check_decision(application, ApplicationEvent.ADMIT, by)
    if removed:
        raise RemovedFromTheRegister
    if on_register:
        raise AlreadyOnTheRegister
    if membership_level is not MembershipLevel.PROFESSIONAL:
        raise NotAProfessionalMember(held=_held(membership_level))
    if not code_accepted:
        raise CodeNotAccepted
    scopes, basis = _earned(holdings, entry_policy)
    return Admission(
        valid_from=today,
        valid_to=term_end(today, months=licence_policy.term_months),
        scopes=scopes,
        basis_holding_ids=basis,
        policy_version=entry_policy.version,
        licence_policy_version=licence_policy.version,
    )


def admitted(application: Application, *, by: str, today: date) -> Application:
    """Return the application as admitted, for storing beside what `admit` granted."""
    status = _check_decision(application, ApplicationEvent.ADMIT, by)
    return replace(application, status=status, decided_by=by, decided_on=today)


def refuse(application: Application, *, by: str, reasons: Sequence[str], today: date) -> Application:
    """Return the application as refused, with its reasons, one line each."""
    status = _check_decision(application, ApplicationEvent.REFUSE, by)
    given = tuple(" ".join(reason.split()) for reason in reasons)
    if not given or not all(given):
        raise ReasonMissing
    return replace(application, status=status, decided_by=by, decided_on=today, reasons=given)


def withdraw(application: Application, *, today: date) -> Application:
    """Return the application as taken back before it was decided."""
    return replace(application, status=_moved(application, ApplicationEvent.WITHDRAW), decided_on=today)


def term_end(valid_from: date, *, months: int) -> date:
    """Return the last day of a term that begins on a day, the day itself included.

    A term ends the day before the same day of its last month. Where that month has no such day
    the term ends with the month: from 29 February to 28 February, and the next begins in March.
    """
    year, month = divmod(valid_from.month - 1 + months, 12)
    first = date(valid_from.year + year, month + 1, 1)
    end = first + timedelta(days=valid_from.day - 2)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return min(end, following - timedelta(days=1))


def due_to_lapse(*, valid_to: date, grace_days: int, today: date) -> bool:
    """Tell whether a licence that nothing has renewed is past its days of grace."""
    return (today - valid_to).days > grace_days


def retire(entry: RegisterEntry | None, *, on: date) -> tuple[RegisterEntry, RegisterEntry]:
    """Return the entry ended the day before `on`, and the retirement that begins with it."""
    if entry is None:
        raise NotOnTheRegister
    if entry.status is EntryStatus.RETIRED:
        raise AlreadyRetired
    if entry.valid_to is not None and entry.valid_to < on:
        raise NotOnTheRegister
    if on <= entry.valid_from:
        first_possible = entry.valid_from + timedelta(days=1)
        raise RetirementNotAfterAdmission(first_possible=first_possible.isoformat())
    ended = replace(entry, valid_to=on - timedelta(days=1))
    return ended, RegisterEntry(status=EntryStatus.RETIRED, valid_from=on)


def _check_decision(application: Application, event: ApplicationEvent, by: str) -> ApplicationStatus:
    """Return the status after a registrar's decision, refusing deciders who submitted."""
    if by == application.submitted_by:
        raise SubmitterMayNotDecide
    return _moved(application, event)


def _moved(application: Application, event: ApplicationEvent) -> ApplicationStatus:
    after = APPLICATION_TRANSITIONS.get((application.status, event))
    if after is None:
        raise ApplicationAlreadyDecided(status=application.status)
    return after


def _held(level: MembershipLevel | None) -> str:
    return "a member of no association" if level is None else f"an {level} member"


def _earned(holdings: Sequence[Holding], policy: EntryPolicy) -> tuple[tuple[Scope, ...], tuple[int, ...]]:
    """Return the scopes earned and the holdings that they rest on, or say what is missing."""
    level = deciding_level(holdings, policy=policy)
    earned = scopes_earned(holdings, policy=policy)
    if level.level is MembershipLevel.PROFESSIONAL and level.holding_id is not None and earned:
        basis = dict.fromkeys([*(each.holding_id for each in earned), level.holding_id])
        return tuple(each.scope for each in earned), tuple(basis)
    lines = [each for each in level.missing_for_next if each.level is MembershipLevel.PROFESSIONAL]
    for rule in policy.scopes if not lines else ():
        lines += missing_for_scope(rule, holdings)
    details = dict.fromkeys(line.detail for line in lines)
    raise NoAuthenticatedQualification(policy_version=policy.version, missing=" ".join(details))


def _scope_decision(rule: ScopeRule, holdings: Sequence[Holding]) -> ScopeDecision | None:
    for holding in standing_holdings(holdings):
        fits = holding.counts and holding.subject in rule.subjects
        if fits and shortfall(holding, thresholds=rule.thresholds, aim="") is None:
            return ScopeDecision(scope=rule.scope, rule_id=rule.rule_id, holding_id=holding.holding_id)
    return None


def missing_for_scope(rule: ScopeRule, holdings: Sequence[Holding]) -> list[Missing]:
    """Return why each holding of the rule's subjects does not earn the scope."""
    aim = f"the scope {rule.scope.replace('_', ' ')}"
    about = [each for each in standing_holdings(holdings) if each.subject in rule.subjects]
    lines = [shortfall(holding, thresholds=rule.thresholds, aim=aim) or stage(holding) for holding in about]
    found = [line for line in lines if line is not None]
    if not found:
        subjects = " or ".join(sorted(rule.subjects)).replace("_", " ")
        found = [("no-qualification-in-subject", f"No qualification in {subjects} earns {aim}.")]
    return [Missing(code=code, detail=detail) for code, detail in found]
