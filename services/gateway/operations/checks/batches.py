"""Making a batch of checks under one receipt, and telling a person who checked them."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.gateway.clients.answers import LicenceAnswer
from services.gateway.clients.caller import Caller
from services.gateway.clients.neighbours import Neighbours
from services.gateway.clients.register import SecondFact
from services.gateway.domain.checks.batch import Row, summary_of
from services.gateway.domain.checks.check import Check, CheckKind
from services.gateway.domain.checks.policy import told_from
from services.gateway.operations.checks.checks import (
    Notary,
    checker_of,
    keep,
    pages_of,
    policy_on,
    said_of,
    signed,
)
from services.gateway.storage.checks import checks
from shared.actor import Actor
from shared.database import Database
from shared.idempotency import Once
from shared.paging import Page, place_of

# What people put between the signs of a number; the register reads it as forgivingly.
_MARKS = re.compile(r"[\s-]")


async def check_many(
    db: Database,
    rows: Sequence[Row],
    *,
    purpose: str,
    neighbours: Neighbours,
    caller: Caller,
    notary: Notary,
    actor: Actor,
    once: Once,
    now: datetime,
) -> Check:
    """Ask the register about all rows in one call, keep the answers, return them with one receipt.

    A number that cannot be read is an answer, too: its row says ``malformed``. Raises PurposeOfCheckNotKnown,
    and what the register refuses; where it gives no answer nothing is kept.
    """
    policy = policy_on(now)
    stated = policy.purpose(purpose)
    answers = await neighbours.register.licences(
        [row.number for row in rows], caller=caller, second_facts=[_second_fact(row) for row in rows]
    )
    told = [_told(row, answer) for row, answer in zip(rows, answers, strict=True)]
    check = signed(
        notary,
        kind=CheckKind.BATCH,
        checker=checker_of(actor),
        purpose=purpose,
        subjects=tuple(dict.fromkeys(answer.number for answer in answers if answer.number is not None)),
        told_from=told_from(stated, made_at=now),
        asked={"policy": policy.version},
        said=summary_of(told),
        positions=_positions(answers),
        rows=told,
        now=now,
    )
    await keep(db, check, notary=notary, actor=actor, once=once, now=now)
    return check


async def page_about(
    db: Database,
    number: str,
    *,
    neighbours: Neighbours,
    caller: Caller,
    after: str | None,
    limit: int,
    now: datetime,
) -> Page[Check]:
    """Return who checked a number, the newest first, as far as the person may know by now.

    Who may be told is the register's to say: whoever may read there who was told of the person. Raises what
    the register refuses.
    """
    await neighbours.register.may_see_disclosures(number, caller=caller)
    asked = _MARKS.sub("", number).upper()
    (before,) = place_of(after, int) or (None,)
    async with db.reading() as tx:
        found = await checks.about(tx, asked, told_by=now, before=before, limit=limit + 1)
    return pages_of(found, limit=limit)


def _second_fact(row: Row) -> SecondFact | None:
    if row.family_name is None and row.born_on is None:
        return None
    return SecondFact(family_name=row.family_name, date_of_birth=row.born_on)


def _told(row: Row, answer: LicenceAnswer) -> dict[str, Any]:
    """Return what was said of a row, under the caller's own reference and the number as it was sent."""
    fact = _second_fact(row)
    asked = {
        "reference": row.reference,
        "asked": row.number,
        "second_facts": sorted(fact.as_row()) if fact else [],
    }
    return asked | said_of(answer)


def _positions(answers: Sequence[LicenceAnswer]) -> dict[str, int]:
    known = [each.journal_position for each in answers if each.journal_position is not None]
    return {"register": max(known)} if known else {}
