"""The log of disclosures: appended to, read by the number that it is about, and never changed.

It is the account of what was read, as the journal is of what was changed: so no record is asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from services.register.domain.rights.disclosure import Purpose, RecipientKind, kind_of
from services.register.storage.rights.tables import disclosures
from shared.database import Transaction
from shared.disclosures import Disclosed

APPEND = """
INSERT INTO disclosures (at, recipient, recipient_kind, client_id, association, urn, about, fields,
    purpose, operation)
SELECT $1, $2, $3, $4, $5, $6, about, string_to_array(fields, ','), $7, $8
FROM unnest($9::text[], $10::text[]) WITH ORDINALITY AS given (about, fields, place) ORDER BY place
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptDisclosure:
    """One line: who was told what of whom, what for and when; None is what a reader may not know."""

    id: int
    at: datetime
    recipient: str | None
    recipient_kind: RecipientKind
    client_id: str | None
    association: str | None
    urn: str | None
    about: str
    fields: tuple[str, ...]
    purpose: Purpose | None
    operation: str | None


async def append(tx: Transaction, disclosed: Disclosed) -> None:
    """Write a line for each person whom an answer tells of, with one statement."""
    who = disclosed.actor
    await tx.driver.execute(
        APPEND,
        disclosed.at,
        who.subject,
        kind_of(who).value,
        who.client_id,
        who.association,
        who.urn,
        disclosed.purpose,
        disclosed.operation,
        [each.about for each in disclosed.disclosures],
        [",".join(each.fields) for each in disclosed.disclosures],
    )


async def page(
    tx: Transaction, numbers: Sequence[str], *, before: int | None, limit: int
) -> Sequence[KeptDisclosure]:
    """Return what was disclosed of these numbers, newest first."""
    chosen = select(disclosures).where(disclosures.c.about == func.any(list(numbers)))
    if before is not None:
        chosen = chosen.where(disclosures.c.id < before)
    return [_kept(row) for row in await tx.rows(chosen.order_by(disclosures.c.id.desc()).limit(limit))]


def _kept(row: Row[Any]) -> KeptDisclosure:
    held = dict(row._mapping)
    return KeptDisclosure(
        **held
        | {
            "fields": tuple(row.fields),
            "purpose": Purpose(row.purpose),
            "recipient_kind": RecipientKind(row.recipient_kind),
        }
    )
