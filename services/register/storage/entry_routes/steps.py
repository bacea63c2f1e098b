"""The steps of a route to entry as they are written: what was given and judged is only ever added."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, update

from services.register.domain.entry_routes.route import OPEN, EntryRoute, Part
from services.register.storage.constraints import ChangedMeanwhile
from services.register.storage.entry_routes.routes import HeldRoute
from services.register.storage.entry_routes.tables import (
    entry_route_evidence,
    entry_route_judgements,
    entry_route_parts,
    entry_routes,
)
from shared.database import Transaction
from shared.journal import Record


async def submit(
    tx: Transaction,
    route: EntryRoute,
    *,
    person_id: int,
    association: str,
    holding_id: int | None,
    policy: str | None,
    record: Record,
) -> int:
    """Write a new route with the parts known so far, and return its id."""
    route_id = await tx.scalar(
        insert(entry_routes)
        .values(
            person_id=person_id,
            association=association,
            route=route.kind.value,
            status=route.status.value,
            holding_id=holding_id,
            policy=policy,
            optional_credits=route.optional_credits,
            submitted_by=route.submitted_by,
            submitted_at=record.at,
        )
        .returning(entry_routes.c.id)
    )
    await _write_parts(tx, int(route_id), association, route.parts)
    tx.record(record)
    return int(route_id)


async def name_modules(
    tx: Transaction, held: HeldRoute, named: EntryRoute, *, reasons: str, record: Record
) -> None:
    """Write the modules that a top up needs, named by the record's actor."""
    values = {"modules_named_by": record.actor.subject, "modules_reasons": reasons}
    await _move(tx, named, values)
    await _write_parts(tx, named.route_id, held.association, named.parts)
    tx.record(record)


async def add_evidence(
    tx: Transaction,
    held: HeldRoute,
    *,
    part: str,
    references: Sequence[str],
    statement: str | None,
    record: Record,
) -> None:
    """Write evidence on a part, submitted by the record's actor."""
    await tx.execute(
        insert(entry_route_evidence).values(
            route_id=held.route.route_id,
            part=part,
            association=held.association,
            reference_list=list(references),
            statement=statement,
            submitted_by=record.actor.subject,
            submitted_at=record.at,
        )
    )
    tx.record(record)


async def judge(
    tx: Transaction,
    held: HeldRoute,
    judged: EntryRoute,
    *,
    evidence_id: int,
    reasons: str,
    record: Record,
) -> None:
    """Write the judgement of one piece of evidence, and the status that the route has by it."""
    found = next(each for each in judged.evidence if each.evidence_id == evidence_id)
    assert found.judgement is not None  # noqa: S101 - the rule has judged it
    await tx.execute(
        insert(entry_route_judgements).values(
            evidence_id=evidence_id,
            submitted_by=found.submitted_by,
            judgement=found.judgement.value,
            reasons=reasons,
            judged_by=found.judged_by,
            judged_at=record.at,
        )
    )
    if judged.status is not held.route.status:
        await _move(tx, judged, {})
    tx.record(record)


async def decide(
    tx: Transaction, decided: EntryRoute, *, reasons: str, holding_id: int | None, record: Record
) -> None:
    """Write what the record's actor decided; ``holding_id`` is the holding that a grant gives or rests on."""
    values = {"decided_by": record.actor.subject, "decided_at": record.at, "reasons": reasons}
    await _move(tx, decided, values | {"holding_id": holding_id})
    tx.record(record)


async def withdraw(tx: Transaction, withdrawn: EntryRoute, *, record: Record) -> None:
    """Write that a route was taken back."""
    await _move(tx, withdrawn, {})
    tx.record(record)


async def _write_parts(tx: Transaction, route_id: int, association: str, parts: Sequence[Part]) -> None:
    if parts:
        rows = [
            {
                "route_id": route_id,
                "code": part.code,
                "place": place,
                "association": association,
                "title": part.title,
                "required": part.required,
                "credits": part.credits,
            }
            for place, part in enumerate(parts)
        ]
        await tx.execute(insert(entry_route_parts).values(rows))


async def _move(tx: Transaction, route: EntryRoute, values: Mapping[str, Any]) -> None:
    """Write the status of a route that is not over, or raise ChangedMeanwhile."""
    still_open = entry_routes.c.status.in_([each.value for each in OPEN])
    written = await tx.execute(
        update(entry_routes)
        .where(entry_routes.c.id == route.route_id, still_open)
        .values(status=route.status.value, **values)
    )
    if written != 1:
        raise ChangedMeanwhile
