"""What awards are judged by, read in one place: schemes, validations, authorities, policies."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from services.kitemark.domain.awards.award import BodyMissing
from services.kitemark.domain.awards.mark import Lapse, MarkPolicy, Rules
from services.kitemark.domain.awards.scheme import Scheme, read_scheme
from services.kitemark.storage import reference as entries
from services.kitemark.storage.awards import standings
from shared.actor import Actor
from shared.database import Transaction


async def rules(tx: Transaction, *, known_at: datetime | None) -> Rules:
    """Return everything that awards are judged by, as it was known; four short questions."""
    return Rules(
        schemes=await schemes(tx),
        validations=[each.span for each in await standings.all_validations(tx, known_at=known_at)],
        authorities=[each.span for each in await standings.all_authorities(tx, known_at=known_at)],
        policies=await policies(tx),
    )


async def schemes(tx: Transaction) -> Mapping[str, Scheme]:
    """Return every scheme by its code."""
    return {each["code"]: read_scheme(each) for each in await entries.bodies(tx, "schemes")}


async def policies(tx: Transaction) -> Sequence[MarkPolicy]:
    """Return every version of the rule for what lapses."""
    return [_policy(each) for each in await entries.bodies(tx, "mark_policies")]


def own_body(actor: Actor) -> str:
    """Return the body for which the caller speaks; raises BodyMissing."""
    if actor.body is None:
        raise BodyMissing
    return actor.body


def _policy(entry: Mapping[str, Any]) -> MarkPolicy:
    return MarkPolicy(
        version=entry["code"],
        effective_from=date.fromisoformat(entry["effective_from"]),
        lapse=Lapse(entry["lapse"]),
        follows=tuple(entry["follows"]),
        source=entry["source"]["ref"],
    )
