"""Which membership level a person may hold, by which rule, and what is missing for a higher one."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.register.domain.policy import EntryPolicy, LevelRule, MembershipLevel, Threshold
from services.register.domain.qualification import Holding, HoldingStatus
from shared.errors import Conflict

HIGHEST_FIRST: tuple[MembershipLevel, ...] = tuple(MembershipLevel)


class MembershipMayNotBeHeld(Conflict):
    """The highest level open to this person is {highest}, so {level} cannot be recorded. {missing}"""


class StudentMustBeAffiliate(Conflict):
    """Student is a category of affiliate membership only, so it cannot go with {level}."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Missing:
    """One thing that stands between a person and a membership level or scope."""

    code: str
    detail: str
    level: MembershipLevel | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LevelDecision:
    """The highest level that may be held, the rule that gave it, and what higher ones ask.

    `missing_for_next` begins with the next level and goes on upwards; each line names its level.
    """

    level: MembershipLevel
    rule_id: str
    policy_version: str
    holding_id: int | None
    missing_for_next: tuple[Missing, ...]


def deciding_level(holdings: Sequence[Holding], *, policy: EntryPolicy) -> LevelDecision:
    """Return the highest level that the authenticated, relevant holdings open.

    A threshold speaks for its own framework only: a level of another framework is never read
    through an equivalence table, and credits that are not known do not meet a minimum.
    """
    lacking: list[Missing] = []
    for rule in sorted(policy.levels, key=lambda rule: rank(rule.level)):
        holding = _deciding_holding(rule, holdings)
        if holding is not None or not rule.thresholds:
            return LevelDecision(
                level=rule.level,
                rule_id=rule.rule_id,
                policy_version=policy.version,
                holding_id=None if holding is None else holding.holding_id,
                missing_for_next=tuple(lacking),
            )
        lacking[:0] = _missing(rule, holdings)
    raise ValueError(f"policy {policy.version} leaves somebody without a membership level")


def rank(level: MembershipLevel) -> int:
    """Return the place of a level, 0 for the highest."""
    return HIGHEST_FIRST.index(level)


def check_membership(level: MembershipLevel, *, student: bool, decision: LevelDecision) -> None:
    """Refuse a membership above the deciding level, and a student who is not an affiliate."""
    if student and level is not MembershipLevel.AFFILIATE:
        raise StudentMustBeAffiliate(level=level)
    if rank(level) < rank(decision.level):
        raise MembershipMayNotBeHeld(
            level=level,
            highest=decision.level,
            missing=" ".join(line.detail for line in decision.missing_for_next if line.level is level),
        )


def shortfall(holding: Holding, *, thresholds: Sequence[Threshold], aim: str) -> tuple[str, str] | None:
    """Return the code and sentence of why a holding meets none of the thresholds, or None."""
    if holding.framework is None or holding.level is None:
        return "level-unknown", f"The framework and level of “{holding.title}” are not known."
    own = f"{holding.framework} level {holding.level}"
    same = [each for each in thresholds if each.framework == holding.framework]
    if not same:
        return (
            "no-threshold-for-framework",
            f"The policy sets no level of {holding.framework} for {aim}, and another framework’s "
            f"level does not stand in for it (“{holding.title}”, {own}).",
        )
    fitting = [each.minimum_credits for each in same if holding.level in each.levels]
    if not fitting:
        return "level-not-accepted", f"“{holding.title}” is at {own}, which does not open {aim}."
    needed = min(minimum or 0 for minimum in fitting)
    if needed and holding.credits is None:
        return (
            "credits-unknown",
            f"{aim.capitalize()} asks {needed} credits; those of “{holding.title}” are not known.",
        )
    if (holding.credits or 0) < needed:
        return (
            "credits-too-few",
            f"{aim.capitalize()} asks {needed} credits; “{holding.title}” has {holding.credits}.",
        )
    return None


def stage(holding: Holding) -> tuple[str, str] | None:
    """Return the code and sentence of why a holding does not count yet, or None when it counts."""
    if holding.status is HoldingStatus.WORKING_TOWARDS:
        return "still-working-towards", f"“{holding.title}” is still being worked towards."
    if holding.status is HoldingStatus.CLAIMED:
        return "not-authenticated", f"“{holding.title}” has not been authenticated yet."
    return None if holding.relevant else ("not-relevant", f"“{holding.title}” has not been found relevant.")


def standing_holdings(holdings: Sequence[Holding]) -> list[Holding]:
    """Return the holdings that count or may come to count, oldest first."""
    gone = (HoldingStatus.REJECTED, HoldingStatus.WITHDRAWN)
    return sorted((each for each in holdings if each.status not in gone), key=lambda each: each.holding_id)


def _deciding_holding(rule: LevelRule, holdings: Sequence[Holding]) -> Holding | None:
    """Return the oldest holding that meets the rule."""
    for holding in standing_holdings(holdings):
        counts = holding.status is HoldingStatus.AUTHENTICATED and (
            holding.relevant or not rule.relevance_required
        )
        if counts and shortfall(holding, thresholds=rule.thresholds, aim="") is None:
            return holding
    return None


def _missing(rule: LevelRule, holdings: Sequence[Holding]) -> list[Missing]:
    """Return what stands between the holdings and the rule, one line for each holding."""
    aim = f"{rule.level} membership"
    lines = [
        shortfall(holding, thresholds=rule.thresholds, aim=aim) or stage(holding)
        for holding in standing_holdings(holdings)
    ]
    found = [line for line in lines if line is not None]
    if not found:
        found = [("no-qualification", f"No qualification is recorded for {aim}.")]
    return [Missing(code=code, detail=detail, level=rule.level) for code, detail in found]
