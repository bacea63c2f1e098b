"""Clients that sign for themselves (private_key_jwt): what is taken as their signature, and what is not."""

import asyncio
import base64
import json
from typing import Any

import pytest

from services.gateway.operations import clients
from tests.gateway.make import (
    ISSUER,
    OPERATOR,
    Gateway,
    assertion,
    private_key,
    refused,
)

GRANT = {"grant_type": "client_credentials"}


@pytest.mark.parametrize("kind", ["EC", "RSA"])
@pytest.mark.parametrize("audience", [ISSUER, f"{ISSUER}/oauth/token", [ISSUER]])
async def test_a_client_may_sign_for_itself(gateway: Gateway, kind: str, audience: Any) -> None:
    client_id, key = await with_key(gateway, kind=kind)
    answer = await gateway.post("/oauth/token", assertion(client_id, key, gateway.clock, aud=audience))
    assert answer.status_code == 200, answer.text
    assert (await gateway.actor(answer.json()["access_token"])).client_id == client_id


async def with_key(gateway: Gateway, *, kind: str = "EC") -> tuple[str, Any]:
    """Make a client that signs for itself and return its id and its key."""
    client_id, _ = await gateway.client()
    key = private_key(kind=kind)
    await clients.set_keys(
        gateway.db,
        client_id=client_id,
        key_set={"keys": [key.as_dict(private=False)]},
        drop_secret=True,
        actor=OPERATOR,
        now=gateway.clock(),
    )
    return client_id, key


async def test_an_assertion_is_taken_once_however_many_come_at_the_same_moment(gateway: Gateway) -> None:
    client_id, key = await with_key(gateway)
    form = assertion(client_id, key, gateway.clock)
    answers = await asyncio.gather(*(gateway.post("/oauth/token", form) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 7


AT = 1795253400  # 9:30 on 21 November 2026

BENT: dict[str, dict[str, Any]] = {
    "for another": {"aud": "https://evil.test"},
    "for us and another": {"aud": [ISSUER, "https://evil.test"]},
    "for nobody": {"aud": None},
    "for an object": {"aud": {"a": 1}},
    "by another": {"iss": "nobody"},
    "about another": {"sub": "nobody"},
    "about a number": {"sub": 1, "iss": 1},
    "without an id": {"jti": None},
    "with an empty id": {"jti": ""},
    "with NUL as its id": {"jti": "\x00"},
    "with a long id": {"jti": "x" * 201},
    "without an end": {"exp": None},
    "with an end as text": {"exp": "2999"},
    "with an end as a truth": {"exp": True},
    "expired": {"exp": AT},
    "good for six minutes": {"exp": AT + 360},
    "good for ever": {"exp": 2**62},
    "not yet good": {"nbf": AT + 60},
    "from the future": {"iat": AT + 60},
    "by a key of no such name": {"header": {"kid": "own-2"}},
    "with a critical extension": {"header": {"crit": ["b64"], "b64": True}},
}


@pytest.mark.parametrize("bent", BENT)
async def test_a_bent_assertion_is_refused(gateway: Gateway, bent: str) -> None:
    client_id, key = await with_key(gateway)
    assert gateway.clock().timestamp() == AT
    answer = await gateway.post("/oauth/token", assertion(client_id, key, gateway.clock, **BENT[bent]))
    refused(answer, 401, "invalid_client")


async def test_an_assertion_by_another_key_is_refused(gateway: Gateway) -> None:
    client_id, _ = await with_key(gateway)
    form = assertion(client_id, private_key(), gateway.clock)
    refused(await gateway.post("/oauth/token", form), 401, "invalid_client")


async def test_a_client_without_keys_cannot_sign(gateway: Gateway) -> None:
    client_id, _ = await gateway.client()
    for signer in (client_id, "nobody"):
        form = assertion(signer, private_key(), gateway.clock)
        refused(await gateway.post("/oauth/token", form), 401, "invalid_client")


@pytest.mark.parametrize(
    "token", ["", "x", "a.b.c", "..", "AAAA.AAAA.AAAA", "eyJhbGciOiJub25lIn0.e30.", "[" * 4000, "é.é.é"]
)
async def test_what_is_no_assertion_is_refused(gateway: Gateway, token: str) -> None:
    form = GRANT | {
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": token,
    }
    refused(await gateway.post("/oauth/token", form), 401, "invalid_client")


async def test_an_unsigned_assertion_is_refused(gateway: Gateway) -> None:
    client_id, key = await with_key(gateway)
    form = assertion(client_id, key, gateway.clock)
    _, payload, _ = form["client_assertion"].split(".")
    header = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).rstrip(b"=").decode()
    for signature in ("", "AA"):
        bent = form | {"client_assertion": f"{header}.{payload}.{signature}"}
        refused(await gateway.post("/oauth/token", bent), 401, "invalid_client")


async def test_an_assertion_has_to_say_what_it_is(gateway: Gateway) -> None:
    client_id, key = await with_key(gateway)
    form = assertion(client_id, key, gateway.clock) | {"client_assertion_type": "saml"}
    refused(await gateway.post("/oauth/token", form), 401, "invalid_client")


async def test_a_secret_that_was_dropped_opens_nothing(gateway: Gateway) -> None:
    client_id, secret = await gateway.client()
    await clients.set_keys(
        gateway.db,
        client_id=client_id,
        key_set={"keys": [private_key().as_dict(private=False)]},
        drop_secret=True,
        actor=OPERATOR,
        now=gateway.clock(),
    )
    refused(await gateway.ask(client_id, secret), 401, "invalid_client")
    refused(await gateway.ask(client_id, ""), 401, "invalid_client")
