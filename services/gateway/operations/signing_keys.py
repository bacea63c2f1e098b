"""Signing tokens with the gateway's keys, publishing them, and putting a new one in their place."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from services.gateway.domain.access_token import TYPE
from services.gateway.domain.credentials import DevelopmentKeysInProduction
from services.gateway.domain.signing_key import (
    DEVELOPMENT,
    KeysNotUsable,
    SigningKey,
    published,
    rotated,
    signing,
)
from services.gateway.storage import signing_keys

ALGORITHM = "ES256"
_PUBLIC = ("kty", "crv", "x", "y")

log = structlog.get_logger("signing-keys")


class Keys:
    """The keys in the file, read again whenever it is replaced.

    A file that cannot be used leaves the keys that were read before in force, and says so in the log.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._version = signing_keys.version(path)
        self._keys = _usable(path)
        self._signer: tuple[SigningKey, ECKey] | None = None

    def sign(self, claims: Mapping[str, Any], *, now: datetime, as_type: str = TYPE) -> str:
        """Return these claims signed: an access token, or what ``as_type`` says that it is."""
        key = signing(self._current(), now=now)
        if self._signer is None or self._signer[0] is not key:
            self._signer = key, ECKey.import_key(dict(key.jwk))
        header = {"alg": ALGORITHM, "typ": as_type, "kid": key.kid}
        return jwt.encode(header, dict(claims), self._signer[1], algorithms=[ALGORITHM])

    def signing_jwk(self, *, now: datetime) -> dict[str, Any]:
        """Return the public part of the key that signs."""
        return _public(signing(self._current(), now=now))

    def publish(self, *, now: datetime) -> dict[str, Any]:
        """Return the JWK set to be published: the public parts of the keys in use."""
        return {"keys": [_public(key) for key in published(self._current(), now=now)]}

    def read(self, token: str, *, now: datetime) -> Mapping[str, Any] | None:
        """Return the claims of a token that was signed here, or None."""
        keys = KeySet([ECKey.import_key(_public(key)) for key in published(self._current(), now=now)])
        try:
            read = jwt.decode(token, keys, algorithms=[ALGORITHM])
            return read.claims if read.header.get("typ") == TYPE else None
        except (JoseError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def refuse_development(self) -> None:
        """Raise DevelopmentKeysInProduction where a key was made for one's own machine."""
        kids = [key.kid for key in self._current() if key.is_for_development]
        if kids:
            raise DevelopmentKeysInProduction(kids)

    def _current(self) -> list[SigningKey]:
        try:
            version = signing_keys.version(self._path)
            if version != self._version:
                self._version = version
                self._keys = _usable(self._path)
        except KeysNotUsable as fault:
            log.error("signing keys not read again", why=str(fault))
        return self._keys


def rotate(path: Path, *, at_once: bool, development: bool = False, now: datetime) -> str:
    """Put a new key first in the file, making the file where there is none, and return its name.

    It signs once everyone has had time to fetch it; ``at_once`` makes it the only key, for when the others
    were seen by somebody.
    """
    with signing_keys.locked(path):
        keys = signing_keys.read(path) if path.exists() and not at_once else []
        name = DEVELOPMENT if development else f"{now:%Y-%m-%d}-"
        kid = name + secrets.token_hex(4)
        new = ECKey.generate_key("P-256").as_dict(private=True)
        jwk = {part: str(new[part]) for part in (*_PUBLIC, "d")}
        signing_keys.replace(path, rotated(keys, jwk, kid=kid, at_once=at_once, now=now))
    return kid


def _usable(path: Path) -> list[SigningKey]:
    keys = signing_keys.read(path)
    try:
        for key in keys:
            imported = ECKey.import_key(dict(key.jwk))
            if imported.curve_name != "P-256" or not imported.is_private:
                raise ValueError("not a key for ES256")
    except (JoseError, ValueError, KeyError, TypeError):
        raise KeysNotUsable(f"{path.name} holds a key that is not a private one on P-256") from None
    return keys


def _public(key: SigningKey) -> dict[str, Any]:
    return {part: key.jwk[part] for part in _PUBLIC} | {"kid": key.kid, "use": "sig", "alg": ALGORITHM}
