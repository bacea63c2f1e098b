"""How far a person has come towards the awards of a programme."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.cpd.domain.credits.programme import NoSuchProgramme
from services.cpd.domain.credits.progress import Banked, Progress, progress
from services.cpd.operations.credits.bank import whoever_may_be_read
from services.cpd.operations.credits.tellings import SeenProgramme
from services.cpd.operations.standings import Axes
from services.cpd.storage.credits import bank
from services.cpd.storage.credits import told as kept
from services.cpd.storage.credits.bank import HeldCredit
from services.cpd.storage.credits.told import PROGRAMMES
from shared.actor import Actor
from shared.database import Database, Transaction


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenProgress:
    """How far somebody has come towards each award of a programme's version."""

    number: str
    valid_at: date
    programme: SeenProgramme
    awards: Sequence[Progress]


async def get(
    db: Database,
    *,
    number: str,
    programme: str,
    version: str | None,
    axes: Axes,
    actor: Actor,
    now: datetime,
) -> SeenProgress:
    """Return how far a person has come, by the version named or the one in effect on the day.

    Raises NoSuchMember, NoSuchProgramme.
    """
    day, _ = axes.settled(now)
    async with db.reading() as tx:
        group = await whoever_may_be_read(tx, number, actor)
        rules = await programme_of(tx, programme, version=version, day=day, known_at=axes.known_at)
        held = await bank.of_person(tx, group.numbers, day=day, known_at=axes.known_at)
    credit = [banked_of(each) for each in held]
    awards = [progress(award, credit, day=day) for award in rules.told.awards]
    return SeenProgress(number=group.kept, valid_at=day, programme=rules, awards=awards)


async def programme_of(
    tx: Transaction, programme: str, *, version: str | None, day: date, known_at: datetime | None = None
) -> SeenProgramme:
    """Return the version of a programme, named as ``association/id``; raises NoSuchProgramme."""
    association, _, code = programme.partition("/")
    held = await kept.in_effect(
        tx, PROGRAMMES, association, code, version=version, day=day, known_at=known_at
    )
    if held is None:
        raise NoSuchProgramme
    return held


def banked_of(held: HeldCredit) -> Banked:
    """Return credit as progress looks at it."""
    return Banked(
        id=held.id,
        module=held.credit.module,
        source=held.credit.source,
        value=held.credit.value,
        awarded_on=held.credit.awarded_on,
        expires_on=held.expires_on,
    )
