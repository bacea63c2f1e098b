"""By which entry policy somebody is judged on a day, and which holding then bears their licence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from services.register.domain.declaration import bearer_of, policy_of
from services.register.domain.facts import LicenceFact, holds
from services.register.domain.licence import missing_for_scope, scopes_earned
from services.register.domain.membership import Missing, deciding_level
from services.register.domain.policy import EntryPolicy, MembershipLevel, Scope, in_force
from services.register.domain.qualification import Holding, HoldingStatus
from services.register.domain.transition import Transition, TransitionKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """The policy that judges, why it is not the newest where it is not, and the holding that bears.

    Without a holding that bears, the policy is the one in force.
    """

    policy: EntryPolicy
    holding_id: int | None
    transition: TransitionKind | None = None
    until: date | None = None


def judge(
    known: Sequence[EntryPolicy],
    *,
    day: date,
    holdings: Sequence[Holding],
    scopes: Sequence[Scope],
    licensed: Sequence[LicenceFact],
) -> Judgement:
    """Return by which policy the holdings bear a licence for the scopes on the day.

    Whoever meets the policy in force is judged by it; a transition helps only who does not.
    """
    policy = in_force(known, day)
    return judge_by(policy, known, day=day, holdings=holdings, scopes=scopes, licensed=licensed)


def judge_by(
    policy: EntryPolicy,
    known: Sequence[EntryPolicy],
    *,
    day: date,
    holdings: Sequence[Holding],
    scopes: Sequence[Scope],
    licensed: Sequence[LicenceFact],
) -> Judgement:
    """Return the judgement of one policy with its transition, as if it were in force on the day."""
    direct = Judgement(policy=policy, holding_id=bearer(holdings, scopes=scopes, policy=policy))
    if direct.holding_id is not None or policy.transition is None:
        return direct
    kind = _kind(policy, policy.transition, day=day, holdings=holdings, scopes=scopes, licensed=licensed)
    if kind is None:
        return direct
    earlier = policy_of(known, policy.transition.judged_by)
    found = bearer(holdings, scopes=scopes, policy=earlier)
    if found is None:
        return direct
    return Judgement(
        policy=earlier, holding_id=found, transition=kind, until=last_day(policy.transition, kind)
    )


def bearer(holdings: Sequence[Holding], *, scopes: Sequence[Scope], policy: EntryPolicy) -> int | None:
    """Return the holding that bears a licence for these scopes by the policy, or None."""
    return bearer_of(
        {each.scope: each.holding_id for each in scopes_earned(holdings, policy=policy)},
        level=deciding_level(holdings, policy=policy).level,
        scopes=scopes,
    )


def lacking(
    holdings: Sequence[Holding], *, scopes: Sequence[Scope], policy: EntryPolicy
) -> tuple[Missing, ...]:
    """Return what stands between the holdings and a licence for the scopes; nothing where they bear it."""
    if bearer(holdings, scopes=scopes, policy=policy) is not None:
        return ()
    lines = deciding_level(holdings, policy=policy).missing_for_next
    missing = [line for line in lines if line.level is MembershipLevel.PROFESSIONAL]
    if not missing:
        earned = {each.scope for each in scopes_earned(holdings, policy=policy)}
        for rule in policy.scopes:
            if rule.scope in scopes and rule.scope not in earned:
                missing += missing_for_scope(rule, holdings)
    return tuple(dict.fromkeys(missing))


def last_day(transition: Transition, kind: TransitionKind) -> date | None:
    """Return the last day on which a transition helps people of this kind."""
    if kind is TransitionKind.GRANDFATHERED:
        return transition.grandfathered_until
    return transition.working_towards_until


def _kind(
    policy: EntryPolicy,
    transition: Transition,
    *,
    day: date,
    holdings: Sequence[Holding],
    scopes: Sequence[Scope],
    licensed: Sequence[LicenceFact],
) -> TransitionKind | None:
    """Return why the transition helps on the day, the lasting reason first."""
    eve = policy.effective_from - timedelta(days=1)
    until = transition.grandfathered_until
    if until is not None and day <= until and any(holds(each, eve) for each in licensed):
        return TransitionKind.GRANDFATHERED
    until = transition.working_towards_until
    if until is not None and day <= until and _on_the_way(holdings, scopes, policy, day=day, until=until):
        return TransitionKind.WORKING_TOWARDS
    return None


def _on_the_way(
    holdings: Sequence[Holding], scopes: Sequence[Scope], policy: EntryPolicy, *, day: date, until: date
) -> bool:
    """Tell whether what is expected by then would meet the policy; what is overdue is not expected."""
    expected = [
        replace(each, status=HoldingStatus.AUTHENTICATED, relevant=True)
        for each in holdings
        if each.status is HoldingStatus.WORKING_TOWARDS
        and each.expected_on is not None
        and day <= each.expected_on <= until
    ]
    if not expected:
        return False
    others = [each for each in holdings if each.status is not HoldingStatus.WORKING_TOWARDS]
    return bearer([*others, *expected], scopes=scopes, policy=policy) is not None
