"""Signing keys: rotated without one refused token, never half written, refused in production when weak."""

import json
import os
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey
from pydantic import ValidationError

from services.gateway import jobs
from services.gateway.domain.access_token import LIFE
from services.gateway.domain.credentials import DevelopmentKeysInProduction, SampleClientsInProduction
from services.gateway.domain.signing_key import ANNOUNCED, CACHED, OVERLAP, KeysNotUsable
from services.gateway.operations import signing_keys
from services.gateway.operations.signing_keys import Keys
from shared.postgres.roles import ServiceUrls
from shared.tokens import TokenNotValid, TokenVerifier, unverified_parts
from tests.gateway.make import Gateway, TestClock, keys_file, running, settings


def rotate(gateway: Gateway, *, at_once: bool = False) -> str:
    """Put a new key first in the gateway's file."""
    return signing_keys.rotate(gateway.settings.signing_keys_file, at_once=at_once, now=gateway.clock())


async def published(gateway: Gateway) -> list[str]:
    """Return the names of the published keys."""
    answer = await gateway.http.get("/.well-known/jwks.json")
    return [key["kid"] for key in answer.json()["keys"]]


def service(gateway: Gateway) -> TokenVerifier:
    """Return another service's verifier, which fetches documents over HTTP as they fall due."""

    async def fetch(url: str) -> dict[str, Any]:
        found: dict[str, Any] = (await gateway.http.get(url)).json()
        return found

    return TokenVerifier(
        [gateway.settings.own_issuer], fetch=fetch, monotonic=lambda: gateway.clock().timestamp()
    )


async def test_keys_are_published_without_their_private_part_and_kept_five_minutes(gateway: Gateway) -> None:
    answer = await gateway.http.get("/.well-known/jwks.json")
    assert answer.headers["cache-control"] == "public, max-age=300"
    (key,) = answer.json()["keys"]
    assert set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    assert (key["alg"], key["use"]) == ("ES256", "sig")


async def test_rotation_refuses_no_good_token_at_any_second(gateway: Gateway) -> None:
    login = await gateway.client()
    services = [service(gateway) for _ in range(3)]
    alive: list[tuple[str, Any]] = []
    signers = set()
    for step in range(240):  # two hours in steps of half a minute, with a rotation every half hour
        if step % 60 == 7:
            rotate(gateway)
        token = await gateway.token(*login)
        now = gateway.clock()
        alive = [(token, now + LIFE), *((old, end) for old, end in alive if end > now)]
        for each in (token, alive[-1][0]):
            # One service asks every time, the others seldom, so that their keys are of different ages.
            await services[0].actor(f"Bearer {each}", now=now.timestamp())
            await services[1 + step % 2].actor(f"Bearer {each}", now=now.timestamp())
        signers.add(token.split(".")[0])
        gateway.clock.move(seconds=30)
    assert len(signers) == 5


async def test_a_new_key_is_announced_before_it_signs(gateway: Gateway) -> None:
    (old,) = await published(gateway)
    login, new = await gateway.client(), rotate(gateway)
    assert await published(gateway) == [new, old]
    gateway.clock.now += ANNOUNCED - timedelta(seconds=1)
    assert kid(await gateway.token(*login)) == old
    gateway.clock.move(seconds=1)
    assert kid(await gateway.token(*login)) == new
    assert ANNOUNCED > CACHED


async def test_an_old_key_is_published_for_two_lives_of_a_token_and_then_goes(gateway: Gateway) -> None:
    (old,) = await published(gateway)
    new = rotate(gateway)
    gateway.clock.now += ANNOUNCED + OVERLAP - timedelta(seconds=1)
    assert await published(gateway) == [new, old]
    gateway.clock.move(seconds=1)
    assert await published(gateway) == [new]
    assert OVERLAP >= 2 * LIFE + CACHED
    newest = rotate(gateway)
    stored = json.loads(gateway.settings.signing_keys_file.read_text())["keys"]
    assert [key["kid"] for key in stored] == [newest, new]


async def test_keys_that_were_seen_go_at_once_with_the_tokens_that_they_signed(gateway: Gateway) -> None:
    login, verifier = await gateway.client(), service(gateway)
    token = await gateway.token(*login)
    await verifier.actor(f"Bearer {token}", now=gateway.clock().timestamp())
    gateway.clock.move(seconds=2)
    new = rotate(gateway, at_once=True)
    assert await published(gateway) == [new]
    fresh = await gateway.token(*login)
    now = gateway.clock().timestamp()
    assert (await verifier.actor(f"Bearer {fresh}", now=now)).client_id == login[0]
    with pytest.raises(TokenNotValid):
        await verifier.actor(f"Bearer {token}", now=now)


def kid(token: str) -> str:
    """Return the name of the key that signed a token."""
    header, _ = unverified_parts(token)
    return str(header["kid"])


def test_the_file_is_readable_to_its_owner_alone_and_replaced_in_one_step(tmp_path: Path) -> None:
    path, clock = tmp_path / "keys.json", TestClock()
    jobs.make_signing_keys(path)
    before = path.stat()
    signing_keys.rotate(path, at_once=False, now=clock())
    after = path.stat()
    assert stat.S_IMODE(after.st_mode) == 0o600
    assert after.st_ino != before.st_ino
    assert os.listdir(tmp_path) == ["keys.json"]


def test_a_replaced_file_stays_with_the_account_that_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, clock, given = tmp_path / "keys.json", TestClock(), []
    monkeypatch.setattr(os, "fchown", lambda _, uid, gid: given.append((uid, gid)))
    signing_keys.rotate(path, at_once=True, now=clock())
    assert given == []
    signing_keys.rotate(path, at_once=True, now=clock())
    assert given == [(path.stat().st_uid, path.stat().st_gid)]


def bad_files() -> dict[str, str]:
    """Return contents that are no usable file of keys."""
    rsa = RSAKey.generate_key(2048).as_dict(private=True, kid="r")
    curve = ECKey.generate_key("P-384").as_dict(private=True, kid="c")
    public = ECKey.generate_key("P-256").as_dict(private=False, kid="p")
    good = ECKey.generate_key("P-256").as_dict(private=True, kid="g")
    sets: dict[str, Any] = {
        "no keys": {"keys": []},
        "no set": [],
        "a public key": {"keys": [public]},
        "an RSA key": {"keys": [rsa]},
        "another curve": {"keys": [curve]},
        "two keys of one name": {"keys": [good, good]},
        "a key without a name": {"keys": [{name: part for name, part in good.items() if name != "kid"}]},
        "a key that begins some day": {"keys": [good | {"signs_from": "tomorrow"}]},
        "a key that is not on the curve": {"keys": [good | {"x": good["y"]}]},
    }
    return {name: json.dumps(content) for name, content in sets.items()} | {"half a file": '{"keys": ['}


@pytest.mark.parametrize("bad", bad_files())
async def test_a_file_that_cannot_be_used_stops_the_start_but_not_what_runs(
    gateway: Gateway, tmp_path: Path, bad: str
) -> None:
    path = gateway.settings.signing_keys_file
    before = await published(gateway)
    path.write_text(bad_files()[bad])
    assert await published(gateway) == before
    assert (await gateway.ask(*await gateway.client())).status_code == 200
    with pytest.raises(KeysNotUsable, match="cannot be used"):
        Keys(path)
    with pytest.raises(KeysNotUsable):
        Keys(tmp_path / "nowhere.json")


async def test_a_file_that_is_gone_for_a_moment_is_no_fault(gateway: Gateway) -> None:
    path = gateway.settings.signing_keys_file
    content, before = path.read_text(), await published(gateway)
    path.unlink()
    assert await published(gateway) == before
    path.write_text(content)
    new = rotate(gateway)
    assert await published(gateway) == [new, *before]


def test_production_refuses_an_issuer_by_http(gateway_urls: ServiceUrls, tmp_path: Path) -> None:
    path = keys_file(tmp_path, TestClock())
    outside = {"issuer": "http://id.example.org", "jwks_url": "https://id.example.org/k", "audience": "x"}
    for changed in ({"issuer": "http://gateway.example.org"}, {"trusted_issuers": [outside]}):
        with pytest.raises(ValidationError, match="In production every issuer"):
            settings(gateway_urls, path, environment="production", **changed)
    assert settings(gateway_urls, path, environment="production").issuer == "https://gateway.test"


@pytest.mark.parametrize(
    "issuer",
    ["gateway.test", "https://gateway.test/path", "ftp://gateway.test", "https://", "https://a.test?x=1"],
)
def test_an_issuer_is_an_origin(gateway_urls: ServiceUrls, tmp_path: Path, issuer: str) -> None:
    with pytest.raises(ValidationError, match="without a path"):
        settings(gateway_urls, tmp_path / "keys.json", issuer=issuer)


async def test_production_does_not_start_on_a_development_key(
    gateway_urls: ServiceUrls, tmp_path: Path
) -> None:
    path, clock = tmp_path / "keys.json", TestClock()
    jobs.make_signing_keys(path)
    chosen = settings(gateway_urls, path, environment="production")
    for at_once in (False, True):
        with pytest.raises(DevelopmentKeysInProduction, match=r"development signing key \(dev-"):
            async with running(chosen, clock):
                pass
        signing_keys.rotate(path, at_once=at_once, now=clock())
    async with running(chosen, clock) as found:
        assert len(await published(found)) == 1


async def test_production_does_not_start_on_sample_clients_nor_take_one_later(
    gateway: Gateway, gateway_urls: ServiceUrls
) -> None:
    chosen = settings(gateway_urls, gateway.settings.signing_keys_file, environment="production")
    async with running(chosen, gateway.clock) as production:
        login = await production.client("registrar", client_id="sample-registrar")
        assert login[1].startswith("sample-")
        assert (await production.ask(*login)).status_code == 401
        assert (await production.ask(*await production.client("registrar"))).status_code == 200
        assert (await gateway.ask(*login)).status_code == 200
    with pytest.raises(SampleClientsInProduction, match="sample-registrar"):
        async with running(chosen, gateway.clock):
            pass
