"""What becomes of a licence when the record that bore it turns out to be another person's."""

from datetime import datetime

from services.register.domain.sanction import SanctionKind
from services.register.operations.bearing_evidence import bear_licences
from services.register.operations.evidence import EXAMINED_AGAIN
from services.register.operations.sanctions import impose_within
from services.register.storage.matching import foreign_evidence
from services.register.storage.merges import Group
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Transaction


async def bear_alone(tx: Transaction, group: Group, merge_id: int, *, actor: Actor, now: datetime) -> None:
    """Let each licence that has not ended rest on the person's own evidence, or suspend its holder.

    The caller holds the lock on the person and republishes their public entry afterwards.
    """
    today = london_day(now)
    foreign = await foreign_evidence.admitted_for_another(tx, group.ids, day=today)
    if not foreign and await bear_licences(tx, group, actor=actor, now=now):
        return
    await impose_within(
        tx,
        person_id=group.kept_id,
        number=group.number,
        kind=SanctionKind.INTERIM_SUSPENSION,
        public_reason=EXAMINED_AGAIN,
        internal_reason=f"Merge {merge_id} was undone, and the licence rests on what is another person’s.",
        conditions=None,
        valid_from=today,
        valid_to=None,
        actor=actor,
        now=now,
    )
