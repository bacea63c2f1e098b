"""What policing goes by: its terms on a day, and who may not judge whom."""

from datetime import date

from services.kitemark.domain.policing.moderation import Tie, ties_of
from services.kitemark.domain.policing.policy import PolicingPolicy, policy_on, read_policy
from services.kitemark.operations.awards.records import schemes
from services.kitemark.storage import reference
from services.kitemark.storage.awards import standings
from shared.database import Transaction


async def terms(tx: Transaction, day: date) -> PolicingPolicy:
    """Return the terms in force on a day."""
    entries = await reference.bodies(tx, "policing_policies")
    return policy_on([read_policy(each) for each in entries], day)


async def terms_of(tx: Transaction, version: str) -> PolicingPolicy:
    """Return the terms of a version that was in force when something began."""
    entries = await reference.bodies(tx, "policing_policies")
    return next(read_policy(each) for each in entries if each["code"] == version)


async def ties(tx: Transaction, body: str, day: date) -> tuple[str, ...]:
    """Return the bodies that may not judge a body on a day."""
    declared = [
        Tie(one=each["one"], other=each["other"], first=date.fromisoformat(each["effective_from"]))
        for each in await reference.bodies(tx, "body_ties")
    ]
    known = await standings.all_authorities(tx, known_at=None)
    return ties_of(
        body,
        schemes=(await schemes(tx)).values(),
        authorities=[each.span for each in known],
        declared=declared,
        day=day,
    )
