"""Licences that rest on what is another person's since two records were parted."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select

from services.register.storage.facts import as_known
from services.register.storage.tables import applications, licences
from shared.database import Transaction


async def admitted_for_another(tx: Transaction, person_ids: Sequence[int], *, day: date) -> bool:
    """Tell whether somebody else applied for a licence of these rows that stands on the day or later."""
    found = await tx.rows(
        select(licences.c.id)
        .join(applications, applications.c.id == licences.c.application_id)
        .where(
            as_known(licences, None),
            licences.c.person_id.in_(person_ids),
            licences.c.ended.is_(None),
            func.upper(licences.c.valid) > day,
            applications.c.person_id.not_in(person_ids),
        )
        .limit(1)
    )
    return bool(found)
