"""The file of signing keys: a private JWK set that nobody else may read and that is never half written."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from services.gateway.domain.signing_key import KeysNotUsable, SigningKey

Version = tuple[int, int, int]


def version(path: Path) -> Version:
    """Return what changes whenever the file is replaced or written."""
    try:
        found = path.stat()
    except OSError as fault:
        raise KeysNotUsable(f"{path.name}: {fault.strerror}") from fault
    return found.st_ino, found.st_mtime_ns, found.st_size


def read(path: Path) -> list[SigningKey]:
    """Return the keys in the file, in order, at least one; raises KeysNotUsable."""
    try:
        found = json.loads(path.read_text())
        keys = [_key(each) for each in found["keys"]]
    except OSError as fault:
        raise KeysNotUsable(f"{path.name}: {fault.strerror}") from fault
    except (ValueError, KeyError, TypeError):
        raise KeysNotUsable(f"{path.name} is not a set of private keys") from None
    if not keys or len({key.kid for key in keys}) < len(keys):
        raise KeysNotUsable(f"{path.name} holds no key, or two of one name")
    return keys


def replace(path: Path, keys: Sequence[SigningKey]) -> None:
    """Write the keys in place of those in the file, in one step; whose the file is stays as it was."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    content = {"keys": [{**key.jwk, "kid": key.kid, "signs_from": key.signs_from} for key in keys]}
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        if path.exists():  # it may be the account that the gateway runs under, and not the one that rotates
            os.fchown(stream.fileno(), path.stat().st_uid, path.stat().st_gid)
        json.dump(content, stream, indent=2)
        stream.write("\n")
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep other commands from replacing the file meanwhile."""
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _key(described: Mapping[str, Any]) -> SigningKey:
    kid, signs_from = described["kid"], described.get("signs_from", 0)
    if not isinstance(kid, str) or not isinstance(signs_from, int) or "d" not in described:
        raise ValueError("not a private key")
    jwk = {name: value for name, value in described.items() if name not in ("kid", "signs_from")}
    return SigningKey(kid=kid, signs_from=signs_from, jwk=jwk)
