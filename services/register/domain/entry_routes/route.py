"""A route to entry: its parts, the evidence and judgements on them, and who may move it where.

All three routes have one shape. A route has *parts*; the association gives evidence on each, an assessor
judges it, and another registrar decides the whole. An alternative qualification has the one part of
relevance, a competence route the standards that a policy names, a top up the modules that a registrar names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from services.register.domain.entry_routes.refusals import (
    AssessorMayNotDecide,
    EntryRouteNotOpen,
    EvidenceAlreadyJudged,
    EvidenceWaits,
    ModulesAlreadyNamed,
    ModulesNotNamed,
    NoSuchEvidence,
    NoSuchPart,
    NothingLeftToJudge,
    NotYetAssessed,
    PartAlreadyMet,
    PartNamedTwice,
)
from services.register.domain.qualification import ReasonMissing, SubmitterMayNotDecide

RELEVANCE = "relevance"


class RouteKind(StrEnum):
    """The routes beside a listed qualification, which needs none."""

    ALTERNATIVE = "alternative"
    COMPETENCE = "competence"
    TOP_UP = "top_up"


class RouteStatus(StrEnum):
    """Where a route stands."""

    REQUESTED = "requested"
    GATHERING = "gathering"
    ASSESSED = "assessed"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class RouteEvent(StrEnum):
    """What can happen to a route; ``judge_last`` is the judgement after which nothing is missing."""

    NAME_MODULES = "name_modules"
    SUBMIT_EVIDENCE = "submit_evidence"
    JUDGE = "judge"
    JUDGE_LAST = "judge_last"
    GRANT = "grant"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


class Mover(StrEnum):
    """Who may cause an event."""

    ASSOCIATION = "association"
    REGISTRAR = "registrar"


class Judgement(StrEnum):
    """What an assessor finds of the evidence on a part."""

    MET = "met"
    NOT_MET = "not_met"
    MORE_EVIDENCE = "more_evidence"


OPEN = frozenset({RouteStatus.REQUESTED, RouteStatus.GATHERING, RouteStatus.ASSESSED})

TRANSITIONS: Mapping[tuple[RouteStatus, RouteEvent], RouteStatus] = MappingProxyType(
    {
        (RouteStatus.REQUESTED, RouteEvent.NAME_MODULES): RouteStatus.GATHERING,
        (RouteStatus.GATHERING, RouteEvent.SUBMIT_EVIDENCE): RouteStatus.GATHERING,
        (RouteStatus.GATHERING, RouteEvent.JUDGE): RouteStatus.GATHERING,
        (RouteStatus.GATHERING, RouteEvent.JUDGE_LAST): RouteStatus.ASSESSED,
        (RouteStatus.ASSESSED, RouteEvent.GRANT): RouteStatus.GRANTED,
        (RouteStatus.REQUESTED, RouteEvent.REFUSE): RouteStatus.REFUSED,
        (RouteStatus.GATHERING, RouteEvent.REFUSE): RouteStatus.REFUSED,
        (RouteStatus.ASSESSED, RouteEvent.REFUSE): RouteStatus.REFUSED,
        (RouteStatus.REQUESTED, RouteEvent.WITHDRAW): RouteStatus.WITHDRAWN,
        (RouteStatus.GATHERING, RouteEvent.WITHDRAW): RouteStatus.WITHDRAWN,
        (RouteStatus.ASSESSED, RouteEvent.WITHDRAW): RouteStatus.WITHDRAWN,
    }
)

MOVERS: Mapping[RouteEvent, Mover] = MappingProxyType(
    {
        RouteEvent.NAME_MODULES: Mover.REGISTRAR,
        RouteEvent.SUBMIT_EVIDENCE: Mover.ASSOCIATION,
        RouteEvent.JUDGE: Mover.REGISTRAR,
        RouteEvent.JUDGE_LAST: Mover.REGISTRAR,
        RouteEvent.GRANT: Mover.REGISTRAR,
        RouteEvent.REFUSE: Mover.REGISTRAR,
        RouteEvent.WITHDRAW: Mover.ASSOCIATION,
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One thing to be shown: a standard, a module, or relevance itself; credits are None where not known."""

    code: str
    title: str
    required: bool = True
    credits: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What was submitted on a part, and how it was judged, once it was."""

    evidence_id: int
    part: str
    submitted_by: str
    judgement: Judgement | None = None
    judged_by: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryRoute:
    """A route of one person; the parts that are not required have to give ``optional_credits`` together."""

    route_id: int
    kind: RouteKind
    status: RouteStatus
    submitted_by: str
    parts: tuple[Part, ...] = ()
    optional_credits: int = 0
    evidence: tuple[Evidence, ...] = ()

    @property
    def submitters(self) -> frozenset[str]:
        """Everybody who submitted the route or evidence on it."""
        return frozenset({self.submitted_by, *(each.submitted_by for each in self.evidence)})

    @property
    def assessors(self) -> frozenset[str]:
        """Everybody who judged evidence on it."""
        return frozenset(each.judged_by for each in self.evidence if each.judged_by is not None)

    def met(self, part: Part) -> bool:
        """Tell whether some evidence on a part was found to meet it."""
        return any(each.part == part.code and each.judgement is Judgement.MET for each in self.evidence)

    @property
    def optional_credits_met(self) -> int:
        """The credits of the parts met that are not required; a part of unknown size adds none."""
        return sum(each.credits or 0 for each in self.parts if not each.required and self.met(each))

    @property
    def nothing_missing(self) -> bool:
        """Tell whether every part that is required, and enough of the others, is met."""
        required = all(self.met(each) for each in self.parts if each.required)
        return required and self.optional_credits_met >= self.optional_credits


def moved(route: EntryRoute, event: RouteEvent) -> RouteStatus:
    """Return the next status from the table, or the refusal that says why there is none."""
    after = TRANSITIONS.get((route.status, event))
    if after is not None:
        return after
    if route.status not in OPEN:
        raise EntryRouteNotOpen(status=route.status)
    if event is RouteEvent.NAME_MODULES:
        raise ModulesAlreadyNamed
    if route.status is RouteStatus.REQUESTED:
        raise ModulesNotNamed
    raise NotYetAssessed if event is RouteEvent.GRANT else NothingLeftToJudge


def with_parts(route: EntryRoute, parts: Sequence[Part], *, optional_credits: int = 0) -> EntryRoute:
    """Return a route that begins with these parts."""
    return replace(route, parts=tuple(parts), optional_credits=optional_credits)


def name_modules(route: EntryRoute, modules: Sequence[Part], *, by: str, reasons: str) -> EntryRoute:
    """Return a top up with the modules that a registrar requires of it."""
    _check_no_submitter(route, by)
    status = moved(route, RouteEvent.NAME_MODULES)
    _check_reasons(reasons)
    codes = [each.code for each in modules]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise PartNamedTwice(codes=", ".join(twice))
    return replace(route, status=status, parts=tuple(modules))


def submit_evidence(route: EntryRoute, part: str) -> None:
    """Refuse evidence on what is no part, is met already, or waits for a judgement."""
    moved(route, RouteEvent.SUBMIT_EVIDENCE)
    known = next((each for each in route.parts if each.code == part), None)
    if known is None:
        raise NoSuchPart(part=part, parts=", ".join(each.code for each in route.parts))
    if route.met(known):
        raise PartAlreadyMet(part=part)
    if any(each.part == part and each.judgement is None for each in route.evidence):
        raise EvidenceWaits(part=part)


def judge(route: EntryRoute, evidence_id: int, judgement: Judgement, *, by: str, reasons: str) -> EntryRoute:
    """Return the route with the evidence judged by somebody who submitted nothing of it."""
    _check_no_submitter(route, by)
    moved(route, RouteEvent.JUDGE)
    _check_reasons(reasons)
    found = next((each for each in route.evidence if each.evidence_id == evidence_id), None)
    if found is None:
        raise NoSuchEvidence
    if found.judgement is not None:
        raise EvidenceAlreadyJudged(judgement=found.judgement.replace("_", " "))
    judged = replace(found, judgement=judgement, judged_by=by)
    after = replace(route, evidence=tuple(judged if each is found else each for each in route.evidence))
    event = RouteEvent.JUDGE_LAST if after.nothing_missing else RouteEvent.JUDGE
    return replace(after, status=moved(route, event))


def decide(route: EntryRoute, *, granted: bool, by: str, reasons: str) -> EntryRoute:
    """Return the route as decided by a registrar who neither submitted nor judged anything of it."""
    _check_no_submitter(route, by)
    if by in route.assessors:
        raise AssessorMayNotDecide
    status = moved(route, RouteEvent.GRANT if granted else RouteEvent.REFUSE)
    _check_reasons(reasons)
    return replace(route, status=status)


def withdraw(route: EntryRoute) -> EntryRoute:
    """Return the route as taken back by the association, before it was decided."""
    return replace(route, status=moved(route, RouteEvent.WITHDRAW))


def _check_no_submitter(route: EntryRoute, by: str) -> None:
    if by in route.submitters:
        raise SubmitterMayNotDecide


def _check_reasons(reasons: str) -> None:
    if not reasons.strip():
        raise ReasonMissing
