"""What a resolver may reach: the loaders of its own request, who asks, and the desk where checks are made."""

from collections.abc import Callable
from dataclasses import dataclass

from services.gateway.loaders import Loaders
from services.gateway.operations.checks.checks import Notary
from shared.actor import Actor
from shared.clock import Clock
from shared.database import Database
from shared.idempotency import Once


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where checks are made: the gateway's database, what signs receipts, what makes a request idempotent."""

    db: Database
    notary: Notary
    once: Callable[..., Once]
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The surroundings of one graph request; ``by_get`` where its variables stand in an address."""

    loaders: Loaders
    actor: Actor
    desk: Desk
    by_get: bool = False
