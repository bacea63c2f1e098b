"""The policies of a person's rights that are in force on a day."""

from datetime import date

from services.register.domain.policy import in_force
from services.register.domain.rights.policy import (
    JoiningPolicy,
    RetentionPolicy,
    parse_joining_policy,
    parse_retention_policy,
)
from services.register.storage import reference
from shared.database import Transaction


async def retention(tx: Transaction, day: date) -> RetentionPolicy:
    """Return how long each class of record is kept; raises NoPolicyInForce."""
    listed = await reference.bodies(tx, "retention_policies")
    return in_force([parse_retention_policy(each["policy"]) for each in listed], day)


async def joining(tx: Transaction, day: date) -> JoiningPolicy:
    """Return how many refused attempts to join are taken in a day; raises NoPolicyInForce."""
    listed = await reference.bodies(tx, "joining_policies")
    return in_force([parse_joining_policy(each["policy"]) for each in listed], day)
