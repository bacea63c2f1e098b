"""The evidence that bears licences: no licence says that somebody may practise when nothing bears it."""

from datetime import datetime

from services.register.domain.declaration import bearer_of, policy_of
from services.register.domain.licence import scopes_earned
from services.register.domain.membership import deciding_level
from services.register.domain.qualification import Holding
from services.register.operations.holdings import record
from services.register.storage import holdings, licence_evidence, licences, policies
from services.register.storage.licences import HeldLicence
from services.register.storage.merges import Group
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Transaction


async def bear_licences(tx: Transaction, group: Group, *, actor: Actor, now: datetime) -> bool:
    """Let each licence that has not ended rest on evidence that counts; False where one has none.

    The caller holds the lock on the person.
    """
    today = london_day(now)
    evidence = [each.holding for each in await holdings.held(tx, group.ids)]
    counting = {each.holding_id for each in evidence if each.counts}
    borne = True
    for licence in await licences.held(tx, group.ids):
        if licence.ended is not None or licence.valid_to < today:
            continue
        bearer = await _bearer(tx, group, licence, evidence, now=now)
        if bearer is None:
            borne = False
        elif licence.holding_id not in counting:
            facts = {"valid_from": licence.valid_from.isoformat(), "valid_to": licence.valid_to.isoformat()}
            moved = record("licence.evidence-changed", group.number, facts, actor, now)
            await licence_evidence.rest_on(tx, licence, holding_id=bearer, record=moved)
    return borne


async def _bearer(
    tx: Transaction, group: Group, licence: HeldLicence, evidence: list[Holding], *, now: datetime
) -> int | None:
    """Return a holding on which the licence can rest by the policy under which it was issued."""
    policy = policy_of(await policies.entry_policies(tx), licence.version.policy_version)
    day = max(london_day(now), licence.valid_from)
    return bearer_of(
        {each.scope: each.holding_id for each in scopes_earned(evidence, policy=policy)},
        level=deciding_level(evidence, policy=policy).level,
        scopes=await licences.scopes_on(tx, group.ids, day=day),
    )
