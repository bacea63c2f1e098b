"""What ends a token: its owner, the end of its client, its age; and who is trusted beside the gateway."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from services.gateway.domain.access_token import LIFE
from services.gateway.domain.client import KINDS
from services.gateway.operations import clients, tokens
from shared.issuer_documents import REVOCATIONS_FRESH_SECONDS
from shared.postgres.roles import ServiceUrls
from shared.tokens import TokenNotValid, TokenVerifier, TrustedIssuer
from tests.clones import execute
from tests.gateway.make import (
    AUDIENCE,
    ISSUER,
    OPERATOR,
    Gateway,
    basic,
    refused,
    running,
    settings,
)


async def revoke(gateway: Gateway, login: tuple[str, str], token: str, **form: str) -> httpx.Response:
    """Ask for a token's revocation."""
    return await gateway.post("/oauth/revoke", {"token": token, **form}, headers=basic(*login))


def other_service(gateway: Gateway, seconds: list[float]) -> TokenVerifier:
    """Return the verifier of another service, which asks over HTTP; ``seconds[0]`` is its time."""

    async def fetch(url: str) -> dict[str, Any]:
        found: dict[str, Any] = (await gateway.http.get(url)).raise_for_status().json()
        return found

    return TokenVerifier([gateway.settings.own_issuer], fetch=fetch, monotonic=lambda: seconds[0])


async def test_a_revoked_token_is_refused_by_other_services_within_the_interval(gateway: Gateway) -> None:
    login = await gateway.client()
    token, kept = await gateway.token(*login), await gateway.token(*login)
    seconds = [0.0]
    service, now = other_service(gateway, seconds), gateway.clock().timestamp()
    await service.actor(f"Bearer {token}", now=now)
    answer = await revoke(gateway, login, token, token_type_hint="access_token")
    assert (answer.status_code, answer.content) == (200, b"")
    seconds[0] += REVOCATIONS_FRESH_SECONDS
    with pytest.raises(TokenNotValid):
        await service.actor(f"Bearer {token}", now=now)
    assert (await service.actor(f"Bearer {kept}", now=now)).client_id == login[0]


async def test_a_revoked_client_is_refused_by_other_services_within_the_interval(gateway: Gateway) -> None:
    login = await gateway.client()
    seconds = [0.0]
    service, now = other_service(gateway, seconds), gateway.clock().timestamp()
    gateway.clock.move(microseconds=900_000)
    token = await gateway.token(*login)
    await service.actor(f"Bearer {token}", now=now)
    gateway.clock.move(microseconds=50_000)  # within the second in which the token was issued
    await clients.revoke(gateway.db, client_id=login[0], actor=OPERATOR, now=gateway.clock())
    refused(await gateway.ask(*login), 401, "invalid_client")
    seconds[0] += REVOCATIONS_FRESH_SECONDS
    with pytest.raises(TokenNotValid):
        await service.actor(f"Bearer {token}", now=now)


async def test_a_token_given_out_while_its_client_is_being_revoked_is_refused_too(gateway: Gateway) -> None:
    login = await gateway.client()
    seconds, began = [0.0], gateway.clock()
    service = other_service(gateway, seconds)
    gateway.clock.move(seconds=3)
    token = await gateway.token(*login)
    await clients.revoke(gateway.db, client_id=login[0], actor=OPERATOR, now=began)
    with pytest.raises(TokenNotValid):
        await service.actor(f"Bearer {token}", now=gateway.clock().timestamp())


async def test_a_revoked_client_is_listed_as_long_as_its_tokens_could_be_presented(gateway: Gateway) -> None:
    login = await gateway.client()
    await clients.revoke(gateway.db, client_id=login[0], actor=OPERATOR, now=gateway.clock())
    for later, listed in ((LIFE, True), (tokens.MARGIN, False)):
        gateway.clock.move(seconds=later.total_seconds())
        said = (await gateway.http.get("/.well-known/revocations.json")).json()
        assert (login[0] in said["clients"]) is listed


async def test_revoking_twice_or_what_is_no_token_is_no_fault(gateway: Gateway) -> None:
    login = await gateway.client()
    token = await gateway.token(*login)
    forged = jwt.encode(
        {"alg": "ES256", "typ": "at+jwt", "kid": "x"}, {"jti": "t"}, ECKey.generate_key("P-256")
    )
    for each in (token, token, "x", "a.b.c", forged, token[:-4] + "AAAA", "é", "[" * 4000):
        assert (await revoke(gateway, login, each)).status_code == 200
    said = (await gateway.http.get("/.well-known/revocations.json")).json()
    assert (len(said["tokens"]), said["clients"]) == (1, {})


async def test_a_token_is_revoked_only_by_its_own_client(gateway: Gateway) -> None:
    owner, stranger = await gateway.client(), await gateway.client()
    token = await gateway.token(*owner)
    refused(await revoke(gateway, stranger, token), 400, "invalid_grant")
    assert (await gateway.http.get("/.well-known/revocations.json")).json()["tokens"] == []


async def test_revoking_needs_a_client_and_a_token(gateway: Gateway) -> None:
    login = await gateway.client()
    refused(await gateway.post("/oauth/revoke", {"token": "x"}), 401, "invalid_client")
    refused(await revoke(gateway, login, ""), 400, "invalid_request")


async def test_a_revocation_is_listed_until_the_token_would_have_expired(gateway: Gateway) -> None:
    login = await gateway.client()
    await revoke(gateway, login, await gateway.token(*login))
    gateway.clock.move(minutes=14)
    assert len((await gateway.http.get("/.well-known/revocations.json")).json()["tokens"]) == 1
    gateway.clock.move(minutes=2)
    assert (await gateway.http.get("/.well-known/revocations.json")).json()["tokens"] == []
    assert await tokens.forget_expired(gateway.db, now=gateway.clock()) == 1


async def test_a_token_that_has_expired_needs_no_revocation(gateway: Gateway) -> None:
    login = await gateway.client()
    token = await gateway.token(*login)
    gateway.clock.move(minutes=16)
    assert (await revoke(gateway, login, token)).status_code == 200
    assert (await gateway.http.get("/.well-known/revocations.json")).json()["tokens"] == []


async def test_the_metadata_say_where_everything_is(gateway: Gateway) -> None:
    said = (await gateway.http.get("/.well-known/oauth-authorization-server")).json()
    assert said["issuer"] == ISSUER
    assert said["grant_types_supported"] == ["client_credentials"]
    for name in ("token_endpoint", "revocation_endpoint", "jwks_uri"):
        path = said[name].removeprefix(ISSUER)
        assert (await gateway.http.request("GET", path)).status_code in (200, 405)
    assert set(said["scopes_supported"]) == {scope for kind in KINDS.values() for scope in kind.scopes}


async def test_a_token_outlives_neither_its_quarter_of_an_hour_nor_its_audience(gateway: Gateway) -> None:
    token = await gateway.token(*await gateway.client())
    elsewhere = TokenVerifier(
        [TrustedIssuer(issuer=ISSUER, jwks_url=f"{ISSUER}/.well-known/jwks.json", audience="another")],
        fetch=lambda url: published(gateway, url),
    )
    with pytest.raises(TokenNotValid):
        await elsewhere.actor(f"Bearer {token}", now=gateway.clock().timestamp())
    gateway.clock.move(seconds=LIFE / timedelta(seconds=1) + 5)
    with pytest.raises(TokenNotValid):
        await gateway.actor(token)


async def published(gateway: Gateway, url: str) -> dict[str, Any]:
    """Fetch a document from the gateway."""
    found: dict[str, Any] = (await gateway.http.get(url)).json()
    return found


async def test_the_gateway_asks_nobody_about_its_own_tokens(gateway: Gateway) -> None:
    # Its transports answer 503 to everything: what it knows, it knows by itself.
    token = await gateway.token(*await gateway.client("neighbour"))
    answer = await gateway.http.get("/v1/journal", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    assert (await gateway.http.get("/v1/journal")).status_code == 401


async def test_the_same_header_sent_twice_is_no_token(gateway: Gateway) -> None:
    token = await gateway.token(*await gateway.client("neighbour"))
    twice = [("Authorization", f"Bearer {token}")] * 2
    assert (await gateway.http.get("/v1/journal", headers=twice)).status_code == 401


async def test_an_outside_issuer_is_trusted_beside_the_gateway_by_setting(
    gateway: Gateway, gateway_urls: ServiceUrls
) -> None:
    outside = "https://sign-in.test"
    key = ECKey.generate_key("P-256", parameters={"kid": "o1"})
    keys = httpx.MockTransport(lambda _: httpx.Response(200, json={"keys": [key.as_dict(private=False)]}))
    trusted = {"issuer": outside, "jwks_url": f"{outside}/keys", "audience": AUDIENCE}
    now = int(gateway.clock().timestamp())
    said = {"iss": outside, "aud": AUDIENCE, "sub": "crm", "azp": "crm", "scope": "internal", "jti": "1"}
    token = jwt.encode(
        {"alg": "ES256", "typ": "at+jwt", "kid": "o1"}, said | {"iat": now, "exp": now + 60}, key
    )
    found = settings(gateway_urls, gateway.settings.signing_keys_file, trusted_issuers=[trusted])
    async with running(found, gateway.clock, {"issuers": keys}) as other:
        answer = await other.http.get("/v1/journal", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200
        assert (await other.actor(token)).client_id == f"{outside}#crm"
        own = await other.token(*await other.client("neighbour"))
        assert (await other.actor(own)).may("internal")
    with pytest.raises(TokenNotValid):
        await gateway.actor(token)


async def test_without_its_database_the_endpoint_says_so(gateway: Gateway, gateway_urls: ServiceUrls) -> None:
    login = await gateway.client()
    await execute(gateway_urls.owner, "ALTER TABLE clients RENAME TO mislaid")
    answer = await gateway.ask(*login)
    assert answer.status_code == 500
    assert "mislaid" not in answer.text
    assert login[1] not in answer.text
