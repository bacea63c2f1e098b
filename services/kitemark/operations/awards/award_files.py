"""A file of awards: each row brought up to what it tells, some hundreds in one transaction.

A file that is stopped in the middle is sent again: what was written by then is found unchanged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.kitemark.operations.awards.awards import (
    AwardTwiceInBatch,
    Item,
    Teller,
    settled,
    teller_of,
    write,
)
from services.kitemark.operations.awards.records import own_body
from services.kitemark.storage.awards import awards
from services.kitemark.storage.awards.awards import HeldAward
from shared.actor import Actor
from shared.database import Database, Transaction
from shared.errors import Refusal

ROWS_AT_ONCE = 200


class RowOutcome(StrEnum):
    """What became of a row."""

    RECORDED = "recorded"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class RowResult:
    """What became of one row, and why it was refused if it was."""

    award_id: str
    outcome: RowOutcome
    refusal: Refusal | None = None


async def take(
    db: Database, *, items: Sequence[Item], dry_run: bool, actor: Actor, now: datetime
) -> list[RowResult]:
    """Bring the caller's awards up to what the rows tell, and return what each came to, in order.

    A row that is refused leaves the others as they would be; the same file again changes nothing. A dry run
    says what would be and writes nothing.
    """
    body = own_body(actor)
    results: list[RowResult] = []
    seen: set[str] = set()
    for start in range(0, len(items), ROWS_AT_ONCE):
        chunk = items[start : start + ROWS_AT_ONCE]
        async with db.transaction(actor) as tx:
            teller = await teller_of(tx, actor, now=now)
            ids = [each.external_id for each in chunk]
            await awards.hold(tx, [f"{body}/{each}" for each in ids])
            known = await awards.many(tx, body, ids)
            for item in chunk:
                standing = known.get(item.external_id)
                repeated = item.external_id in seen
                seen.add(item.external_id)
                results.append(await _row(tx, teller, item, standing, repeated=repeated, dry_run=dry_run))
    return results


async def _row(
    tx: Transaction,
    teller: Teller,
    item: Item,
    standing: HeldAward | None,
    *,
    repeated: bool,
    dry_run: bool,
) -> RowResult:
    """Write one row. A refusal comes before its write, so it can be kept while others go on."""
    try:
        if isinstance(item.told, Refusal):
            raise item.told
        if repeated:
            raise AwardTwiceInBatch
        award = await settled(tx, teller, item.told, standing)
    except Refusal as refusal:
        return RowResult(award_id=item.external_id, outcome=RowOutcome.REFUSED, refusal=refusal)
    if award is None:
        return RowResult(award_id=item.external_id, outcome=RowOutcome.UNCHANGED)
    if not dry_run:
        await write(tx, teller, award, standing)
    outcome = RowOutcome.RECORDED if standing is None else RowOutcome.CHANGED
    return RowResult(award_id=item.external_id, outcome=outcome)
