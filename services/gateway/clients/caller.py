"""In whose name a neighbour is asked."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whoever asked the gateway: their own token and the id of their request go along; nothing is added.

    ``until`` is when their time is over, in seconds of the monotonic clock; ``asked`` collects the services
    that were asked for them, by name.
    """

    authorization: str | None = None
    request_id: str | None = None
    until: float | None = None
    asked: dict[str, Any] = field(default_factory=dict, compare=False)
