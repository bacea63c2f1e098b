"""What a verifier knows of issuers and how fresh; whom it takes the bearer of a token for."""

import asyncio
import time
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from shared.issuer_documents import (
    KEYS_FRESH_SECONDS,
    REVOCATIONS_FRESH_SECONDS,
    REVOCATIONS_RETRY_SECONDS,
)
from shared.tokens import (
    LEEWAY_SECONDS,
    IssuerNotSafe,
    IssuerUnavailable,
    TokenNotValid,
    TokenVerifier,
    TrustedIssuer,
    refuse_unsafe,
)
from tests.shared.issuers import HEADER, HOME, KEY, NOW, OUTSIDE, Issuer, claims, ec_key, signed


@pytest.mark.parametrize(
    "header", ["", " ", "Bearer", "Bearer ", "Basic YTpi", "Token abc", "bearer\tabc", "Bearer  two.spaces.x"]
)
async def test_a_header_that_holds_no_bearer_token_is_not_taken_for_no_header(header: str) -> None:
    with pytest.raises(TokenNotValid):
        await Issuer().verifier().actor(header, now=NOW)


async def test_no_header_is_anyone() -> None:
    assert (await Issuer().verifier().actor(None, now=NOW)).is_anonymous


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
async def test_a_good_token_becomes_the_actor_that_it_names(scheme: str) -> None:
    actor = await Issuer().verifier().actor(f"{scheme} {signed(association='ICG')}", now=NOW)
    assert (actor.subject, actor.client_id, actor.association) == ("someone", "client-1", "ICG")
    assert actor.scopes == {"members:write", "cpd:write"}


@pytest.mark.parametrize(
    "changed", [{"aud": ["them", "us"]}, {"nbf": None}, {"nbf": NOW + LEEWAY_SECONDS}, {"exp": NOW - 4}]
)
async def test_what_the_standards_allow_is_accepted(changed: dict[str, Any]) -> None:
    good = claims(**changed)
    token = jwt.encode(dict(HEADER), good, KEY, algorithms=["ES256"], default_type=None)
    assert (await Issuer().verifier().actor(f"Bearer {token}", now=NOW)).subject == "someone"


async def test_a_token_that_was_good_is_refused_once_it_has_expired() -> None:
    verifier, header = Issuer().verifier(), f"Bearer {signed()}"
    await verifier.actor(header, now=NOW)
    with pytest.raises(TokenNotValid):
        await verifier.actor(header, now=NOW + 890 + LEEWAY_SECONDS)


@pytest.mark.parametrize("scope", [None, 7, {"members:write": 1}, [7], ""])
async def test_a_scope_that_is_none_gives_no_right(scope: Any) -> None:
    token = jwt.encode(dict(HEADER), claims(scope=scope), KEY, algorithms=["ES256"])
    assert (await Issuer().verifier().actor(f"Bearer {token}", now=NOW)).scopes == frozenset()


async def test_a_new_key_is_fetched_when_a_token_names_it() -> None:
    issuer = Issuer()
    verifier = issuer.verifier()
    await verifier.actor(f"Bearer {signed()}", now=NOW)
    new = ec_key("k2")
    issuer.documents[f"{HOME}/keys"] = {"keys": [new.as_dict(private=False), KEY.as_dict(private=False)]}
    issuer.seconds += 2
    for token in (signed({"kid": "k2"}, key=new, jti="t2"), signed()):
        assert (await verifier.actor(f"Bearer {token}", now=NOW)).subject == "someone"


async def test_a_thousand_tokens_with_names_of_no_key_cause_one_request_a_second() -> None:
    issuer = Issuer()
    verifier = issuer.verifier()
    for number in range(1000):
        with pytest.raises(TokenNotValid):
            await verifier.actor(f"Bearer {signed({'kid': f'no-{number}'})}", now=NOW)
    assert issuer.fetched[f"{HOME}/keys"] == 1


async def test_a_token_that_was_verified_dies_with_its_key() -> None:
    issuer = Issuer()
    verifier, header = issuer.verifier(), f"Bearer {signed()}"
    await verifier.actor(header, now=NOW)
    issuer.documents[f"{HOME}/keys"] = {"keys": [ec_key("k2").as_dict(private=False)]}
    issuer.seconds += KEYS_FRESH_SECONDS
    with pytest.raises(TokenNotValid):
        await verifier.actor(header, now=NOW)


async def test_a_revoked_token_is_refused_after_the_refresh_interval() -> None:
    issuer = Issuer()
    verifier, header = issuer.verifier(), f"Bearer {signed()}"
    await verifier.actor(header, now=NOW)
    issuer.documents[f"{HOME}/revoked"] = {"tokens": ["t1"], "clients": {}}
    issuer.seconds += REVOCATIONS_FRESH_SECONDS
    with pytest.raises(TokenNotValid):
        await verifier.actor(header, now=NOW)
    assert (await verifier.actor(f"Bearer {signed(jti='t2')}", now=NOW)).subject == "someone"


async def test_a_revoked_client_is_refused_with_all_that_it_was_given_until_then() -> None:
    issuer = Issuer()
    verifier = issuer.verifier()
    issuer.documents[f"{HOME}/revoked"] = {"tokens": [], "clients": {"client-1": NOW}}
    with pytest.raises(TokenNotValid):
        await verifier.actor(f"Bearer {signed(iat=NOW - 1)}", now=NOW)
    assert (await verifier.actor(f"Bearer {signed(iat=NOW)}", now=NOW)).subject == "someone"
    assert (await verifier.actor(f"Bearer {signed(client_id='client-2')}", now=NOW)).subject == "someone"


async def test_while_revocations_cannot_be_had_the_last_known_ones_hold() -> None:
    issuer = Issuer()
    verifier = issuer.verifier()
    issuer.documents[f"{HOME}/revoked"] = {"tokens": ["t1"], "clients": {}}
    with pytest.raises(TokenNotValid):
        await verifier.actor(f"Bearer {signed()}", now=NOW)
    issuer.silent = True
    issuer.seconds += 3600
    with pytest.raises(TokenNotValid):
        await verifier.actor(f"Bearer {signed()}", now=NOW)
    assert (await verifier.actor(f"Bearer {signed(jti='t2')}", now=NOW)).subject == "someone"


async def test_an_issuer_that_never_answered_makes_tokens_unknown_and_not_wrong() -> None:
    issuer = Issuer()
    issuer.silent = True
    with pytest.raises(IssuerUnavailable):
        await issuer.verifier().actor(f"Bearer {signed()}", now=NOW)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"tokens": None, "clients": {}},
        {"tokens": ["t1"], "clients": []},
        {"tokens": ["t1"], "clients": {"client-1": "now"}},
        {"tokens": [["t1"]], "clients": {}},
    ],
)
async def test_revocations_that_cannot_be_read_leave_the_last_known_ones(said: Any) -> None:
    issuer = Issuer()
    verifier = issuer.verifier()
    await verifier.actor(f"Bearer {signed()}", now=NOW)
    issuer.documents[f"{HOME}/revoked"] = said
    issuer.seconds += REVOCATIONS_FRESH_SECONDS
    assert (await verifier.actor(f"Bearer {signed()}", now=NOW)).subject == "someone"


@pytest.mark.parametrize("said", [{}, {"keys": {}}, {"keys": None}])
async def test_keys_that_cannot_be_read_leave_the_last_known_ones(said: Any) -> None:
    issuer = Issuer()
    verifier = issuer.verifier()
    await verifier.actor(f"Bearer {signed()}", now=NOW)
    issuer.documents[f"{HOME}/keys"] = said
    issuer.seconds += KEYS_FRESH_SECONDS
    assert (await verifier.actor(f"Bearer {signed(jti='t2')}", now=NOW)).subject == "someone"


async def test_keys_of_other_kinds_and_uses_are_passed_over() -> None:
    issuer = Issuer()
    strange: list[Any] = [
        None,
        {"kty": "oct", "k": "AAAA", "kid": "k1"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "kid": "off-the-curve"},
        {"kty": "AKP", "kid": "k1", "alg": "ML-DSA-44", "pub": "AAAA"},
        RSAKey.generate_key(2048).as_dict(private=False, use="enc", kid="k1"),
        {"kty": "EC", "kid": "k3"},
        {"kty": ["EC"], "kid": "k4"},
    ]
    issuer.documents[f"{HOME}/keys"] = {"keys": [*strange, KEY.as_dict(private=False), *strange]}
    assert (await issuer.verifier().actor(f"Bearer {signed()}", now=NOW)).subject == "someone"


async def test_a_silent_issuer_holds_up_one_request_and_not_all() -> None:
    issuer = Issuer()
    verifier = issuer.verifier()
    await verifier.actor(f"Bearer {signed()}", now=NOW)
    issuer.silent = True
    issuer.seconds += 3600
    await verifier.actor(f"Bearer {signed()}", now=NOW)
    before = dict(issuer.fetched)
    issuer.seconds += REVOCATIONS_RETRY_SECONDS
    await asyncio.gather(*(verifier.actor(f"Bearer {signed()}", now=NOW) for _ in range(50)))
    assert {url: count - before[url] for url, count in issuer.fetched.items()} == {
        f"{HOME}/keys": 1,
        f"{HOME}/revoked": 1,
    }


async def test_fifty_first_requests_fetch_each_document_once() -> None:
    issuer = Issuer()
    verifier = issuer.verifier()
    await asyncio.gather(*(verifier.actor(f"Bearer {signed(jti=f't{n}')}", now=NOW) for n in range(50)))
    assert issuer.fetched == {f"{HOME}/keys": 1, f"{HOME}/revoked": 1}


def outside(**changed: Any) -> TrustedIssuer:
    """Return an issuer as an organisation's own sign-in server would be, which signs with RS256."""
    return TrustedIssuer(
        **{
            "issuer": OUTSIDE,
            "jwks_url": f"{OUTSIDE}/keys",
            "audience": "api://register",
            "algorithms": ["RS256"],
            "token_types": ["JWT", "at+jwt"],
            "claim_names": {"jti": "uti", "scope": "roles"},
            **changed,
        }
    )


RSA = RSAKey.generate_key(2048, parameters={"kid": "r1"})


def outside_token(**changed: Any) -> str:
    """Return a token as such a server gives it."""
    said = claims(iss=OUTSIDE, aud="api://register", client_id=None, jti=None, scope=None) | {
        "azp": "crm",
        "uti": "x1",
        "roles": ["people:read", "register:decide"],
    }
    said = {name: value for name, value in (said | changed).items() if value is not None}
    return jwt.encode({"alg": "RS256", "typ": "JWT", "kid": "r1"}, said, RSA, algorithms=["RS256"])


def with_outside(**changed: Any) -> TokenVerifier:
    """Return a verifier that trusts the outside issuer as well."""
    issuer = Issuer()
    issuer.documents[f"{OUTSIDE}/keys"] = {"keys": [RSA.as_dict(private=False)]}
    return issuer.verifier(outside(**changed))


async def test_an_outside_issuer_is_accepted_by_setting_and_speaks_only_in_its_own_name() -> None:
    actor = await with_outside().actor(f"Bearer {outside_token()}", now=NOW)
    assert (actor.subject, actor.client_id) == (f"{OUTSIDE}#someone", f"{OUTSIDE}#crm")
    assert actor.scopes == {"people:read", "register:decide"}


async def test_an_outside_issuer_gives_no_more_than_the_scopes_that_it_may() -> None:
    verifier = with_outside(scopes=["people:read", "people:match"])
    assert (await verifier.actor(f"Bearer {outside_token()}", now=NOW)).scopes == {"people:read"}


async def test_no_issuer_can_sign_in_the_name_of_another() -> None:
    forged = outside_token(iss=HOME, aud="us", client_id="client-1", jti="t9")
    with pytest.raises(TokenNotValid):
        await with_outside().actor(f"Bearer {forged}", now=NOW)


async def test_an_outside_issuer_needs_its_own_audience() -> None:
    with pytest.raises(TokenNotValid):
        await with_outside().actor(f"Bearer {outside_token(aud='us')}", now=NOW)


@pytest.mark.parametrize(
    "url", ["https://id.example.org/keys", "http://gateway:8000/keys", "http://127.0.0.1:8000/keys"]
)
def test_production_takes_documents_by_https_or_from_a_neighbour(url: str) -> None:
    refuse_unsafe([outside(jwks_url=url)])


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "http://id.example.org"},
        {"jwks_url": "http://id.example.org/keys"},
        {"revocations_url": "http://10.0.0.7/revoked"},
        {"jwks_url": "file:///etc/keys"},
    ],
)
def test_production_refuses_an_issuer_by_http(changed: dict[str, str]) -> None:
    with pytest.raises(IssuerNotSafe, match="reached by https"):
        refuse_unsafe([outside(**changed)])


def test_a_setting_that_is_misspelt_is_not_passed_over() -> None:
    with pytest.raises(ValueError, match="algorithm"):
        outside(algorithm="RS256")


async def test_ten_thousand_characters_cost_no_time() -> None:
    verifier, began = Issuer().verifier(), time.perf_counter()
    for _ in range(1000):
        with pytest.raises(TokenNotValid):
            await verifier.actor(f"Bearer {'A' * 10_000}.{'B' * 10_000}.C", now=NOW)
    assert time.perf_counter() - began < 1
