"""Routes to entry read back, with all that was written down on them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select

from services.register.domain.entry_routes.route import (
    EntryRoute,
    Evidence,
    Judgement,
    Part,
    RouteKind,
    RouteStatus,
)
from services.register.storage.entry_routes.tables import (
    entry_route_evidence,
    entry_route_judgements,
    entry_route_parts,
    entry_routes,
)
from services.register.storage.tables import people
from shared.database import Transaction


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldEvidence:
    """What was written down of one piece of evidence and of its judgement."""

    evidence: Evidence
    references: tuple[str, ...]
    statement: str | None
    submitted_at: datetime
    reasons: str | None
    judged_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldRoute:
    """A route to entry with whose it is and everything written down about it."""

    route: EntryRoute
    person_id: int
    number: str
    association: str
    holding_id: int | None
    policy: str | None
    submitted_at: datetime
    modules_named_by: str | None
    modules_reasons: str | None
    decided_by: str | None
    decided_at: datetime | None
    reasons: str | None
    evidence: tuple[HeldEvidence, ...]


async def find(tx: Transaction, route_id: int) -> HeldRoute | None:
    """Return a route, or None."""
    found = await _load(tx, _read().where(entry_routes.c.id == route_id))
    return found[0] if found else None


async def page(
    tx: Transaction,
    *,
    association: str | None,
    kind: RouteKind | None,
    status: RouteStatus | None,
    after: int,
    limit: int,
) -> Sequence[HeldRoute]:
    """Return routes in the order of their submission; ``association`` None is every association's."""
    statement = _read().where(entry_routes.c.id > after).order_by(entry_routes.c.id).limit(limit)
    if association is not None:
        statement = statement.where(entry_routes.c.association == association)
    if kind is not None:
        statement = statement.where(entry_routes.c.route == kind.value)
    if status is not None:
        statement = statement.where(entry_routes.c.status == status.value)
    return await _load(tx, statement)


def _read() -> Select[Any]:
    return select(entry_routes, people.c.number).join(people, people.c.id == entry_routes.c.person_id)


async def _load(tx: Transaction, statement: Select[Any]) -> Sequence[HeldRoute]:
    """Return the routes chosen, with one query each for all their parts and all their evidence."""
    rows = await tx.rows(statement)
    ids = [row.id for row in rows]
    if not ids:
        return []
    parts: defaultdict[int, list[Part]] = defaultdict(list)
    for row in await tx.rows(
        select(entry_route_parts)
        .where(entry_route_parts.c.route_id.in_(ids))
        .order_by(entry_route_parts.c.route_id, entry_route_parts.c.place)
    ):
        parts[row.route_id].append(_part(row))
    evidence: defaultdict[int, list[HeldEvidence]] = defaultdict(list)
    for row in await tx.rows(_evidence_of(ids)):
        evidence[row.route_id].append(_held_evidence(row))
    return [_held(row, parts[row.id], evidence[row.id]) for row in rows]


def _evidence_of(route_ids: Sequence[int]) -> Select[Any]:
    given, judged = entry_route_evidence, entry_route_judgements
    return (
        select(given, judged.c.judgement, judged.c.reasons, judged.c.judged_by, judged.c.judged_at)
        .outerjoin(judged, judged.c.evidence_id == given.c.id)
        .where(given.c.route_id.in_(route_ids))
        .order_by(given.c.id)
    )


def _part(row: Row[Any]) -> Part:
    return Part(code=row.code, title=row.title, required=row.required, credits=row.credits)


def _held_evidence(row: Row[Any]) -> HeldEvidence:
    return HeldEvidence(
        evidence=Evidence(
            evidence_id=row.id,
            part=row.part,
            submitted_by=row.submitted_by,
            judgement=None if row.judgement is None else Judgement(row.judgement),
            judged_by=row.judged_by,
        ),
        references=tuple(row.reference_list),
        statement=row.statement,
        submitted_at=row.submitted_at,
        reasons=row.reasons,
        judged_at=row.judged_at,
    )


def _held(row: Row[Any], parts: Sequence[Part], evidence: Sequence[HeldEvidence]) -> HeldRoute:
    return HeldRoute(
        route=EntryRoute(
            route_id=row.id,
            kind=RouteKind(row.route),
            status=RouteStatus(row.status),
            submitted_by=row.submitted_by,
            parts=tuple(parts),
            optional_credits=row.optional_credits,
            evidence=tuple(each.evidence for each in evidence),
        ),
        person_id=row.person_id,
        number=row.number,
        association=row.association,
        holding_id=row.holding_id,
        policy=row.policy,
        submitted_at=row.submitted_at,
        modules_named_by=row.modules_named_by,
        modules_reasons=row.modules_reasons,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reasons=row.reasons,
        evidence=tuple(evidence),
    )
