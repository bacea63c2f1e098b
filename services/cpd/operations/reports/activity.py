"""The scale and nature of CPD in twelve months: exact for those who audit, else without small counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.cpd.domain.access import own_association
from services.cpd.domain.audit.policy import audit_policy_on
from services.cpd.domain.cycle import anniversary
from services.cpd.domain.reports.activity import (
    Activity,
    Dimension,
    Participation,
    for_the_public,
    participation_for_the_public,
)
from services.cpd.operations.standings import Axes
from services.cpd.storage.audit import policies
from services.cpd.storage.reports import activity
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """The days that are counted, both included; ``known_at`` is the instant of whose knowledge they are, and
    ``as_of`` the same where it was asked for."""

    first: date
    last: date
    known_at: datetime
    as_of: datetime | None

    @classmethod
    def until(cls, axes: Axes, now: datetime) -> "Period":
        """Return the twelve months that end on the day asked about."""
        day, known_at = axes.settled(now)
        first = anniversary(day, -1) + timedelta(days=1)
        as_of = None if axes.known_at is None else known_at
        return cls(first=first, last=day, known_at=known_at, as_of=as_of)


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivityReport:
    """What was done, code by code; ``least_count`` is None where nothing is suppressed."""

    by: Dimension
    period: Period
    least_count: int | None
    lines: Sequence[Activity]


@dataclass(frozen=True, kw_only=True, slots=True)
class ParticipationReport:
    """Who takes part, association by association; ``least_count`` is None where nothing is suppressed."""

    period: Period
    least_count: int | None
    lines: Sequence[Participation]


async def scale_and_nature(
    db: Database, *, by: Dimension, own: bool, axes: Axes, actor: Actor, now: datetime
) -> ActivityReport:
    """Return people, entries and hours by a dimension; with ``own`` of the caller's own association's log.

    Raises AssociationMissing where the caller has no log of its own.
    """
    association = own_association(actor) if own else None
    period = Period.until(axes, now)
    async with db.reading() as tx:
        counted = await activity.by(
            tx,
            by,
            association=association,
            first=period.first,
            last=period.last,
            known_at=period.as_of,
        )
        least = None if own or _sees_all(actor) else await _least(tx, now)
    lines = tuple(counted) if least is None else for_the_public(counted, least=least)
    return ActivityReport(by=by, period=period, least_count=least, lines=lines)


async def participation(db: Database, *, axes: Axes, actor: Actor, now: datetime) -> ParticipationReport:
    """Return by association and level how many members there are and how many took part.

    An association sees its own lines exactly.
    """
    period = Period.until(axes, now)
    async with db.reading() as tx:
        counted = await activity.participation(
            tx, first=period.first, last=period.last, known_at=period.as_of
        )
        least = None if _sees_all(actor) else await _least(tx, now)
    if least is None:
        return ParticipationReport(period=period, least_count=None, lines=counted)
    own = actor.association if actor.may("cpd:write") else None
    public = participation_for_the_public(counted, least=least)
    lines = [
        exact if exact.association == own else shown for exact, shown in zip(counted, public, strict=True)
    ]
    return ParticipationReport(period=period, least_count=least, lines=lines)


def _sees_all(actor: Actor) -> bool:
    return actor.may("cpd:audit") or actor.may("register:decide")


async def _least(tx: Transaction, now: datetime) -> int:
    return audit_policy_on(await policies.published(tx), london_day(now)).least_count
