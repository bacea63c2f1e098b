"""Every service's migrations: they make what the code describes, go back and forth, and form one line."""

import asyncio
import os
import re
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError

from shared import migrations, schema_version
from shared.postgres.roles import ensure_databases, run
from shared.postgres.urls import asyncpg_dsn
from tests.clones import Server, execute
from tests.conftest import Clone, built_services
from tests.house.toy_services import build

CATALOGUE = """
    SELECT 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull::text
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'public' AND a.attnum > 0 AND NOT a.attisdropped AND c.relname !~ '^alembic'
    UNION ALL
    SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(c.oid), ''
      FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
     WHERE n.nspname = 'public' AND conrelid::regclass::text !~ '^alembic'
    UNION ALL
    SELECT 'index', tablename, indexname, indexdef, '' FROM pg_indexes
     WHERE schemaname = 'public' AND tablename !~ '^alembic'
    UNION ALL
    SELECT 'type', typname, '', '', '' FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
     WHERE n.nspname = 'public' AND typname !~ 'alembic'
    UNION ALL
    SELECT 'function', proname, pg_get_functiondef(p.oid), '', '' FROM pg_proc p
      JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE n.nspname = 'public' AND prokind IN ('f', 'p') AND probin IS NULL AND prolang <> 12
    UNION ALL
    SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), '' FROM pg_trigger
     WHERE NOT tgisinternal
    UNION ALL
    SELECT 'policy', tablename, policyname, coalesce(qual, ''), coalesce(with_check, '') FROM pg_policies
    UNION ALL
    SELECT 'right', relname, coalesce(relacl::text, ''), relrowsecurity::text, ''
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'public' AND relname !~ '^alembic'
     ORDER BY 1, 2, 3, 4, 5
"""

each_service = pytest.mark.parametrize("service", built_services())


async def catalogue(url: str) -> list[tuple[str, ...]]:
    """Return everything that migrations have made in a database."""
    connection = await asyncpg.connect(asyncpg_dsn(url))
    try:
        return [tuple(row) for row in await connection.fetch(CATALOGUE)]
    finally:
        await connection.close()


@each_service
def test_the_migrations_make_what_the_tables_describe(service: str, clone: Clone) -> None:
    with clone(service) as urls:
        migrations.check(service, urls.owner)


@each_service
def test_going_back_leaves_nothing_and_coming_again_makes_the_same(service: str, clone: Clone) -> None:
    with clone(service) as urls:
        before = run(catalogue(urls.owner))
        migrations.downgrade(service, urls.owner)
        assert run(catalogue(urls.owner)) == []
        migrations.upgrade(service, urls.owner)
        assert run(catalogue(urls.owner)) == before


@each_service
def test_the_cheap_question_agrees_with_alembic(service: str, clone: Clone) -> None:
    with clone(service) as urls:
        assert run(schema_version.current(urls.app)) == schema_version.head(service)


@each_service
def test_migrations_are_numbered_without_a_gap_and_say_expand_or_contract(service: str) -> None:
    files = sorted(schema_version.versions_folder(service).glob("*.py"))
    assert [file.name[:5] for file in files] == [f"{number:04}_" for number in range(1, len(files) + 1)]
    for before, file in zip([None, *files], files, strict=False):
        text = file.read_text()
        assert re.search(rf'^revision(: str)? = "{file.name[:4]}"$', text, re.MULTILINE), file
        follows = f'"{before.name[:4]}"' if before else "None"
        assert re.search(rf"^down_revision(: [^=]+)? = {follows}$", text, re.MULTILINE), file
        assert re.match(r'"""(expand|contract): ', text), file


@pytest.fixture
def toy(server: Server, tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A toy service's checkout, and the owner's address of an empty database for it."""
    prefix = f"{server.prefix}{secrets.token_hex(4)}_"
    made = ensure_databases(server.admin_url, ["register"], server.passwords, prefix=prefix)
    yield build(tmp_path / "toys", services=("register",)), made["register"].owner
    run(execute(server.admin_url, f'DROP DATABASE "{prefix}register" WITH (FORCE)'))


@each_service
def test_a_migration_that_waits_for_a_lock_gives_up_soon(
    service: str, clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "LOCK_TIMEOUT", "200ms")

    async def hold_and_downgrade(url: str) -> None:
        connection = await asyncpg.connect(asyncpg_dsn(url))
        try:
            async with connection.transaction():
                await connection.execute("LOCK TABLE journal")
                await asyncio.to_thread(migrations.downgrade, service, url)
        finally:
            await connection.close()

    refusals = (DBAPIError, asyncpg.LockNotAvailableError)
    with clone(service) as urls, pytest.raises(refusals, match="lock timeout"):
        run(hold_and_downgrade(urls.owner))


def test_two_deployments_at_once_migrate_once(toy: tuple[Path, str]) -> None:
    root, url = toy

    async def both() -> None:
        started = [await alembic(root, url, "upgrade", "head") for _ in range(2)]
        assert [await process.wait() for process in started] == [0, 0]

    run(both())
    assert run(schema_version.current(url)) == "0001"


def test_what_would_be_done_can_be_read_without_a_database(toy: tuple[Path, str]) -> None:
    root, url = toy

    async def written() -> str:
        process = await alembic(root, url, "upgrade", "head", "--sql", stdout=asyncio.subprocess.PIPE)
        return (await process.communicate())[0].decode()

    assert "CREATE TABLE thing" in run(written())
    assert run(schema_version.current(url)) is None


def test_a_missing_address_is_named(toy: tuple[Path, str]) -> None:
    root, _ = toy

    async def said() -> str:
        process = await alembic(root, "", "upgrade", "head", stderr=asyncio.subprocess.PIPE)
        return (await process.communicate())[1].decode()

    assert "Set REGISTER_MIGRATION_URL to the address" in run(said())


async def alembic(root: Path, url: str, *command: str, **pipes: int) -> asyncio.subprocess.Process:
    """Start Alembic as a person would, in a process of its own: its environment is one per process."""
    path = f"{root}{os.pathsep}{schema_version.ROOT}"
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "alembic", "-n", "register", *command),
        cwd=root,
        env=os.environ | {"REGISTER_MIGRATION_URL": url, "PYTHONPATH": path},
        **pipes,
    )


def test_a_folder_without_migrations_is_named(tmp_path: Path) -> None:
    with pytest.raises(schema_version.NoMigrations, match="versions"):
        schema_version.head("register", root=tmp_path)


def test_the_running_role_may_read_which_version_it_has_and_not_change_it(clone: Clone) -> None:
    for service in built_services()[:1]:
        with clone(service) as urls:
            assert run(schema_version.current(urls.app))
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                run(execute(urls.app, "DELETE FROM alembic_version"))
