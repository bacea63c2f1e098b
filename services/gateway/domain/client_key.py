"""The public keys with which a client signs its assertions."""

from collections.abc import Mapping
from typing import Any

from shared.errors import Unprocessable

MOST_KEYS = 10
LONGEST_PART = 2000
SMALLEST_RSA = 342
"""Characters of base64url in a modulus of 2048 bits."""

_PARTS = {"EC": ("crv", "x", "y"), "RSA": ("n", "e")}
_ALGORITHMS = {"EC": "ES256", "RSA": "RS256"}


class KeysNotReadable(Unprocessable):
    """A client's keys are a JWK set of 1 to 10 keys, each with its own kid, on P-256 or RSA of 2048 bits
    and more."""


class KeyIsPrivate(Unprocessable):
    """This holds a private key: it stays with the client, and only the public part is given to us."""


def checked_keys(key_set: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the public keys in a JWK set, each with what is needed of it and no more."""
    listed = key_set.get("keys")
    if not isinstance(listed, list) or not 0 < len(listed) <= MOST_KEYS:
        raise KeysNotReadable
    keys = [_checked(each) for each in listed]
    if len({key["kid"] for key in keys}) < len(keys):
        raise KeysNotReadable
    return keys


def _checked(described: object) -> dict[str, str]:
    if not isinstance(described, dict) or described.get("kty") not in _PARTS:
        raise KeysNotReadable
    if "d" in described:
        raise KeyIsPrivate
    kind = described["kty"]
    kept = {part: _text(described.get(part)) for part in ("kty", "kid", *_PARTS[kind])}
    if not kept["kid"].isprintable() or described.get("crv", "P-256") != "P-256":
        raise KeysNotReadable
    if kind == "RSA" and len(kept["n"]) < SMALLEST_RSA:
        raise KeysNotReadable
    return kept | {"use": "sig", "alg": _ALGORITHMS[kind]}


def _text(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_PART:
        raise KeysNotReadable
    return value
