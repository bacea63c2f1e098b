"""In whose name a neighbour is asked."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whoever asked the gateway: their own token and the id of their request go along; nothing is added."""

    authorization: str | None = None
    request_id: str | None = None
