"""Managing clients: by operations, by the command, at the same moment, and without letting a secret out."""

import asyncio
import json

import asyncpg
import pytest
import structlog

from services.gateway.domain.client import (
    ClaimMissing,
    ClaimNotMeant,
    ClaimNotReadable,
    ClientExists,
    ClientIdNotReadable,
    ClientNameNotReadable,
    NoSuchClient,
    NoSuchKind,
)
from services.gateway.domain.client_key import KeyIsPrivate, KeysNotReadable
from services.gateway.operations import clients
from shared.errors import Refusal
from shared.postgres.roles import ServiceUrls
from shared.postgres.urls import asyncpg_dsn
from shared.tokens import TokenNotValid
from tests.gateway.make import OPERATOR, Gateway, assertion, basic, private_key


async def journal_of(gateway: Gateway) -> list[dict[str, object]]:
    """Return the journal's lines."""
    rows = await gateway.db.fetch(
        "SELECT event, subject, actor, facts::text AS facts FROM journal ORDER BY position"
    )
    return [{**dict(row), "facts": json.loads(row["facts"])} for row in rows]


async def stored_text(gateway: Gateway) -> str:
    """Return everything that the database holds of clients and in its journal, as text."""
    rows = [
        *await gateway.db.fetch("SELECT to_jsonb(clients)::text FROM clients"),
        *await gateway.db.fetch("SELECT to_jsonb(journal)::text FROM journal"),
    ]
    return "\n".join(row[0] for row in rows)


async def test_a_new_client_stands_in_the_journal_without_name_and_secret(gateway: Gateway) -> None:
    client_id, secret = await gateway.client(name="Jane Doe's laptop")
    assert await journal_of(gateway) == [
        {
            "event": "client.created",
            "subject": client_id,
            "actor": "system:test",
            "facts": {
                "kind": "association",
                "subject": client_id,
                "scopes": ["members:write", "cpd:write"],
                "association": "ICG",
            },
        }
    ]
    assert secret not in await stored_text(gateway)


async def test_secrets_differ_and_have_256_bits(gateway: Gateway) -> None:
    found = [await gateway.client() for _ in range(5)]
    assert len({secret for _, secret in found} | {client_id for client_id, _ in found}) == 10
    assert all(len(secret) == 43 for _, secret in found)


REFUSED: list[tuple[dict[str, object], type[Refusal]]] = [
    ({"kind": "king", "parties": {}}, NoSuchKind),
    ({"kind": "association", "parties": {}}, ClaimMissing),
    ({"kind": "association", "parties": {"association": None}}, ClaimMissing),
    ({"kind": "registrar", "parties": {"association": "ICG"}}, ClaimNotMeant),
    ({"kind": "school", "parties": {"urn": "100000", "body": "b"}}, ClaimNotMeant),
    ({"kind": "association", "parties": {"association": "icg"}}, ClaimNotReadable),
    ({"kind": "association", "parties": {"association": "ICG\n"}}, ClaimNotReadable),
    ({"kind": "school", "parties": {"urn": "١٢٣٤٥٦"}}, ClaimNotReadable),
    ({"kind": "registrar", "parties": {}, "subject": "system:gateway"}, ClientIdNotReadable),
    ({"kind": "registrar", "parties": {}, "subject": "Jane Doe"}, ClientIdNotReadable),
    ({"kind": "registrar", "parties": {}, "client_id": "x" * 81}, ClientIdNotReadable),
    ({"kind": "registrar", "parties": {}, "client_id": "a:b"}, ClientIdNotReadable),
    ({"kind": "registrar", "parties": {}, "client_id": "a\x00"}, ClientIdNotReadable),
    ({"kind": "registrar", "parties": {}, "name": " "}, ClientNameNotReadable),
    ({"kind": "registrar", "parties": {}, "name": "x\x00"}, ClientNameNotReadable),
    ({"kind": "registrar", "parties": {}, "name": "\ud800"}, ClientNameNotReadable),
    ({"kind": "registrar", "parties": {}, "name": "x" * 201}, ClientNameNotReadable),
]


@pytest.mark.parametrize(("values", "refusal"), REFUSED)
async def test_a_client_that_makes_no_sense_is_refused(
    gateway: Gateway, values: dict[str, object], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        await gateway.client(**values)  # type: ignore[arg-type]
    assert await journal_of(gateway) == []


async def test_of_eight_clients_made_with_one_id_at_the_same_moment_one_is(gateway: Gateway) -> None:
    found = await asyncio.gather(
        *(gateway.client("registrar", client_id="the-one") for _ in range(8)), return_exceptions=True
    )
    made = [each for each in found if isinstance(each, tuple)]
    assert len(made) == 1
    assert all(isinstance(each, ClientExists) for each in found if not isinstance(each, tuple))
    assert len(await journal_of(gateway)) == 1
    assert (await gateway.ask(*made[0])).status_code == 200


async def test_of_eight_rotations_at_the_same_moment_the_last_secret_stands(gateway: Gateway) -> None:
    client_id, _ = await gateway.client()
    found = await asyncio.gather(*(rotate(gateway, client_id) for _ in range(8)))
    works = [await clients.secret_works(gateway.db, client_id=client_id, secret=secret) for secret in found]
    assert works.count(True) == 1
    assert len(await journal_of(gateway)) == 9


async def rotate(gateway: Gateway, client_id: str, *, end_tokens: bool = False) -> str:
    """Give a client a new secret."""
    return await clients.rotate_secret(
        gateway.db, client_id=client_id, end_tokens=end_tokens, actor=OPERATOR, now=gateway.clock()
    )


async def test_a_new_secret_takes_the_place_of_the_old_one(gateway: Gateway) -> None:
    client_id, old = await gateway.client()
    token = await gateway.token(client_id, old)
    new = await rotate(gateway, client_id)
    assert (await gateway.ask(client_id, old)).status_code == 401
    assert (await gateway.ask(client_id, new)).status_code == 200
    assert (await gateway.actor(token)).client_id == client_id


async def test_a_secret_that_was_seen_is_replaced_with_all_tokens_that_it_got(gateway: Gateway) -> None:
    client_id, old = await gateway.client()
    token = await gateway.token(client_id, old)
    new = await rotate(gateway, client_id, end_tokens=True)
    with pytest.raises(TokenNotValid):
        await gateway.actor(token)
    # Even in the very second of the change.
    assert (await gateway.actor(await gateway.token(client_id, new))).client_id == client_id


async def test_a_revoked_client_is_revoked_for_good(gateway: Gateway, gateway_urls: ServiceUrls) -> None:
    client_id, secret = await gateway.client()
    await clients.revoke(gateway.db, client_id=client_id, actor=OPERATOR, now=gateway.clock())
    with pytest.raises(NoSuchClient):
        await rotate(gateway, client_id)
    with pytest.raises(NoSuchClient):
        await clients.revoke(gateway.db, client_id=client_id, actor=OPERATOR, now=gateway.clock())
    assert (await gateway.ask(client_id, secret)).status_code == 401
    for url in (gateway_urls.app, gateway_urls.owner):
        with pytest.raises(asyncpg.PostgresError, match="append-only"):
            await statement(url, "UPDATE clients SET revoked_at = NULL")
    assert [line["event"] for line in await journal_of(gateway)] == ["client.created", "client.revoked"]


async def statement(url: str, sql: str) -> None:
    """Run a statement under the role in ``url``."""
    connection = await asyncpg.connect(asyncpg_dsn(url))
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE clients SET scopes = '{register:decide}'",
        "UPDATE clients SET association = 'ACEG'",
        "UPDATE clients SET subject = 'another'",
        "DELETE FROM clients",
        "TRUNCATE clients CASCADE",
        "UPDATE revoked_tokens SET expires_at = now()",
        "UPDATE journal SET actor = 'another'",
        "DELETE FROM journal",
        "TRUNCATE journal",
        "ALTER TABLE journal DISABLE TRIGGER ALL",
        "DROP TABLE journal",
        "SET session_replication_role = replica",
    ],
)
async def test_the_running_role_cannot_give_itself_rights_or_rewrite_history(
    gateway: Gateway, gateway_urls: ServiceUrls, sql: str
) -> None:
    await gateway.client()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await statement(gateway_urls.app, sql)


async def test_the_database_takes_no_secret_that_is_not_hashed(
    gateway: Gateway, gateway_urls: ServiceUrls
) -> None:
    await gateway.client()
    with pytest.raises(asyncpg.CheckViolationError):
        await statement(gateway_urls.app, "UPDATE clients SET secret_hash = 'my secret'::bytea")


@pytest.mark.parametrize(
    ("keys", "refusal"),
    [
        ({}, KeysNotReadable),
        ({"keys": []}, KeysNotReadable),
        ({"keys": "x"}, KeysNotReadable),
        ({"keys": [None]}, KeysNotReadable),
        ({"keys": [{"kty": "oct", "k": "AAAA", "kid": "a"}]}, KeysNotReadable),
        ({"keys": [private_key().as_dict(private=True)]}, KeyIsPrivate),
        ({"keys": [private_key(kind="RSA").as_dict(private=True)]}, KeyIsPrivate),
        ({"keys": [private_key().as_dict(private=False)] * 2}, KeysNotReadable),
        (
            {"keys": [private_key(f"k{number}").as_dict(private=False) for number in range(11)]},
            KeysNotReadable,
        ),
        ({"keys": [{"kty": "EC", "crv": "P-384", "x": "AA", "y": "AA", "kid": "a"}]}, KeysNotReadable),
        ({"keys": [{"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "a"}]}, KeysNotReadable),
        ({"keys": [{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}]}, KeysNotReadable),
    ],
)
async def test_only_public_keys_of_good_strength_are_taken(
    gateway: Gateway, keys: dict[str, object], refusal: type[Refusal]
) -> None:
    client_id, secret = await gateway.client()
    with pytest.raises(refusal):
        await clients.set_keys(
            gateway.db,
            client_id=client_id,
            key_set=keys,
            drop_secret=True,
            actor=OPERATOR,
            now=gateway.clock(),
        )
    assert (await gateway.ask(client_id, secret)).status_code == 200


async def test_no_secret_token_or_assertion_reaches_a_log_or_the_journal(
    gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    with structlog.testing.capture_logs() as events:
        hidden = await everything_that_has_secrets(gateway)
    assert sum(event.get("route") == "/oauth/token" for event in events) == 5
    everything = str(events) + caplog.text + await stored_text(gateway)
    assert not [secret for secret in hidden if secret in everything]


async def everything_that_has_secrets(gateway: Gateway) -> list[str]:
    """Do all that a secret, a token or an assertion is sent for, and return them."""
    client_id, secret = await gateway.client()
    token = await gateway.token(client_id, secret)
    form = {"grant_type": "client_credentials"}
    signed = assertion(client_id, private_key(), gateway.clock)
    await gateway.ask(client_id, secret + "wrong")
    await gateway.post("/oauth/token", form | {"client_id": client_id, "client_secret": secret})
    await gateway.post(f"/oauth/token?client_secret={secret}", form)
    await gateway.post("/oauth/token", signed)
    await gateway.post("/oauth/revoke", {"token": token}, headers=basic(client_id, secret))
    await gateway.http.get("/v1/journal", headers={"Authorization": f"Bearer {token}"})
    new = await rotate(gateway, client_id)
    login = basic(client_id, secret)["Authorization"]
    return [secret, new, token, token.split(".")[2], signed["client_assertion"], login.split()[1]]
