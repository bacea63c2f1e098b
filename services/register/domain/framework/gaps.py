"""A person compared with a role: what is held, what is missing, and what would close each gap.

Pure: the role, what is held, the conditions of entry, the frameworks with their levels and everything on
offer are given. A level is only ever compared inside its own framework.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.register.domain.framework.framework import Requirement, RequirementKind, Role
from services.register.domain.framework.offers import Closing, Offer, closings
from services.register.domain.licence import scopes_earned
from services.register.domain.membership import shortfall, stage, standing_holdings
from services.register.domain.policy import EntryPolicy, ScopeRule, Threshold
from services.register.domain.qualification import Holding


class GapStatus(StrEnum):
    """Whether a requirement is met; *open* is on the way: worked towards, or waiting for a registrar."""

    MET = "met"
    OPEN = "open"
    MISSING = "missing"


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """What somebody has: qualifications, and (suite, standard) pairs that were found met."""

    holdings: tuple[Holding, ...] = ()
    competences: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Surroundings:
    """Against what somebody is compared: rules, lists and offers, none of which is part of the person.

    ``frameworks`` gives the levels of each framework, lowest first; ``titles`` those of qualifications.
    """

    policy: EntryPolicy
    frameworks: Mapping[str, Sequence[str]]
    offers: Sequence[Offer] = ()
    titles: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """One requirement with where the person stands; ``met_by`` is the title of what meets it."""

    requirement: Requirement
    status: GapStatus
    detail: str
    met_by: str | None
    closings: tuple[Closing, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Analysis:
    """A person against a role; ``complete`` is None where the requirements of the role are not known."""

    role: Role
    gaps: tuple[Gap, ...]
    complete: bool | None
    policy_version: str


def analyse(role: Role, held: Held, around: Surroundings) -> Analysis:
    """Return each requirement of a role as met, open or missing, with what would close it.

    A requirement that is only proposed is shown and does not count. A role of which no requirement is known
    can be found neither complete nor incomplete.
    """
    gaps = tuple(_gap(each, held, around) for each in role.requirements)
    counting = [each for each in gaps if each.requirement.status == "required"]
    complete = all(each.status is GapStatus.MET for each in counting) if counting else None
    return Analysis(role=role, gaps=gaps, complete=complete, policy_version=around.policy.version)


def thresholds_of(requirement: Requirement, around: Surroundings) -> tuple[Threshold, ...]:
    """Return the levels and sizes that meet a requirement; a level is met by any at or above the lowest."""
    if requirement.kind is RequirementKind.SCOPE:
        rule = _rule(requirement, around)
        return () if rule is None else rule.thresholds
    return tuple(
        Threshold(
            framework=framework,
            levels=_at_or_above(levels, around.frameworks.get(framework, ())),
            minimum_credits=None,
            source=requirement.source,
        )
        for framework, levels in requirement.levels
    )


def _gap(requirement: Requirement, held: Held, around: Surroundings) -> Gap:
    status, detail, met_by = _JUDGES[requirement.kind](requirement, held, around)
    if status is GapStatus.MET:
        return Gap(requirement=requirement, status=status, detail=detail, met_by=met_by, closings=())
    found = closings(
        requirement,
        thresholds=thresholds_of(requirement, around),
        subjects=_subjects(requirement, around),
        offers=around.offers,
    )
    return Gap(requirement=requirement, status=status, detail=detail, met_by=None, closings=found)


Judged = tuple[GapStatus, str, str | None]


def _judge_level(requirement: Requirement, held: Held, around: Surroundings) -> Judged:
    thresholds = thresholds_of(requirement, around)
    asked = " or ".join(
        f"{framework} {'/'.join(sorted(levels, key=_number))}" for framework, levels in requirement.levels
    )
    for holding in standing_holdings(held.holdings):
        if holding.counts and shortfall(holding, thresholds=thresholds, aim="") is None:
            return GapStatus.MET, f"“{holding.title}” is at {asked} or above.", holding.title
    return _not_met(f"the level {asked}", held.holdings, thresholds)


def _judge_scope(requirement: Requirement, held: Held, around: Surroundings) -> Judged:
    assert requirement.scope is not None  # noqa: S101 - a requirement of this kind names one
    name = requirement.scope.replace("_", " ")
    for earned in scopes_earned(held.holdings, policy=around.policy):
        if earned.scope is requirement.scope:
            title = next(each.title for each in held.holdings if each.holding_id == earned.holding_id)
            return GapStatus.MET, f"“{title}” earns the scope {name}.", title
    subjects = _subjects(requirement, around)
    about = [each for each in held.holdings if each.subject in subjects]
    return _not_met(f"the scope {name}", about, thresholds_of(requirement, around))


def _judge_qualification(requirement: Requirement, held: Held, around: Surroundings) -> Judged:
    code = requirement.qualification or ""
    title = around.titles.get(code, code)
    same = [each for each in standing_holdings(held.holdings) if each.qualification == code]
    for holding in same:
        waits = stage(holding)
        if waits is None:
            return GapStatus.MET, f"“{title}” is held.", holding.title
    waiting = [line[1] for each in same if (line := stage(each))]
    if waiting:
        return GapStatus.OPEN, " ".join(dict.fromkeys(waiting)), None
    return GapStatus.MISSING, f"“{title}” is not held.", None


def _judge_competence(requirement: Requirement, held: Held, _: Surroundings) -> Judged:
    pair = (requirement.suite or "", requirement.standard or "")
    if pair in held.competences:
        return GapStatus.MET, f"The standard {pair[1]} of {pair[0]} was found met.", pair[1]
    return GapStatus.MISSING, f"The standard {pair[1]} of {pair[0]} has not been shown.", None


_JUDGES = {
    RequirementKind.LEVEL: _judge_level,
    RequirementKind.SCOPE: _judge_scope,
    RequirementKind.QUALIFICATION: _judge_qualification,
    RequirementKind.COMPETENCE: _judge_competence,
}


def _not_met(aim: str, holdings: Collection[Holding], thresholds: Sequence[Threshold]) -> Judged:
    """Say why nothing that is held meets a requirement; open where something only waits to count."""
    reasons, open_ = [], False
    for holding in standing_holdings(tuple(holdings)):
        short = shortfall(holding, thresholds=thresholds, aim=aim)
        line = short or stage(holding)
        if line is not None:
            reasons.append(line[1])
            open_ = open_ or short is None
    detail = " ".join(dict.fromkeys(reasons)) or f"Nothing is held that opens {aim}."
    return GapStatus.OPEN if open_ else GapStatus.MISSING, detail, None


def _rule(requirement: Requirement, around: Surroundings) -> ScopeRule | None:
    return next((each for each in around.policy.scopes if each.scope is requirement.scope), None)


def _subjects(requirement: Requirement, around: Surroundings) -> frozenset[str]:
    """Return the subjects in which a requirement asks for a qualification; of a mere level, any."""
    rule = _rule(requirement, around) if requirement.kind is RequirementKind.SCOPE else None
    return frozenset() if rule is None else rule.subjects


def _at_or_above(levels: Collection[str], ordered: Sequence[str]) -> frozenset[str]:
    return frozenset(_from_lowest(levels, ordered))


def _from_lowest(levels: Collection[str], ordered: Sequence[str]) -> Iterator[str]:
    reached = False
    for level in ordered:
        reached = reached or level in levels
        if reached:
            yield level


def _number(level: str) -> tuple[int, str]:
    return (len(level), level)
