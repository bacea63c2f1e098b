"""The standards that people were found to meet, on routes that were granted."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select

from services.register.domain.entry_routes.route import Judgement, RouteStatus
from services.register.storage.entry_routes.tables import (
    competence_policies,
    entry_route_evidence,
    entry_route_judgements,
    entry_routes,
)
from shared.database import Transaction


async def met(
    tx: Transaction,
    person_ids: Iterable[int],
    *,
    association: str | None,
    known_at: datetime | None,
) -> frozenset[tuple[str, str]]:
    """Return the (suite, standard) pairs that these rows of one person were found to meet.

    ``association`` None is every association's routes; ``known_at`` None is now.
    """
    statement = (
        select(competence_policies.c.suite, entry_route_evidence.c.part)
        .join(entry_routes, entry_routes.c.policy == competence_policies.c.code)
        .join(entry_route_evidence, entry_route_evidence.c.route_id == entry_routes.c.id)
        .join(entry_route_judgements, entry_route_judgements.c.evidence_id == entry_route_evidence.c.id)
        .where(
            entry_routes.c.person_id == func.any(sorted(set(person_ids))),
            entry_routes.c.status == RouteStatus.GRANTED.value,
            entry_route_judgements.c.judgement == Judgement.MET.value,
        )
    )
    if association is not None:
        statement = statement.where(entry_routes.c.association == association)
    if known_at is not None:
        statement = statement.where(entry_routes.c.decided_at <= known_at)
    return frozenset((row.suite, row.part) for row in await tx.rows(statement))
