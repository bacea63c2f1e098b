"""Where somebody stands with CPD on a day: one pure function of dated facts, explained entry by entry."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from services.cpd.domain.counting import Activity, Tally, tally
from services.cpd.domain.cycle import Cycle, Duty, Life, Membership, Move, Pause
from services.cpd.domain.policy import Obligation, Policy
from shared.errors import Conflict


class NoYearToDeclare(Conflict):
    """On {day} no year of CPD is running for this member in your association, so none can be declared."""


class Word(StrEnum):
    """The standings, worst first. ``failed`` and ``under_audit`` are said once a person is in an audit."""

    FAILED = "failed"
    SHORT = "short"
    UNDER_AUDIT = "under_audit"
    ON_TRACK = "on_track"
    DEFERRED = "deferred"
    DECLARED = "declared"
    MET = "met"
    NOT_REQUIRED = "not_required"


SENTENCES = {
    Word.FAILED: "An audit found that the CPD of this year does not meet what is asked.",
    Word.SHORT: "A year of CPD is over, its days of grace too, and it was not met: record what is missing.",
    Word.UNDER_AUDIT: "The CPD of this person is being audited.",
    Word.ON_TRACK: "There is time left to complete and record this year’s CPD.",
    Word.DEFERRED: "CPD is deferred for this person on this day.",
    Word.DECLARED: "The person has declared this year’s CPD.",
    Word.MET: "What is asked of this year’s CPD has been done and recorded.",
    Word.NOT_REQUIRED: "Nothing is asked of this person on this day.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Return:
    """A person declared to an association what was done in the year that began on ``cycle_first``."""

    association: str
    cycle_first: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Audited:
    """A person is in an audit as a member of these associations, or an audit found against them."""

    associations: frozenset[str]
    failed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """Everything that is known of one person, the records of merged numbers included."""

    memberships: Sequence[Membership] = ()
    moves: Sequence[Move] = ()
    pauses: Sequence[Pause] = ()
    activities: Sequence[Activity] = ()
    returns: Sequence[Return] = ()
    audits: Sequence[Audited] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """One year of one association: what was asked, what counts, what is missing; None hours ask for none."""

    cycle: Cycle
    due_on: date
    duty: Duty
    tally: Tally
    declared: bool
    self_declaring: bool

    @property
    def missing_hours(self) -> Decimal | None:
        """The hours that are still missing, or None where no number of hours is asked."""
        return None if self.duty.hours is None else max(self.duty.hours - self.tally.hours, Decimal(0))

    @property
    def missing_outcomes(self) -> int:
        """How many counted entries that state an outcome are still missing."""
        return max(self.duty.outcomes - self.tally.outcomes, 0)

    @property
    def missing_themes(self) -> frozenset[str]:
        """The themes that no counted entry is about yet."""
        return self.duty.themes - self.tally.themes

    @property
    def met(self) -> bool:
        """Whether the entries do what is asked: hours, outcomes and themes, never hours alone."""
        return self.missing_hours == 0 and self.missing_outcomes == 0 and not self.missing_themes

    @property
    def satisfied(self) -> bool:
        """Whether nothing is open in this year."""
        return self.duty.obliged_days == 0 or self.met or (self.self_declaring and self.declared)


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """Where somebody stands in one association: ``account`` is the year that decided, where one did."""

    association: str
    word: Word
    reason: str
    policy: Policy | None
    account: Account | None = None
    days_left: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """The one answer: the worst of the parts that oblige, and every part."""

    word: Word
    day: date
    deciding: Part | None
    parts: tuple[Part, ...]


def standing(facts: Facts, policies: Sequence[Policy], *, day: date) -> Standing:
    """Return where a person stands on a day.

    Nothing is asked of somebody who is no member. Of several associations the worst standing counts, so
    that nobody answers to one for what is owed to another.
    """
    associations = sorted({each.association for each in facts.memberships})
    parts = [_part(life_of(association, facts, policies), facts, day=day) for association in associations]
    held = tuple(_as_audited(part, facts.audits) for part in parts if part is not None)
    deciding = min(held, key=lambda part: (list(Word).index(part.word), part.association), default=None)
    word = Word.NOT_REQUIRED if deciding is None else deciding.word
    return Standing(word=word, day=day, deciding=deciding, parts=held)


def life_of(association: str, facts: Facts, policies: Sequence[Policy]) -> Life:
    """Return what decides about a person's days in one association."""
    return Life(
        association=association,
        memberships=[each for each in facts.memberships if each.association == association],
        moves=facts.moves,
        pauses=facts.pauses,
        policies=[each for each in policies if each.association in (None, association)],
    )


def _part(life: Life, facts: Facts, *, day: date) -> Part | None:
    """Return where a person stands in one association, or None where they are not a member on the day."""
    if life.membership_on(day) is None:
        return None
    policy = life.policy_on(day)
    free = _why_free(life, policy, day)
    if free is not None or policy is None:
        return Part(
            association=life.association, word=Word.NOT_REQUIRED, reason=free or "no_policy", policy=policy
        )
    if any(each.covers(day) and not each.exempt for each in life.pauses):
        return Part(association=life.association, word=Word.DEFERRED, reason="deferred", policy=policy)
    return _judged(life, facts, policy, day=day)


def _as_audited(part: Part, audits: Sequence[Audited]) -> Part:
    """Return the part as an audit leaves it: a finding stands whatever was done since, an audit that is still
    going on only where something is asked and nothing worse is known."""
    concerning = [each for each in audits if part.association in each.associations]
    if any(each.failed for each in concerning):
        return replace(part, word=Word.FAILED, reason="audit_failed")
    if concerning and part.word not in (Word.SHORT, Word.NOT_REQUIRED):
        return replace(part, word=Word.UNDER_AUDIT, reason="under_audit")
    return part


def _why_free(life: Life, policy: Policy | None, day: date) -> str | None:
    """Return why nothing is asked on a day, or None where something is."""
    if policy is None:
        return "no_policy"
    if policy.obligation is Obligation.NONE:
        return "no_obligation"
    if life.cycle_on(day) is None:
        return "not_on_register"
    return "exempt" if any(each.covers(day) and each.exempt for each in life.pauses) else None


def _judged(life: Life, facts: Facts, policy: Policy, *, day: date) -> Part:
    """Judge the year before as long as it is open, and then the year of the day."""
    cycle = life.cycle_on(day)
    assert cycle is not None  # noqa: S101 - _why_free has asked
    before = _account_before(life, facts, cycle, day=day)
    if before is not None and not before.satisfied:
        left = (before.due_on - day).days
        word, reason = (
            (Word.SHORT, "year_not_met") if left < 0 else (Word.ON_TRACK, "year_to_be_accounted_for")
        )
        return _of(life, word, reason, before, policy, max(left, 0))
    account = _account(life, facts, cycle, day=day)
    left = (cycle.last - day).days
    if account.met:
        return _of(life, Word.MET, "met", account, policy, left)
    if account.self_declaring and account.declared:
        return _of(life, Word.DECLARED, "declared", account, policy, left)
    return _of(life, Word.ON_TRACK, "year_not_over", account, policy, left)


def _account_before(life: Life, facts: Facts, cycle: Cycle, *, day: date) -> Account | None:
    before = life.cycle_before(cycle)
    return None if before is None else _account(life, facts, before, day=day)


def return_due_on(life: Life, cycle: Cycle, *, day: date) -> date:
    """Return the last day on which the return of a year is in time, by the policy of the day asked about."""
    policy = life.policy_on(min(cycle.last, day))
    return cycle.last + timedelta(days=policy.return_days if policy else 0)


def _account(life: Life, facts: Facts, cycle: Cycle, *, day: date) -> Account:
    policy = life.policy_on(min(cycle.last, day)) or life.policy_on(cycle.first)
    late = timedelta(days=policy.return_days + policy.grace_days) if policy else timedelta()
    return Account(
        cycle=cycle,
        due_on=cycle.last + late,
        duty=life.duty(cycle),
        tally=tally(facts.activities, life=life, cycle=cycle, day=day),
        declared=_is_declared(facts.returns, life.association, cycle),
        self_declaring=policy is not None and policy.obligation is Obligation.SELF_DECLARED,
    )


def _is_declared(returns: Iterable[Return], association: str, cycle: Cycle) -> bool:
    return any(
        each.association == association and cycle.first <= each.cycle_first <= cycle.last for each in returns
    )


def _of(life: Life, word: Word, reason: str, account: Account, policy: Policy, days_left: int) -> Part:
    return Part(
        association=life.association,
        word=word,
        reason=reason,
        policy=policy,
        account=account,
        days_left=days_left,
    )
