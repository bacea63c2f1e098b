"""The holding on which a licence rests, where that has to change."""

from services.register.storage.facts import correct_fact
from services.register.storage.licences import HeldLicence
from services.register.storage.tables import licences
from shared.database import Transaction
from shared.journal import Record


async def rest_on(tx: Transaction, licence: HeldLicence, *, holding_id: int, record: Record) -> None:
    """Let a licence rest on another holding of the same person, for the same days."""
    await correct_fact(tx, licences, licence.version, holding_id=holding_id, record=record)
