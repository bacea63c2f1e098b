"""Contact details of members: each association's own, even where two have the same person.

The database lets nobody change those of another association.
"""

from collections.abc import Iterable

from sqlalchemy import func, select, update

from services.register.domain.member import Contact, NoSuchMember
from services.register.storage.tables import member_ids
from shared.database import Transaction
from shared.journal import Record


async def of_members(tx: Transaction, association: str, names: Iterable[str]) -> dict[str, Contact]:
    """Return the contact details of those of an association's member ids that are known."""
    rows = await tx.rows(
        select(member_ids.c.member_id, member_ids.c.email, member_ids.c.telephone).where(
            member_ids.c.association == association, member_ids.c.member_id == func.any(list(names))
        )
    )
    return {row.member_id: Contact(email=row.email, telephone=row.telephone) for row in rows}


async def change(
    tx: Transaction, association: str, member_id: str, contact: Contact, *, record: Record
) -> None:
    """Write other contact details of one member; raises NoSuchMember where it is not the writer's own."""
    written = await tx.execute(
        update(member_ids)
        .where(member_ids.c.association == association, member_ids.c.member_id == member_id)
        .values(email=contact.email, telephone=contact.telephone)
    )
    if not written:
        raise NoSuchMember
    tx.record(record)
