"""Applications to be admitted: submitted, and decided once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, insert, select, update

from services.register.domain.licence import Application, ApplicationStatus
from services.register.domain.policy import Scope
from services.register.storage.constraints import ChangedMeanwhile
from services.register.storage.tables import applications, people
from shared.clock import london_day
from shared.database import Transaction
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldApplication:
    """An application with whom it is for."""

    person_id: int
    number: str
    association: str
    scopes: tuple[Scope, ...]
    submitted_at: datetime
    decided_at: datetime | None
    policy_version: str | None
    application: Application

    @property
    def application_id(self) -> int:
        """Return the id by which the application is known outside."""
        return self.application.application_id


async def submit(
    tx: Transaction, *, person_id: int, association: str, scopes: Sequence[Scope], record: Record
) -> int:
    """Write a new application, submitted by the record's actor, and return its id."""
    application_id = await tx.scalar(
        insert(applications)
        .values(
            person_id=person_id,
            association=association,
            scopes=[scope.value for scope in Scope if scope in scopes],
            status=ApplicationStatus.SUBMITTED.value,
            submitted_by=record.actor.subject,
            submitted_at=record.at,
        )
        .returning(applications.c.id)
    )
    tx.record(record)
    return int(application_id)


async def decide(
    tx: Transaction, application: Application, *, policy_version: str | None = None, record: Record
) -> None:
    """Write what became of an application that nobody has decided yet, or raise ChangedMeanwhile."""
    written = await tx.execute(
        update(applications)
        .where(
            applications.c.id == application.application_id,
            applications.c.status == ApplicationStatus.SUBMITTED.value,
        )
        .values(
            status=application.status.value,
            decided_by=application.decided_by,
            decided_at=record.at,
            reasons="\n".join(application.reasons) or None,
            policy_version=policy_version,
        )
    )
    if written != 1:
        raise ChangedMeanwhile
    tx.record(record)


async def find(tx: Transaction, application_id: int) -> HeldApplication | None:
    """Return the application, or None."""
    row = await tx.row(_read().where(applications.c.id == application_id))
    return None if row is None else _held(row)


async def page(
    tx: Transaction,
    *,
    association: str | None,
    status: ApplicationStatus | None,
    after: int,
    limit: int,
) -> Sequence[HeldApplication]:
    """Return applications, oldest first; ``association`` None is every association's."""
    statement = _read().where(applications.c.id > after).order_by(applications.c.id).limit(limit)
    if association is not None:
        statement = statement.where(applications.c.association == association)
    if status is not None:
        statement = statement.where(applications.c.status == status.value)
    return [_held(row) for row in await tx.rows(statement)]


def _read() -> Select[Any]:
    return select(applications, people.c.number).join(people, people.c.id == applications.c.person_id)


def _held(row: Row[Any]) -> HeldApplication:
    return HeldApplication(
        person_id=row.person_id,
        number=row.number,
        association=row.association,
        scopes=tuple(Scope(scope) for scope in row.scopes),
        submitted_at=row.submitted_at,
        decided_at=row.decided_at,
        policy_version=row.policy_version,
        application=Application(
            application_id=row.id,
            submitted_by=row.submitted_by,
            submitted_on=london_day(row.submitted_at),
            status=ApplicationStatus(row.status),
            decided_by=row.decided_by,
            decided_on=None if row.decided_at is None else london_day(row.decided_at),
            reasons=tuple((row.reasons or "").splitlines()),
        ),
    )
