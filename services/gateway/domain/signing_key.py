"""Which key signs and which are published: one is announced before it signs and outlives its tokens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.gateway.domain.access_token import LIFE

CACHED = timedelta(minutes=5)
"""For how long others may keep the published keys."""
ANNOUNCED = 2 * CACHED
"""How long a new key is published before it signs, so that everyone has it by then."""
OVERLAP = 2 * LIFE + CACHED
"""How long a key is published after another took over."""
DEVELOPMENT = "dev-"
"""How the name of a key begins that was made for one's own machine."""


class KeysNotUsable(Exception):
    """The file of signing keys cannot be used: {reason}. Make one with the command `keys rotate`."""

    def __init__(self, reason: str) -> None:
        super().__init__((self.__doc__ or "").format(reason=reason))


@dataclass(frozen=True, kw_only=True)
class SigningKey:
    """A private key as it stands in the file, and the instant from which it signs (seconds since 1970)."""

    kid: str
    signs_from: int
    jwk: Mapping[str, str] = field(repr=False)

    @property
    def is_for_development(self) -> bool:
        """Say whether it was made for one's own machine."""
        return self.kid.startswith(DEVELOPMENT)


def signing(keys: Sequence[SigningKey], *, now: datetime) -> SigningKey:
    """Return the key that signs: the newest whose time has come. Keys are in order, the newest first."""
    ready = [key for key in keys if key.signs_from <= now.timestamp()]
    return ready[0] if ready else keys[-1]


def published(keys: Sequence[SigningKey], *, now: datetime) -> list[SigningKey]:
    """Return the keys that tokens in use may be signed with, now or soon."""
    gone = (now - OVERLAP).timestamp()
    successors = [None, *keys[:-1]]
    return [
        key
        for key, successor in zip(keys, successors, strict=True)
        if successor is None or successor.signs_from > gone
    ]


def rotated(
    keys: Sequence[SigningKey], new: Mapping[str, str], *, kid: str, at_once: bool, now: datetime
) -> list[SigningKey]:
    """Return the keys with a new one first.

    ``at_once`` is for keys that were seen by others: the new key signs from now on and all others go.
    """
    begins = now if at_once or not keys else now + ANNOUNCED
    first = SigningKey(kid=kid, signs_from=int(begins.timestamp()), jwk=new)
    return [first] if at_once else [first, *published(keys, now=now)]
