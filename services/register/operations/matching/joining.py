"""Two people who were found to be one joined under one number, as part of a larger step."""

from collections.abc import Collection, Sequence
from datetime import datetime

from services.register.domain.matching.joining import Survivor
from services.register.domain.merging import Party, keep
from services.register.operations.alerts.raising import tell_of_standing
from services.register.operations.licences import lapse_within
from services.register.operations.public_entries import republish
from services.register.storage import licences, merges, policies, register_entries
from services.register.storage.merges import Group
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Transaction
from shared.journal import Record


async def join(
    tx: Transaction,
    groups: Sequence[Group],
    *,
    kept_number: str | None,
    reason: str,
    survives: Collection[Survivor] = (),
    actor: Actor,
    now: datetime,
) -> int:
    """Let one person's number lead to the other's from today on, and return the merge; both are locked."""
    first, second = [await _party(tx, group, actor=actor, now=now) for group in groups]
    kept, retired = keep(first, second, wanted=kept_number)
    merge_id = await merges.merge(
        tx,
        person_id=retired.person_id,
        kept_person_id=kept.person_id,
        reason=reason,
        survives=[each.value for each in Survivor if each in survives],
        record=Record(
            actor=actor,
            at=await merges.after_all(tx, retired.person_id, now),
            event="people.merged",
            subject=retired.number,
            facts={"kept_number": kept.number},
        ),
    )
    everyone = [each for group in groups for each in group.ids]
    await tell_of_standing(tx, everyone, association=None, actor=actor, now=now)
    await republish(tx, everyone, now=now)
    return merge_id


async def _party(tx: Transaction, group: Group, *, actor: Actor, now: datetime) -> Party:
    today = london_day(now)
    await lapse_within(tx, group, known=await policies.licence_policies(tx), actor=actor, now=now)
    entries = await register_entries.held(tx, group.ids)
    return Party(
        person_id=group.kept_id,
        number=group.number,
        on_register=any(each.on_register and each.stands(today) for each in entries),
        licensed=any(each.in_force(today) for each in await licences.held(tx, group.ids)),
    )
