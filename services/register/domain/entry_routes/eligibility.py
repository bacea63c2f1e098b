"""On what a route to entry may begin, and what it gives when it is granted."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from services.register.domain.entry_routes import refusals
from services.register.domain.entry_routes.route import RELEVANCE, Part, RouteKind, RouteStatus
from services.register.domain.entry_routes.suite import CompetencePolicy, Suite
from services.register.domain.qualification import Holding, HoldingStatus

RELATED = "related"
METHOD = "competence_route"
"""How a holding that a competence route gives was authenticated; nothing else may say so."""

FIRST_STATUS: Mapping[RouteKind, RouteStatus] = {
    RouteKind.ALTERNATIVE: RouteStatus.GATHERING,
    RouteKind.COMPETENCE: RouteStatus.GATHERING,
    RouteKind.TOP_UP: RouteStatus.REQUESTED,
}


def check_asked(kind: RouteKind, *, holding: int | None, policy: str | None) -> None:
    """Refuse a route that names too much or too little: a competence policy, or else a holding."""
    if kind is RouteKind.COMPETENCE:
        if holding is not None:
            raise refusals.HoldingNotNeeded
        if policy is None:
            raise refusals.PolicyNeeded
        return
    if policy is not None:
        raise refusals.PolicyNotNeeded
    if holding is None:
        raise refusals.HoldingNeeded


def check_holding(kind: RouteKind, holding: Holding, *, listed: Mapping[str, Any] | None) -> None:
    """Refuse a holding whose relevance is not open, and a top up of one that is not related.

    ``listed`` is the entry of the list that the holding names, where it names one. A qualification that is
    not listed can be topped up: the registrar who names the modules finds what it is related to.
    """
    if holding.status is not HoldingStatus.AUTHENTICATED:
        raise refusals.HoldingNotAuthenticatedYet(status=holding.status.replace("_", " "))
    if holding.relevant:
        raise refusals.HoldingAlreadyRelevant
    if kind is RouteKind.TOP_UP and listed is not None and listed["recognition"] != RELATED:
        raise refusals.HoldingNotRelated(recognition=listed["recognition"])


def parts_of_holding(kind: RouteKind, holding: Holding) -> tuple[Part, ...]:
    """Return the parts known from the start: relevance, or none until a registrar names the modules."""
    if kind is RouteKind.TOP_UP:
        return ()
    return (Part(code=RELEVANCE, title=f"Relevance of “{holding.title}”"),)


def parts_of_policy(policy: CompetencePolicy, suite: Suite) -> tuple[Part, ...]:
    """Return the standards that a policy asks for, in the order of the suite."""
    return tuple(
        Part(
            code=each.code,
            title=each.title or each.code,
            required=each.code in policy.required,
            credits=each.credits,
        )
        for each in suite.standards
        if each.code in policy.required or each.code in policy.optional
    )


def relevant(holding: Holding, *, by: str) -> Holding:
    """Return the holding as found relevant by whoever granted the route."""
    return replace(holding, relevant=True, decided_by=by)


def competence_claimed(policy: CompetencePolicy, suite: Suite, *, by: str, today: date) -> Holding:
    """Return the claim that competence shown against a suite equals, at the level that the policy says."""
    return Holding(
        holding_id=0,
        qualification=None,
        title=f"Competence shown against {suite.name}, {suite.version}",
        framework=policy.framework,
        level=policy.level,
        credits=policy.credits,
        subject=policy.subject,
        relevant=True,
        status=HoldingStatus.CLAIMED,
        submitted_by=by,
        awarded_on=today,
    )


def competence_authenticated(claimed: Holding, *, by: str) -> Holding:
    """Return the claim as authenticated by the registrar who granted the route."""
    return replace(claimed, status=HoldingStatus.AUTHENTICATED, decided_by=by)
