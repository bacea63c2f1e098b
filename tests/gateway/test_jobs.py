"""The command that manages clients, and what is prepared for one's own machine."""

import asyncio
import json
from pathlib import Path

import pytest

from services.gateway import jobs
from services.gateway.domain.client import (
    KINDS,
)
from services.gateway.operations.sample_clients import SAMPLES
from shared.postgres.roles import ServiceUrls
from tests.gateway.make import Gateway, assertion, private_key


@pytest.fixture
def environment(gateway_urls: ServiceUrls, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment that the command reads."""
    monkeypatch.setenv("GATEWAY_DATABASE_URL", gateway_urls.app.replace("postgresql+asyncpg", "postgres"))
    monkeypatch.setenv("GATEWAY_ENVIRONMENT", "development")


async def command(*arguments: str) -> int:
    """Run the command as a person does, in a thread with a loop of its own."""
    return await asyncio.to_thread(jobs.main, arguments)


@pytest.mark.usefixtures("environment")
async def test_the_command_makes_lists_and_ends_clients(
    gateway: Gateway, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert (
        await command(
            *[
                "clients",
                "create",
                "--kind",
                "association",
                "--association",
                "ICG",
                "--name",
                "Office",
                "--id",
                "icg",
            ]
        )
        == 0
    )
    secret = capsys.readouterr().out.split("client_secret: ")[1].split()[0]
    assert (await gateway.ask("icg", secret)).status_code == 200
    assert await command("clients", "list") == 0
    listed = capsys.readouterr().out
    assert "icg  association  icg  ICG  Office" in listed
    assert secret not in listed
    assert await command("clients", "rotate-secret", "icg", "--end-tokens") == 0
    new = capsys.readouterr().out.split("client_secret: ")[1].split()[0]
    assert (await gateway.ask("icg", new)).status_code == 200
    key = private_key()
    (tmp_path / "keys.json").write_text(json.dumps({"keys": [key.as_dict(private=False)]}))
    assert (
        await command("clients", "set-key", "icg", "--jwks", str(tmp_path / "keys.json"), "--drop-secret")
        == 0
    )
    assert (await gateway.post("/oauth/token", assertion("icg", key, gateway.clock))).status_code == 200
    assert await command("clients", "revoke", "icg") == 0
    assert (await gateway.post("/oauth/token", assertion("icg", key, gateway.clock))).status_code == 401
    assert "REVOKED" not in capsys.readouterr().out
    assert await command("forget-expired") == 0


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("clients create --kind association --name x", "speaks for someone: say which association"),
        ("clients revoke nobody", "There is no client with this id"),
        ("clients set-key nobody --jwks /nowhere", "The file /nowhere is not a JWK set"),
        ("keys rotate", "Say which file of signing keys is meant"),
    ],
)
async def test_the_command_says_in_one_sentence_what_is_wrong(
    gateway: Gateway, capsys: pytest.CaptureFixture[str], arguments: str, sentence: str
) -> None:
    assert await command(*arguments.split()) == 1
    said = capsys.readouterr()
    assert sentence in said.err
    assert (said.out, said.err.count("\n")) == ("", 1)


@pytest.mark.usefixtures("environment")
async def test_sample_clients_are_made_once_and_keep_the_secrets_that_work(gateway: Gateway) -> None:
    first = await jobs.prepare({})
    assert set(first["clients"]) == set(SAMPLES)
    assert {kind for kind, _ in SAMPLES.values()} == set(KINDS)
    for login in first["clients"].values():
        assert (await gateway.ask(login["id"], login["secret"])).status_code == 200
    assert await jobs.prepare(first) == first
    lost = {"clients": first["clients"] | {"school": {"id": "sample-school", "secret": "forgotten"}}}
    third = (await jobs.prepare(lost))["clients"]
    assert {name for name in third if third[name] != first["clients"][name]} == {"school"}
    assert (await gateway.ask(third["school"]["id"], third["school"]["secret"])).status_code == 200


@pytest.mark.usefixtures("environment")
async def test_production_gets_no_sample_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_ENVIRONMENT", "production")
    with pytest.raises(jobs.NotInProduction, match="production has none"):
        await jobs.prepare({})
