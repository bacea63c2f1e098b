"""Verifying receipts: whether one is genuine, and what has changed since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from services.gateway.domain.checks import strands
from services.gateway.domain.checks.check import CheckKind
from services.gateway.domain.checks.receipt import (
    ALGORITHM,
    LONGEST,
    TYPE,
    Difference,
    ReceiptState,
    differences,
)
from services.gateway.operations.assurance import Asks, NoSuchSchoolNumber, assure
from services.gateway.operations.checks.checks import said_of
from services.gateway.storage.checks import checks, receipt_keys
from shared.actor import Actor
from shared.database import Database
from shared.errors import NotFound, Unavailable
from shared.journal import Record

_BAD = (JoseError, ValueError, KeyError, TypeError, RecursionError)


class NoSuchReceiptKey(NotFound):
    """There is no receipt key of the name {kid} that is still trusted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Verified:
    """What can be said of a receipt, and what it says where it can be relied on."""

    state: ReceiptState
    claims: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Since:
    """What is said now, and what is different; ``now`` is None while there is no answer.

    ``unknown`` are the strands of which nothing is known now, and so not whether they have changed.
    """

    now: Mapping[str, Any] | None
    differences: Sequence[Difference] | None
    unknown: Sequence[str] = ()


async def verify(db: Database, receipt: str) -> Verified:
    """Say of a text whether it is a receipt of this gateway, whenever it was signed."""
    receipt = "".join(receipt.split())
    kid = _kid(receipt)
    if kid is None:
        return Verified(state=ReceiptState.NOT_A_RECEIPT)
    async with db.reading() as tx:
        key = await receipt_keys.find(tx, kid)
        if key is None:
            return Verified(state=ReceiptState.KEY_NOT_KNOWN)
        claims = read(receipt, [key.jwk])
        if claims is None:
            return Verified(state=ReceiptState.SIGNATURE_DOES_NOT_MATCH)
        if key.distrusted_at is None:
            return Verified(state=ReceiptState.GENUINE, claims=claims)
        recorded = await checks.find(tx, str(claims.get("jti")))
    if recorded is None or recorded.receipt != receipt:
        return Verified(state=ReceiptState.KEY_DISTRUSTED)
    return Verified(state=ReceiptState.RECORDED_ONLY, claims=claims)


async def since(claims: Mapping[str, Any], *, asks: Asks, day: date) -> Since | None:
    """Compare what a receipt says with the answer of ``day``, which is today.

    None where it does not say itself what each came to: a batch, or more strands than stand in a receipt.
    """
    try:
        if claims.get("kind") == CheckKind.ADVISER and "sub" in claims:
            now = said_of(await asks.licence(str(claims["sub"])))
            return Since(now=now, differences=differences(claims["said"], now))
        if claims.get("kind") == CheckKind.ASSURANCE and claims["said"]["strands"]:
            return await _since_assured(claims, asks=asks, day=day)
    except (Unavailable, NoSuchSchoolNumber):
        return Since(now=None, differences=None)
    return None


async def _since_assured(claims: Mapping[str, Any], *, asks: Asks, day: date) -> Since:
    asked = {name: claims["asked"][name] for name in ("school", "adviser", "provider")}
    found = await assure(asks, day=day, **asked)
    now = [
        {"strand": each.strand.value, "subject": each.subject, "holds": each.holds.value, "word": each.word}
        for each in found.strands
    ]
    school, named = asked["school"], None not in (asked["adviser"], asked["provider"])
    answered = school is None or named or await _answers_for(asks, school)
    then = claims["said"]["strands"]
    changed, unknown = strands.since(then, now, school=school, school_answered=answered)
    told = {"overall": found.overall.value, "assurance_policy": found.policy.version, "strands": now}
    return Since(now=told, differences=changed, unknown=unknown)


async def _answers_for(asks: Asks, school: str) -> bool:
    """Say whether it is known who works at a school."""
    try:
        await asks.posts_at(school)
    except Unavailable:
        return False
    return True


async def published(db: Database) -> dict[str, Any]:
    """Return every public key that a receipt was ever signed with, and which are no longer trusted."""
    async with db.reading() as tx:
        keys = await receipt_keys.list_all(tx)
    return {
        "keys": [dict(key.jwk) for key in keys],
        "distrusted": [key.jwk["kid"] for key in keys if key.distrusted_at is not None],
    }


async def distrust(db: Database, *, kid: str, actor: Actor, now: datetime) -> None:
    """Trust a key no longer, because somebody saw it; raises NoSuchReceiptKey.

    Receipts that it signed are then good only where our own record holds them.
    """
    record = Record(actor=actor, at=now, event="receipt-key.distrusted", subject=f"key:{kid}", facts={})
    async with db.transaction(actor) as tx:
        if not await receipt_keys.distrust(tx, kid, at=now, record=record):
            raise NoSuchReceiptKey(kid=kid)


def offline(receipt: str, published: Mapping[str, Any]) -> Verified:
    """Say of a receipt what the published keys alone can say, without the gateway or a network."""
    receipt = "".join(receipt.split())
    kid = _kid(receipt)
    if kid is None:
        return Verified(state=ReceiptState.NOT_A_RECEIPT)
    keys = [key for key in published["keys"] if key.get("kid") == kid]
    if not keys:
        return Verified(state=ReceiptState.KEY_NOT_KNOWN)
    claims = read(receipt, keys)
    if claims is None:
        return Verified(state=ReceiptState.SIGNATURE_DOES_NOT_MATCH)
    if kid in published.get("distrusted", ()):
        return Verified(state=ReceiptState.KEY_DISTRUSTED)
    return Verified(state=ReceiptState.GENUINE, claims=claims)


def read(receipt: str, keys: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return what a receipt says, or None where these keys did not sign it."""
    try:
        key_set = KeySet([ECKey.import_key(dict(key)) for key in keys])
        return jwt.decode(receipt, key_set, algorithms=[ALGORITHM]).claims
    except _BAD:
        return None


def _kid(receipt: str) -> str | None:
    """Return which key a receipt names, or None where it is none."""
    if len(receipt) > LONGEST or receipt.count(".") != 2 or not receipt.isascii():
        return None
    try:
        header = jws.extract_compact(receipt.encode()).headers()
    except _BAD:
        return None
    kid = header.get("kid")
    is_ours = header.get("typ") == TYPE and header.get("alg") == ALGORITHM
    return kid if is_ours and isinstance(kid, str) and kid else None
