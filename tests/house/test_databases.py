"""Who may do what in which database: the roles, the addresses, and the same by hand."""

import os
import secrets
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import asyncpg
import pytest

from shared.postgres.files import programs
from shared.postgres.roles import (
    ServiceUrls,
    app_role,
    ensure_databases,
    owner_role,
    roles_of,
    run,
    scram_verifier,
    urls,
)
from shared.postgres.urls import (
    NotAPostgresAddress,
    asyncpg_dsn,
    normalise_url,
    shown,
    socket_url,
    with_database,
    with_role,
)
from tests.clones import Server, execute

PASSWORD = "p@ss/w:rd %é"


async def rows(url: str, question: str) -> list[tuple[object, ...]]:
    """Ask one question and return all rows."""
    connection = await asyncpg.connect(asyncpg_dsn(url))
    try:
        return [tuple(row) for row in await connection.fetch(question)]
    finally:
        await connection.close()


def fresh_names() -> list[str]:
    """Return names for two services that nobody else uses on this server."""
    return [f"toy_{secrets.token_hex(4)}" for _ in range(2)]


def drop(admin_url: str, services: list[str]) -> None:
    """Remove the services' databases and roles."""
    for service in services:
        roles = f'"{owner_role(service)}", "{app_role(service)}"'
        run(
            execute(
                admin_url, f'DROP DATABASE IF EXISTS "{service}" WITH (FORCE)', f"DROP ROLE IF EXISTS {roles}"
            )
        )


@pytest.fixture
def toys(server: Server) -> Iterator[dict[str, ServiceUrls]]:
    """Two services' databases, with passwords that need quoting."""
    names = fresh_names()
    yield ensure_databases(server.admin_url, names, dict.fromkeys(roles_of(names), PASSWORD))
    drop(server.admin_url, names)


def test_each_role_opens_its_own_database(toys: dict[str, ServiceUrls]) -> None:
    for service, found in toys.items():
        assert run(rows(found.owner, "SELECT current_user, current_database()")) == [
            (owner_role(service), service)
        ]
        assert run(rows(found.app, "SELECT current_user, current_database()")) == [
            (app_role(service), service)
        ]


def test_no_role_connects_to_another_service(toys: dict[str, ServiceUrls]) -> None:
    one, other = toys
    for url in (toys[one].app, toys[one].owner):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            run(rows(with_database(url, other), "SELECT 1"))


def test_the_running_role_cannot_become_the_owner(server: Server) -> None:
    names = fresh_names()
    passwords = {role: secrets.token_urlsafe(9) for role in roles_of(names)}
    made = ensure_databases(server.admin_url, names, passwords)
    try:
        owner = owner_role(names[0])
        with pytest.raises(asyncpg.InvalidPasswordError):
            run(rows(with_role(made[names[0]].app, owner, passwords[app_role(names[0])]), "SELECT 1"))
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            run(execute(made[names[0]].app, f'SET ROLE "{owner}"'))
    finally:
        drop(server.admin_url, names)


def test_the_running_role_gets_only_what_the_owner_grants(toys: dict[str, ServiceUrls]) -> None:
    (service, found), _ = toys.items()
    run(execute(found.owner, "CREATE TABLE thing (id int)"))
    for forbidden in (
        "SELECT * FROM thing",
        "INSERT INTO thing VALUES (1)",
        "DROP TABLE thing",
        "CREATE TABLE mine (id int)",
        "CREATE SCHEMA mine",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            run(execute(found.app, forbidden))
    run(execute(found.owner, f'GRANT SELECT ON thing TO "{app_role(service)}"'))
    run(execute(found.app, "SELECT * FROM thing", "CREATE TEMPORARY TABLE incoming (id int)"))


def test_repeating_it_changes_nothing_and_loses_nothing(server: Server, toys: dict[str, ServiceUrls]) -> None:
    names = list(toys)
    run(execute(toys[names[0]].owner, "CREATE TABLE thing (id int)"))
    before = [effect(server.admin_url, name) for name in names]
    again = ensure_databases(server.admin_url, names, dict.fromkeys(roles_of(names), PASSWORD))
    assert again == toys
    assert [effect(server.admin_url, name) for name in names] == before
    assert run(rows(toys[names[0]].owner, "SELECT count(*) FROM thing")) == [(0,)]


def test_many_may_do_it_at_once(server: Server, toys: dict[str, ServiceUrls]) -> None:
    names = list(toys)
    passwords = dict.fromkeys(roles_of(names), PASSWORD)
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: ensure_databases(server.admin_url, names, passwords), range(16)))
    assert made == [toys] * 16


def test_an_administrator_who_is_no_superuser_can_do_it_and_repeat_it(server: Server) -> None:
    names, admin = fresh_names(), f"admin_{secrets.token_hex(4)}"
    verifier = scram_verifier(PASSWORD)
    run(execute(server.admin_url, f"CREATE ROLE {admin} LOGIN CREATEDB CREATEROLE PASSWORD '{verifier}'"))
    url = with_role(normalise_url(server.admin_url), admin, PASSWORD)
    try:
        for _ in range(2):
            made = ensure_databases(url, names, dict.fromkeys(roles_of(names), PASSWORD))
        assert effect(server.admin_url, names[0])["rights"]
        assert run(rows(made[names[0]].app, "SELECT 1")) == [(1,)]
    finally:
        drop(url, names)
        run(execute(server.admin_url, f"DROP ROLE {admin}"))


def test_the_file_for_doing_it_by_hand_does_the_same(server: Server, toys: dict[str, ServiceUrls]) -> None:
    (name,) = fresh_names()[:1]
    values = {"service": name, "owner_password": PASSWORD, "app_password": PASSWORD}
    variables = [part for key, value in values.items() for part in ("-v", f"{key}={value}")]
    command = [psql(), "-X", "-q", *variables, "-f", "deploy/databases.sql", asyncpg_dsn(server.admin_url)]
    try:
        for _ in range(2):
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={"PATH": os.environ["PATH"]})
        by_hand = effect(server.admin_url, name)
        assert by_hand == effect(server.admin_url, next(iter(toys)))
        found = urls(server.admin_url, name, name, dict.fromkeys(roles_of([name]), PASSWORD))
        assert run(rows(found.app, "SELECT 1")) == [(1,)]
    finally:
        drop(server.admin_url, [name])


def psql() -> str:
    """Return the psql that comes with the embedded server."""
    return str(programs() / "psql")


def effect(admin_url: str, service: str) -> dict[str, object]:
    """Return everything that was arranged for a service, its name taken out."""
    roles = "SELECT rolname, rolcanlogin, rolinherit, rolsuper, rolcreatedb, rolcreaterole FROM pg_roles"
    database = (
        "SELECT pg_get_userbyid(datdba), datacl::text[], datlocprovider, datlocale, encoding"
        f" FROM pg_database WHERE datname = '{service}'"
    )
    schema = "SELECT nspacl::text[] FROM pg_namespace WHERE nspname = 'public'"
    found = {
        "roles": run(rows(admin_url, f"{roles} WHERE rolname LIKE '{service}%' ORDER BY 1")),
        "rights": run(rows(admin_url, database)),
        "schema": run(rows(with_database(admin_url, service), schema)),
    }
    return {key: repr(sorted(map(repr, value))).replace(service, "SERVICE") for key, value in found.items()}


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_each_usual_scheme_is_understood(scheme: str) -> None:
    given = f"{scheme}://me:p%40ss@db.example:5433/register?sslmode=require"
    assert normalise_url(given) == "postgresql+asyncpg://me:p%40ss@db.example:5433/register?sslmode=require"
    assert asyncpg_dsn(given) == "postgresql://me:p%40ss@db.example:5433/register?sslmode=require"


@pytest.mark.parametrize("given", ["mysql://x/y", "postgresql+psycopg://x/y", "register.db", ""])
def test_another_scheme_is_refused_by_name(given: str) -> None:
    with pytest.raises(NotAPostgresAddress, match="starts with"):
        normalise_url(given)


def test_an_address_without_a_host_keeps_its_shape() -> None:
    given = "postgresql://me@/register?host=/run/postgresql"
    assert normalise_url(given) == "postgresql+asyncpg://me@/register?host=/run/postgresql"
    assert with_role(given, "you", "s:/@") == "postgresql://you:s%3A%2F%40@/register?host=/run/postgresql"
    assert with_database(given, "gateway") == "postgresql://me@/gateway?host=/run/postgresql"


def test_a_printed_address_shows_no_password() -> None:
    assert shown("postgres://me:secret@db.example:5433/register") == "db.example:5433/register"
    there = socket_url(role="me", password="secret", database="register", folder="/run/a b", port=5432)
    assert shown(there) == "/run/a b/register"
    assert "secret" not in shown("postgres://me:sec@ret@db/x")
