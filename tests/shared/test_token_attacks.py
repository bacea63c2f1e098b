"""Whom a service believes: every way to forge, bend or outlive an access token is tried on the verifier."""

import base64
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jws, jwt
from joserfc.jwk import RSAKey

from shared.tokens import (
    LEEWAY_SECONDS,
    TokenNotValid,
)
from tests.shared.issuers import HEADER, HOME, KEY, NOW, Issuer, claims, ec_key, signed


def b64(content: bytes) -> str:
    """Encode one part of a token."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def raw(header: bytes, payload: bytes, signature: bytes = b"x" * 64) -> str:
    """Return a token of any bytes."""
    return ".".join(b64(part) for part in (header, payload, signature))


def resigned(payload: bytes) -> str:
    """Return a token over any payload, with a signature that is good."""
    return str(jws.serialize_compact(dict(HEADER), payload, KEY, algorithms=["ES256"]))


def without_signature(token: str) -> str:
    """Return the token with an empty signature."""
    return token.rsplit(".", 1)[0] + "."


def tampered(token: str) -> str:
    """Return the token with another subject under the same signature."""
    header, _, signature = token.split(".")
    return f"{header}.{b64(json.dumps(claims(sub='registrar-1')).encode())}.{signature}"


def by_shared_secret(secret: bytes) -> str:
    """Return a token signed with a published key taken for a shared secret: the confusion of algorithms."""
    signed_part = raw(header_json(alg="HS256"), GOOD_PAYLOAD).rsplit(".", 1)[0]
    return f"{signed_part}.{b64(hmac.digest(secret, signed_part.encode(), 'sha256'))}"


def header_json(**changed: Any) -> bytes:
    """Return a header as JSON."""
    return json.dumps(HEADER | changed).encode()


GOOD_PAYLOAD = json.dumps(claims()).encode()
DEEP = b"[" * 3000 + b"]" * 3000

ATTACKS: dict[str, Callable[[], str]] = {
    "alg none": lambda: raw(header_json(alg="none"), GOOD_PAYLOAD, b"") + "AA",
    "alg none, no signature": lambda: without_signature(raw(header_json(alg="none"), GOOD_PAYLOAD)),
    "alg None in capitals": lambda: raw(header_json(alg="NONE"), GOOD_PAYLOAD),
    "alg of another type": lambda: raw(header_json(alg=["ES256"]), GOOD_PAYLOAD),
    "alg missing": lambda: raw(b'{"typ":"at+jwt","kid":"k1"}', GOOD_PAYLOAD),
    "HS256 with the public key": lambda: by_shared_secret(KEY.as_pem(private=False)),
    "HS256 with the public key as DER": lambda: by_shared_secret(KEY.as_der(private=False)),
    "HS256 with nothing": lambda: by_shared_secret(b""),
    "RS256 with another's key": lambda: signed({"alg": "RS256"}, key=RSAKey.generate_key(2048)),
    "ES384 key under the same name": lambda: signed({"alg": "ES384"}, key=ec_key(curve="P-384")),
    "another's key under the same name": lambda: signed(key=ec_key()),
    "a name of no key": lambda: signed({"kid": "k2"}),
    "a key's name that is a number": lambda: raw(header_json(kid=1), GOOD_PAYLOAD),
    "a key's name that is a list": lambda: raw(header_json(kid=["k1"]), GOOD_PAYLOAD),
    "no name of a key": lambda: raw(b'{"alg":"ES256","typ":"at+jwt"}', GOOD_PAYLOAD),
    "a key in the header": lambda: signed(
        {"kid": "own", "jwk": (own := ec_key("own")).as_dict(private=False)}, key=own
    ),
    "an address of keys in the header": lambda: signed({"jku": "https://evil.test/keys"}, key=ec_key()),
    "a critical extension": lambda: signed({"crit": ["b64"], "b64": True}),
    "not an access token": lambda: signed({"typ": "JWT"}),
    "an ID token": lambda: signed({"typ": "id+jwt"}),
    "no type": lambda: jwt.encode(
        {"alg": "ES256", "kid": "k1"}, claims(), KEY, algorithms=["ES256"], default_type=None
    ),
    "another issuer": lambda: signed(iss="https://evil.test"),
    "another issuer, almost ours": lambda: signed(iss=HOME + "/"),
    "no issuer": lambda: signed(iss=None),
    "a list of issuers": lambda: signed(iss=[HOME]),
    "another audience": lambda: signed(aud="them"),
    "several audiences without ours": lambda: signed(aud=["them", "others"]),
    "no audience": lambda: signed(aud=None),
    "an audience that is an object": lambda: signed(aud={"us": 1}),
    "expired": lambda: signed(exp=NOW - LEEWAY_SECONDS),
    "not yet good": lambda: signed(nbf=NOW + LEEWAY_SECONDS + 1),
    "no end": lambda: signed(exp=None),
    "an end as text": lambda: signed(exp=str(NOW + 100)),
    "an end as a fraction": lambda: signed(exp=NOW + 100.5),
    "an end as a truth": lambda: signed(exp=True),
    "an infinite end": lambda: resigned(json.dumps(claims(exp=float("inf"))).encode()),
    "an end that is no number": lambda: resigned(json.dumps(claims(exp=float("nan"))).encode()),
    "an end of 5,000 digits": lambda: resigned(
        json.dumps(claims(exp=1)).encode().replace(b'"exp": 1', b'"exp": ' + b"9" * 5000)
    ),
    "no time of issue": lambda: signed(iat=None),
    "no id": lambda: signed(jti=None),
    "an empty id": lambda: signed(jti=""),
    "an id that is a list": lambda: signed(jti=["t1"]),
    "no subject": lambda: signed(sub=None),
    "a subject that is a number": lambda: signed(sub=7),
    "a subject of 300 characters": lambda: signed(sub="x" * 300),
    "a subject with NUL": lambda: signed(sub="someone\x00"),
    "a subject with a lone surrogate": lambda: resigned(json.dumps(claims(sub="\ud800")).encode()),
    "a subject that is ours": lambda: signed(sub="system:gateway"),
    "the subject of those without a token": lambda: signed(sub="anyone"),
    "no client": lambda: signed(client_id=None),
    "a client that is an object": lambda: signed(client_id={"a": 1}),
    "an association with NUL": lambda: signed(association="ICG\x00"),
    "an association that is a list": lambda: signed(association=["ICG", "ACEG"]),
    "an empty association": lambda: signed(association=""),
    "claims that are a list": lambda: resigned(b"[]"),
    "claims that are null": lambda: resigned(b"null"),
    "claims that are text": lambda: resigned(b'"iss"'),
    "claims that are not JSON": lambda: resigned(b"{"),
    "claims in broken UTF-8": lambda: resigned(b'{"iss": "\xff"}'),
    "deep claims": lambda: raw(header_json(), DEEP),
    "a deep header": lambda: raw(DEEP, GOOD_PAYLOAD),
    "a header that is a list": lambda: raw(b"[]", GOOD_PAYLOAD),
    "a changed subject": lambda: tampered(signed()),
    "no signature": lambda: without_signature(signed()),
    "a signature of zeros": lambda: raw(header_json(), GOOD_PAYLOAD, bytes(64)),
    "half a signature": lambda: signed()[:-40],
    "four parts": lambda: signed() + ".AAAA",
    "two parts": lambda: signed().rsplit(".", 1)[0],
    "five parts, as if encrypted": lambda: "AAAA.AAAA.AAAA.AAAA.AAAA",
    "10,000 characters": lambda: signed(more="x" * 7000),
    "10,000 characters of nothing": lambda: "A" * 10_000,
    "padding": lambda: signed() + "=",
    "spaces inside": lambda: signed().replace(".", ". "),
    "a second token": lambda: signed() + ", Bearer " + signed(),
    "a line break": lambda: signed() + "\n",
    "NUL": lambda: signed() + "\x00",
    "letters that are not ASCII": lambda: "é" + signed(),
    "digits that are not ASCII": lambda: signed() + "１",
    "junk inside base64, which some decoders skip": lambda: "!" + signed(),
    "dots only": lambda: "..",
}


@pytest.mark.parametrize("attack", ATTACKS)
async def test_no_forged_or_bent_token_is_believed(attack: str) -> None:
    with pytest.raises(TokenNotValid):
        await Issuer().verifier().actor(f"Bearer {ATTACKS[attack]()}", now=NOW)
