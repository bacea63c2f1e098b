"""Routes to entry as the rules see them, without a database."""

from typing import Any

from services.register.domain.entry_routes.route import (
    EntryRoute,
    Evidence,
    Judgement,
    Part,
    RouteKind,
    RouteStatus,
)

ASSOCIATION, ASSESSOR, DECIDER = "association", "assessor", "decider"
FIRST = Part(code="first", title="The first unit", credits=6)
SECOND = Part(code="second", title="The second unit", credits=6)
EXTRA = Part(code="extra", title="An extra unit", required=False, credits=3)


def evidence(place: int, part: str = "first", judgement: Judgement | None = None, **changes: Any) -> Evidence:
    """Return evidence on a part, judged by the assessor where a judgement is given."""
    by = None if judgement is None else ASSESSOR
    given: dict[str, Any] = {"submitted_by": ASSOCIATION, "judged_by": by}
    return Evidence(evidence_id=place, part=part, judgement=judgement, **given | changes)


def route(*given: Evidence, **changes: Any) -> EntryRoute:
    """Return a competence route with two required units and an extra one."""
    content: dict[str, Any] = {
        "route_id": 1,
        "kind": RouteKind.COMPETENCE,
        "status": RouteStatus.GATHERING,
        "submitted_by": ASSOCIATION,
        "parts": (FIRST, SECOND, EXTRA),
    }
    return EntryRoute(evidence=given, **content | changes)
