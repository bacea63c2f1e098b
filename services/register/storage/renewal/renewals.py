"""Renewals: each lets one term follow another, with the policies and the standing in CPD that it rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, insert, select

from services.register.domain.renewal.renewal import CpdAnswer, Notice, Renewal
from services.register.domain.renewal_rules import CpdStanding
from services.register.domain.transition import TransitionKind
from services.register.storage.renewal.tables import renewals
from services.register.storage.tables import people
from shared.database import Transaction
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldRenewal:
    """A renewal as it was granted."""

    renewal_id: int
    number: str
    association: str
    term_from: date
    valid_from: date
    valid_to: date
    entry_policy: str
    licence_policy: str
    transition: TransitionKind | None
    cpd: CpdAnswer
    notices: tuple[Notice, ...]
    renewed_at: datetime


async def save(
    tx: Transaction,
    granted: Renewal,
    *,
    person_id: int,
    association: str,
    renewed_licence_id: int,
    licence_id: int,
    cpd: CpdAnswer,
    notices: Sequence[Notice],
    record: Record,
) -> int:
    """Write what was granted, by whom it was asked for, and return its id; a term is renewed once."""
    transition = granted.judgement.transition
    renewal_id = await tx.scalar(
        insert(renewals)
        .values(
            person_id=person_id,
            association=association,
            renewed_licence_id=renewed_licence_id,
            licence_id=licence_id,
            term_from=granted.term_from,
            valid_from=granted.valid_from,
            valid_to=granted.valid_to,
            entry_policy=granted.judgement.policy.version,
            licence_policy=granted.licence_policy_version,
            transition=None if transition is None else transition.value,
            cpd_standing=cpd.standing.value,
            cpd_policy=cpd.policy_version,
            notices=[{"code": notice.code, "detail": notice.detail} for notice in notices],
            requested_by=record.actor.subject,
            renewed_at=record.at,
        )
        .returning(renewals.c.id)
    )
    tx.record(record)
    return int(renewal_id)


async def find(tx: Transaction, renewal_id: int) -> HeldRenewal | None:
    """Return the renewal, or None."""
    row = await tx.row(
        select(renewals, people.c.number)
        .join(people, people.c.id == renewals.c.person_id)
        .where(renewals.c.id == renewal_id)
    )
    return None if row is None else _held(row)


def _held(row: Row[Any]) -> HeldRenewal:
    return HeldRenewal(
        renewal_id=row.id,
        number=row.number,
        association=row.association,
        term_from=row.term_from,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        entry_policy=row.entry_policy,
        licence_policy=row.licence_policy,
        transition=None if row.transition is None else TransitionKind(row.transition),
        cpd=CpdAnswer(standing=CpdStanding(row.cpd_standing), policy_version=row.cpd_policy),
        notices=tuple(Notice(code=each["code"], detail=each["detail"]) for each in row.notices),
        renewed_at=row.renewed_at,
    )
