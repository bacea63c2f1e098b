"""Getting access tokens and giving them back: the endpoints of RFC 6749 and RFC 7009, and their abuse."""

from urllib.parse import quote

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from services.gateway.domain.client import KINDS
from tests.gateway.make import (
    AUDIENCE,
    ISSUER,
    PARTIES,
    Gateway,
    basic,
    refused,
)

GRANT = {"grant_type": "client_credentials"}


@pytest.mark.parametrize("kind", KINDS)
async def test_each_kind_of_client_gets_its_scopes_and_its_claim(gateway: Gateway, kind: str) -> None:
    client_id, secret = await gateway.client(kind)
    answer = await gateway.ask(client_id, secret)
    assert answer.status_code == 200
    said = answer.json()
    assert (said["token_type"], said["expires_in"]) == ("Bearer", 900)
    assert said["scope"].split() == list(KINDS[kind].scopes)
    actor = await gateway.actor(said["access_token"])
    assert (actor.subject, actor.client_id, actor.scopes) == (client_id, client_id, set(KINDS[kind].scopes))
    parties = {"association": actor.association, "body": actor.body, "urn": actor.urn}
    assert {claim: value for claim, value in parties.items() if value} == PARTIES.get(kind, {})


async def test_a_token_is_a_jwt_as_rfc_9068_wants_it(gateway: Gateway) -> None:
    token = await gateway.token(*await gateway.client())
    published = (await gateway.http.get("/.well-known/jwks.json")).json()
    read = jwt.decode(token, KeySet.import_key_set(published), algorithms=["ES256"])
    now = int(gateway.clock().timestamp())
    assert read.header == {"alg": "ES256", "typ": "at+jwt", "kid": published["keys"][0]["kid"]}
    assert set(read.claims) == {
        *("iss", "aud", "sub", "client_id", "scope", "jti", "iat", "nbf", "exp", "association")
    }
    assert (read.claims["iss"], read.claims["aud"]) == (ISSUER, AUDIENCE)
    assert (read.claims["iat"], read.claims["nbf"], read.claims["exp"]) == (now, now, now + 900)


async def test_no_cache_keeps_a_token(gateway: Gateway) -> None:
    answer = await gateway.ask(*await gateway.client())
    assert (answer.headers["cache-control"], answer.headers["pragma"]) == ("no-store", "no-cache")


async def test_the_secret_may_stand_in_the_form(gateway: Gateway) -> None:
    client_id, secret = await gateway.client()
    form = GRANT | {"client_id": client_id, "client_secret": secret}
    assert (await gateway.post("/oauth/token", form)).status_code == 200


async def test_id_and_secret_are_form_encoded_inside_the_basic_header(gateway: Gateway) -> None:
    client_id, secret = await gateway.client()
    encoded = "".join(f"%{ord(letter):02X}" for letter in client_id), quote(secret, safe="")
    assert (await gateway.ask(*encoded)).status_code == 200


async def test_a_registrar_with_two_clients_is_one_person(gateway: Gateway) -> None:
    first = await gateway.client("registrar", subject="registrar-7")
    second = await gateway.client("registrar", subject="registrar-7")
    actors = [await gateway.actor(await gateway.token(*each)) for each in (first, second)]
    assert {actor.subject for actor in actors} == {"registrar-7"}
    assert {actor.client_id for actor in actors} == {first[0], second[0]}


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("cpd:write", "cpd:write"),
        ("cpd:write members:write", "members:write cpd:write"),
        ("", "members:write cpd:write"),
    ],
)
async def test_scope_narrows_what_a_token_may(gateway: Gateway, asked: str, given: str) -> None:
    assert (await gateway.ask(*await gateway.client(), scope=asked)).json()["scope"] == given


@pytest.mark.parametrize(
    "scope",
    [
        *(
            "register:decide",
            "members:write register:decide",
            "nothing",
            "*",
            " ",
            "members:write  cpd:write",
        ),
        *("MEMBERS:WRITE", "members:write,cpd:write", "members:write\n", "members:write\x00", "é", "\ufffe"),
    ],
)
async def test_a_scope_that_was_not_granted_is_refused(gateway: Gateway, scope: str) -> None:
    refused(await gateway.ask(*await gateway.client(), scope=scope), 400, "invalid_scope")


@pytest.mark.parametrize(
    "grant", ["password", "authorization_code", "refresh_token", "CLIENT_CREDENTIALS", "x"]
)
async def test_there_is_no_other_grant(gateway: Gateway, grant: str) -> None:
    refused(await gateway.ask(*await gateway.client(), grant_type=grant), 400, "unsupported_grant_type")


async def test_a_grant_type_has_to_be_named(gateway: Gateway) -> None:
    refused(await gateway.ask(*await gateway.client(), grant_type=""), 400, "invalid_request")


@pytest.mark.parametrize(
    "changed",
    [
        ("", ""),
        ("nobody", "secret"),
        ("{id}", ""),
        ("{id}", "{secret}x"),
        ("{id}", "{secret} "),
        ("{id}\x00", "{secret}"),
        ("{id} ", "{secret}"),
        ("{ID}", "{secret}"),
        ("x" * 5000, "{secret}"),
        ("' OR 1=1 --", "{secret}"),
        ("é", "ü"),
        ("{other}", "{secret}"),
        ("%ff", "%ff"),
    ],
)
async def test_a_client_that_is_unknown_or_has_a_wrong_secret_is_refused_in_the_same_words(
    gateway: Gateway, changed: tuple[str, str]
) -> None:
    client_id, secret = await gateway.client()
    other, _ = await gateway.client()
    values = {"id": client_id, "ID": client_id.upper(), "secret": secret, "other": other}
    answer = await gateway.ask(*(part.format(**values) for part in changed))
    refused(answer, 401, "invalid_client")
    nobody = await gateway.ask("nobody-at-all", "secret")
    assert answer.json() == nobody.json()


@pytest.mark.parametrize(
    "header", ["Basic", "Basic !!!", "Basic YQ==", "Bearer abc", "Basic " + "A" * 3000, "x"]
)
async def test_a_header_that_holds_no_credentials_is_refused(gateway: Gateway, header: str) -> None:
    refused(
        await gateway.post("/oauth/token", GRANT, headers={"Authorization": header}), 401, "invalid_client"
    )


async def test_no_credentials_are_refused(gateway: Gateway) -> None:
    refused(await gateway.post("/oauth/token", GRANT), 401, "invalid_client")


async def test_two_ways_of_authenticating_are_one_too_many(gateway: Gateway) -> None:
    client_id, secret = await gateway.client()
    form = GRANT | {"client_id": client_id, "client_secret": secret}
    refused(
        await gateway.post("/oauth/token", form, headers=basic(client_id, secret)), 400, "invalid_request"
    )
    twice = [("Authorization", basic(client_id, secret)["Authorization"])] * 2
    answer = await gateway.http.post("/oauth/token", data=GRANT, headers=twice)
    refused(answer, 400, "invalid_request")


async def test_the_id_in_the_form_has_to_be_that_in_the_header(gateway: Gateway) -> None:
    client_id, secret = await gateway.client()
    other, _ = await gateway.client()
    refused(await gateway.ask(client_id, secret, client_id=other), 401, "invalid_client")
    assert (await gateway.ask(client_id, secret, client_id=client_id)).status_code == 200


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b'{"grant_type": "client_credentials"}', "application/json", 400),
        (b"grant_type=client_credentials", "text/plain", 400),
        (b"grant_type=client_credentials", "", 400),
        (b"grant_type=client_credentials", "multipart/form-data; boundary=x", 400),
        (b"grant_type=client_credentials&grant_type=client_credentials", FORM, 400),
        (b"grant_type=client_credentials&scope=&scope=cpd%3Awrite", FORM, 400),
        (b"grant_type=%ff", FORM, 400),
        (b"grant_type=\xff", FORM, 400),
        (b"&".join(b"p%d=1" % number for number in range(100)), FORM, 400),
        (b"", FORM, 400),
        (b"=", FORM, 400),
        (b"grant_type=client_credentials&x=" + b"a" * 20_000, FORM, 413),
        (b"grant_type=client_credentials&x=" + b"a" * 2_000_000, FORM, 413),
    ],
)
async def test_a_body_that_is_no_small_form_is_refused(
    gateway: Gateway, content: bytes, content_type: str, status: int
) -> None:
    headers = basic(*await gateway.client()) | {"Content-Type": content_type}
    refused(
        await gateway.http.post("/oauth/token", content=content, headers=headers), status, "invalid_request"
    )


async def test_a_packed_form_is_refused(gateway: Gateway) -> None:
    headers = basic(*await gateway.client()) | {"Content-Encoding": "gzip"}
    refused(await gateway.post("/oauth/token", GRANT, headers=headers), 400, "invalid_request")


async def test_a_secret_in_the_address_is_refused_even_when_it_is_right(gateway: Gateway) -> None:
    client_id, secret = await gateway.client()
    address = f"/oauth/token?client_id={client_id}&client_secret={secret}"
    refused(await gateway.post(address, GRANT), 400, "invalid_request")


async def test_only_post_gives_tokens(gateway: Gateway) -> None:
    answer = await gateway.http.get("/oauth/token")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


async def test_after_ten_failures_a_minute_a_client_has_to_wait(gateway: Gateway) -> None:
    client_id, secret = await gateway.client()
    for _ in range(10):
        refused(await gateway.ask(client_id, "wrong"), 401, "invalid_client")
    answer = await gateway.ask(client_id, secret)
    refused(answer, 429, "temporarily_unavailable")
    assert 1 <= int(answer.headers["retry-after"]) <= 61
    another = await gateway.ask(*await gateway.client())
    assert another.status_code == 200
    gateway.clock.move(seconds=int(answer.headers["retry-after"]))
    assert (await gateway.ask(client_id, secret)).status_code == 200


async def test_an_id_that_no_client_can_have_is_not_remembered(gateway: Gateway) -> None:
    for n in range(12):
        refused(await gateway.ask(f"{n} " + "x" * 5_000, "wrong"), 401, "invalid_client")
    assert not gateway.app.state.door._attempts._failed


async def test_a_client_nobody_knows_has_to_wait_as_well(gateway: Gateway) -> None:
    for _ in range(10):
        await gateway.ask("nobody", "wrong")
    refused(await gateway.ask("nobody", "wrong"), 429, "temporarily_unavailable")
