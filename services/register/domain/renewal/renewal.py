"""May this licence be renewed today, from when, until when, and what is missing: one pure function."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.register.domain.facts import LicenceFact
from services.register.domain.licence import (
    CodeNotAccepted,
    NoAuthenticatedQualification,
    NotAProfessionalMember,
    term_end,
)
from services.register.domain.policy import EntryPolicy, LicencePolicy, MembershipLevel, Scope, in_force
from services.register.domain.qualification import Holding
from services.register.domain.renewal.death import HolderHasDied
from services.register.domain.renewal.evidence import Judgement, judge, lacking
from services.register.domain.renewal_rules import CpdStanding, RenewalConsequence, RenewalRules
from services.register.domain.sanction import SanctionKind
from shared.errors import Conflict, Refusal

BARS = (SanctionKind.REMOVAL, SanctionKind.SUSPENSION, SanctionKind.INTERIM_SUSPENSION)


class NoLicenceToRenew(Conflict):
    """This person has no licence that can be renewed: their association can apply for their admission."""


class RenewalNotOpen(Conflict):
    """This licence can be renewed from {opens_on} on."""


class GracePeriodOver(Conflict):
    """This licence could be renewed until {renew_by}: the association can apply for admission anew."""


class RenewalBarred(Conflict):
    """A sanction is in force ({kinds}), and while it is, the licence cannot be renewed."""


class CpdRefusesRenewal(Conflict):
    """The standing in CPD is “{standing}”, with which licence policy {policy_version} renews no licence."""


class RenewalHasNoRules(Conflict):
    """The licence policy in force, {policy_version}, has no rules of renewal, so nothing can be renewed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CpdAnswer:
    """What the CPD service said of somebody, and by which of its policies; or that nobody could say."""

    standing: CpdStanding = CpdStanding.UNKNOWN
    policy_version: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """Everything that decides whether a licence may be renewed.

    ``term`` is the last term that runs its course, None where there is none; ``scopes`` are those held
    with it. ``bars`` are the kinds of sanction in force, ``licensed`` every run of days with a licence.
    """

    term: LicenceFact | None
    scopes: tuple[Scope, ...]
    membership_level: MembershipLevel | None
    code_accepted: bool
    bars: frozenset[SanctionKind]
    deceased: bool
    holdings: tuple[Holding, ...]
    licensed: tuple[LicenceFact, ...]
    cpd: CpdAnswer


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """What has to be known of a renewal that is granted all the same."""

    code: str
    detail: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Renewal:
    """What a renewal grants: a term that follows the one before, and the first day on which it is held.

    ``term_from`` is the day after the old expiry; ``valid_from`` is later where the renewal came late,
    since days of grace are no days of practice. All days are inclusive.
    """

    term_from: date
    valid_from: date
    valid_to: date
    scopes: tuple[Scope, ...]
    judgement: Judgement
    licence_policy_version: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """Whether a licence may be renewed today, and the days between which; ``lacks`` says what is missing.

    ``renewal`` is what would be granted, None while anything is missing.
    """

    ends_on: date | None
    opens_on: date | None
    renew_by: date | None
    cpd: CpdAnswer
    policy_version: str
    lacks: tuple[Refusal, ...]
    notices: tuple[Notice, ...]
    renewal: Renewal | None


def answer(
    case: Case,
    *,
    entry_policies: Sequence[EntryPolicy],
    licence_policies: Sequence[LicencePolicy],
    today: date,
) -> Answer:
    """Return whether the licence may be renewed today, explained.

    The rules are those of the policies in force today; the days of grace are those by which the verdict
    counts them, of the policy in force when the term ends.
    """
    policy = in_force(licence_policies, today)
    if policy.renewal is None:
        lacks: list[Refusal] = [RenewalHasNoRules(policy_version=policy.version)]
        return _answer(case, policy, None, lacks, None)
    renew_by = None
    if case.term is not None and case.term.valid_to is not None:
        grace = in_force(licence_policies, case.term.valid_to).grace_days
        renew_by = case.term.valid_to + timedelta(days=grace)
    judgement = judge(
        entry_policies, day=today, holdings=case.holdings, scopes=case.scopes, licensed=case.licensed
    )
    lacks = [
        *([HolderHasDied()] if case.deceased else ()),
        *_out_of_time(case.term, policy.renewal, renew_by, today),
        *_unfit(case),
        *_unproven(case, judgement),
        *_cpd(case.cpd, policy),
    ]
    return _answer(case, policy, renew_by, lacks, None if lacks else _granted(case, judgement, policy, today))


def renew(
    case: Case,
    *,
    entry_policies: Sequence[EntryPolicy],
    licence_policies: Sequence[LicencePolicy],
    today: date,
) -> Answer:
    """Return the answer of a licence that may be renewed, or raise the first thing that is missing."""
    found = answer(case, entry_policies=entry_policies, licence_policies=licence_policies, today=today)
    if found.lacks:
        raise found.lacks[0]
    return found


def _answer(
    case: Case,
    policy: LicencePolicy,
    renew_by: date | None,
    lacks: Sequence[Refusal],
    renewal: Renewal | None,
) -> Answer:
    ends_on = None if case.term is None else case.term.valid_to
    opens = None
    if ends_on is not None and policy.renewal is not None:
        opens = ends_on - timedelta(days=policy.renewal.opens_days_before)
    return Answer(
        ends_on=ends_on,
        opens_on=opens,
        renew_by=renew_by,
        cpd=case.cpd,
        policy_version=policy.version,
        lacks=tuple(lacks),
        notices=() if renewal is None else tuple(_notices(case.cpd, policy.renewal, renewal.judgement)),
        renewal=renewal,
    )


def _out_of_time(
    term: LicenceFact | None, rules: RenewalRules, renew_by: date | None, today: date
) -> Iterator[Refusal]:
    if term is None or term.valid_to is None or renew_by is None:
        yield NoLicenceToRenew()
        return
    opens_on = term.valid_to - timedelta(days=rules.opens_days_before)
    if today < opens_on:
        yield RenewalNotOpen(opens_on=opens_on.isoformat())
    if today > renew_by:
        yield GracePeriodOver(renew_by=renew_by.isoformat())


def _unfit(case: Case) -> Iterator[Refusal]:
    """Yield what stands against the person, whatever their evidence."""
    kinds = [kind.value.replace("_", " ") for kind in BARS if kind in case.bars]
    if kinds:
        yield RenewalBarred(kinds=", ".join(kinds))
    level = case.membership_level
    if level is not MembershipLevel.PROFESSIONAL:
        held = "a member of no association" if level is None else f"an {level} member"
        yield NotAProfessionalMember(held=held)
    if not case.code_accepted:
        yield CodeNotAccepted()


def _unproven(case: Case, judgement: Judgement) -> Iterator[Refusal]:
    if case.term is None or judgement.holding_id is not None:
        return
    lines = lacking(case.holdings, scopes=case.scopes, policy=judgement.policy)
    details = dict.fromkeys(line.detail for line in lines)
    yield NoAuthenticatedQualification(policy_version=judgement.policy.version, missing=" ".join(details))


def _cpd(cpd: CpdAnswer, policy: LicencePolicy) -> Iterator[Refusal]:
    rules = policy.renewal
    if rules is not None and rules.cpd[cpd.standing] is RenewalConsequence.REFUSED:
        yield CpdRefusesRenewal(standing=_said(cpd.standing), policy_version=policy.version)


def _granted(case: Case, judgement: Judgement, policy: LicencePolicy, today: date) -> Renewal | None:
    if case.term is None or case.term.valid_to is None:
        return None
    begins = case.term.valid_to + timedelta(days=1)
    return Renewal(
        term_from=begins,
        valid_from=max(begins, today),
        valid_to=term_end(begins, months=policy.term_months),
        scopes=case.scopes,
        judgement=judgement,
        licence_policy_version=policy.version,
    )


def _notices(cpd: CpdAnswer, rules: RenewalRules | None, judgement: Judgement) -> Iterator[Notice]:
    if rules is not None and rules.cpd[cpd.standing] is RenewalConsequence.RENEWS_WITH_NOTICE:
        yield Notice(
            code=f"cpd-{cpd.standing.replace('_', '-')}",
            detail=f"The standing in CPD is {_said(cpd.standing)}: it has to be settled in the new term.",
        )
    if judgement.transition is not None and judgement.until is not None:
        yield Notice(
            code=judgement.transition.replace("_", "-"),
            detail=f"The evidence was judged by {judgement.policy.version}, which it is only until "
            f"{judgement.until.isoformat()}.",
        )


def _said(standing: CpdStanding) -> str:
    return standing.replace("_", " ")
