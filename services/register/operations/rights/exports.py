"""Subject access: everything that is held on a person, from every table that knows them."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.register.domain.person import parse_number
from services.register.domain.rights.export import readable
from services.register.operations.rights import policies
from services.register.operations.rights.subjects import DECIDE, spoken_for
from services.register.storage.rights import records
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database
from shared.idempotency import Once


@dataclass(frozen=True, kw_only=True, slots=True)
class Records:
    """The rows of one table, with how long their class is kept; None is for ever."""

    relation: str
    record_class: str
    kept_days: int | None
    rows: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Export:
    """What is held on a person as far as the caller may see it; ``association`` is None for a registrar."""

    number: str
    numbers: tuple[str, ...]
    association: str | None
    made_at: datetime
    policy_version: str
    records: list[Records]


async def export(db: Database, once: Once, *, number: str, actor: Actor, now: datetime) -> Export:
    """Return everything held on a person to a registrar; to an association of theirs, what it may see.

    Nothing is changed and nothing but the first answer is kept, so the journal has no line of it: the log of
    disclosures has one.
    """
    actor.require(DECIDE, "members:write")
    canonical = parse_number(number)
    association = None if actor.may(DECIDE) else actor.association
    # A registrar who speaks for an association too, is shown all of it here.
    async with db.transaction(replace(actor, association=association), once) as tx:
        subject = await spoken_for(tx, canonical, actor=actor)
        policy = await policies.retention(tx, london_day(now))
        found = [
            Records(
                relation=rule.relation,
                record_class=rule.record_class,
                kept_days=policy.of(rule.record_class).days,
                rows=[readable(row) for row in rows],
            )
            for rule in await records.rules(tx)
            if (rows := await records.held(tx, rule, subject, association=association))
        ]
        made = Export(
            number=subject.number,
            numbers=subject.numbers,
            association=association,
            made_at=now,
            policy_version=policy.version,
            records=found,
        )
        once.answer(made)
    return made
