"""What runs the services elsewhere knows every setting, and no image holds more than its service."""

import importlib
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError
from pydantic_settings import BaseSettings

from shared.schema_version import ROOT
from shared.supervisor.workplace import PORTS

EXAMPLE = ROOT / "deploy" / "example.env"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = [name for name in PORTS if (ROOT / "services" / name / "settings.py").exists()]
PASSWORDS = [name for name in COMPOSE["services"]["databases"]["environment"] if name.endswith("PASSWORD")]


def settings_of(service: str) -> list[type[BaseSettings]]:
    """Return the service's classes of settings."""
    module = importlib.import_module(f"services.{service}.settings")
    return [
        found
        for found in vars(module).values()
        if isinstance(found, type) and issubclass(found, BaseSettings) and found.__module__ == module.__name__
    ]


def names_of(service: str, *, required: bool = False) -> set[str]:
    """Return the variables that a service reads."""
    return {
        f"{kind.model_config.get('env_prefix', '')}{name}".upper()
        for kind in settings_of(service)
        for name, field in kind.model_fields.items()
        if field.is_required() or not required
    }


def examples() -> dict[str, str]:
    """Return the example's settings, those that are commented out among them."""
    return dict(re.findall(r"^(?:# )?([A-Z][A-Z0-9_]+)=(.*)$", EXAMPLE.read_text(), re.MULTILINE))


def set_in_example() -> dict[str, str]:
    """Return the settings that copying the example sets."""
    return dict(re.findall(r"^([A-Z][A-Z0-9_]+)=(.*)$", EXAMPLE.read_text(), re.MULTILINE))


def strings(value: object) -> Iterator[str]:
    """Return every text in a part of the compose file."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
    else:
        yield str(value)


def test_there_are_services_with_settings() -> None:
    assert SERVICES


@pytest.mark.parametrize("service", SERVICES)
def test_the_example_holds_every_setting_of_a_service(service: str) -> None:
    assert names_of(service) <= examples().keys()


@pytest.mark.parametrize("service", SERVICES)
def test_the_example_is_a_valid_configuration(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in set_in_example().items():
        monkeypatch.setenv(name, value)
    for kind in settings_of(service):
        kind()


@pytest.mark.parametrize("service", SERVICES)
def test_production_takes_no_database_password_of_the_example(
    service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    prefix = f"{service.upper()}_"
    monkeypatch.setenv(f"{prefix}ENVIRONMENT", "production")
    kind = importlib.import_module(f"services.{service}.settings").DatabaseSettings
    example = examples()[f"{prefix}DATABASE_URL"]
    password = examples()[f"{prefix}APP_PASSWORD"]
    for url in (example, example.replace(f":{password}", "") + f"?password={password}"):
        monkeypatch.setenv(f"{prefix}DATABASE_URL", url)
        with pytest.raises(ValidationError, match="password of its own") as refused:
            kind()
        assert password not in str(refused.value)
    monkeypatch.setenv(f"{prefix}DATABASE_URL", example.replace(password, "3f9c1be7"))
    assert kind().environment == "production"


@pytest.mark.parametrize("name", [None, *PASSWORDS])
@pytest.mark.parametrize("deployment", ["development", "production"])
def test_databases_are_made_in_production_only_with_passwords_of_its_own(
    name: str | None, deployment: str, tmp_path: Path
) -> None:
    psql = tmp_path / "psql"
    psql.write_text("#!/bin/sh\necho made\n")
    psql.chmod(0o755)
    values = dict.fromkeys(PASSWORDS, "3f9c1be7") | {"DEPLOYMENT": deployment}
    if name is not None:
        values[name] = examples()["POSTGRES_PASSWORD" if name == "PGPASSWORD" else name]
    shell, option, script = COMPOSE["services"]["databases"]["command"]
    ran = subprocess.run(
        [shell, option, script.replace("$$", "$")],
        env=values | {"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    if name is None or deployment == "development":
        assert (ran.returncode, ran.stdout.split()) == (0, ["made"] * len(SERVICES))
    else:
        assert (ran.returncode, ran.stdout) == (1, "")
        assert "passwords of its own" in ran.stderr


def test_the_example_holds_nothing_that_is_not_read() -> None:
    read = set().union(*(names_of(service) for service in SERVICES))
    read |= set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    read |= {"DATABASE_URL"} | {
        f"{name.upper()}_{end}" for name in SERVICES for end in ("PORT", "MIGRATION_URL")
    }
    assert examples().keys() <= read


def test_the_example_holds_every_variable_of_the_compose_file() -> None:
    assert set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text())) <= examples().keys()


@pytest.mark.parametrize("service", SERVICES)
def test_the_compose_file_gives_a_service_every_setting_that_has_no_default(service: str) -> None:
    given = COMPOSE["services"][service]["environment"].keys()
    assert names_of(service, required=True) <= given
    assert given <= names_of(service)


@pytest.mark.parametrize("service", SERVICES)
def test_a_running_container_knows_neither_the_owner_nor_another_service(service: str) -> None:
    told = " ".join(strings(COMPOSE["services"][service]["environment"]))
    assert "OWNER_PASSWORD" not in told
    assert "POSTGRES_PASSWORD" not in told
    for other in SERVICES:
        assert other == service or f"{other.upper()}_APP_PASSWORD" not in told


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_waits_for_its_migrations(service: str) -> None:
    waits = COMPOSE["services"][service]["depends_on"]
    assert waits[f"{service}-migrations"] == {"condition": "service_completed_successfully"}
    job = COMPOSE["services"][f"{service}-migrations"]
    assert job["restart"] == "no"
    assert job["environment"].keys() == {f"{service.upper()}_MIGRATION_URL"}


def test_keys_that_are_rotated_are_seen_by_the_running_gateway() -> None:
    gateway = COMPOSE["services"]["gateway"]
    mounted = [volume.split(":")[-2] for volume in gateway["volumes"]]
    file = Path(gateway["environment"]["GATEWAY_SIGNING_KEYS_FILE"])
    assert str(file.parent) in mounted, "of a single file the old one would be seen"
    assert "secrets" not in COMPOSE


def test_no_password_stands_in_the_compose_file() -> None:
    for text in strings(COMPOSE):
        for address in re.findall(r"://\w+:([^@]+)@", text):
            assert address.startswith("${"), text


def test_the_image_holds_one_service_and_runs_as_nobody() -> None:
    steps = (ROOT / "deploy" / "Dockerfile").read_text().splitlines()
    copied = [line.split()[1:-1] for line in steps if line.startswith("COPY") and "--from" not in line]
    assert [part for line in copied for part in line] == [
        "requirements.lock",
        "alembic.ini",
        "shared/",
        "services/__init__.py",
        "services/${SERVICE}/",
        "docs/errors.md",
    ]
    assert re.search(r"^USER [1-9][0-9]+:[1-9][0-9]+$", "\n".join(steps), re.MULTILINE)
    assert any(line.startswith("HEALTHCHECK") for line in steps)


def test_nothing_but_what_an_image_needs_is_sent_to_be_built() -> None:
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    assert rules[0] == "*"
    allowed = {rule[1:] for rule in rules if rule.startswith("!")}
    assert allowed == {"alembic.ini", "requirements.lock", "services", "shared", "docs/errors.md"}
    assert all(Path(ROOT / name).exists() for name in allowed)
