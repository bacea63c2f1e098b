"""Which migration a database stands at, and which is the newest on disk, asked without importing Alembic."""

import re
from pathlib import Path

import asyncpg

from shared.postgres.urls import asyncpg_dsn

ROOT = Path(__file__).resolve().parents[1]

_REVISION = re.compile(r"^revision(?::\s*str)?\s*=\s*[\"'](.+?)[\"']", re.MULTILINE)


class NoMigrations(Exception):
    """There is no migration in {folder}."""

    def __init__(self, folder: Path) -> None:
        super().__init__((self.__doc__ or "").format(folder=folder))


def versions_folder(service: str, *, root: Path = ROOT) -> Path:
    """Return the folder that holds the service's migrations."""
    return root / "services" / service / "migrations" / "versions"


def head(service: str, *, root: Path = ROOT) -> str:
    """Return the newest revision of the service: files are numbered, so it stands in the last one."""
    folder = versions_folder(service, root=root)
    files = sorted(folder.glob("[0-9]*.py"))
    found = _REVISION.search(files[-1].read_text()) if files else None
    if not found:
        raise NoMigrations(folder)
    return found[1]


async def current(url: str) -> str | None:
    """Return the revision that the database at ``url`` stands at, or None before the first migration."""
    connection = await asyncpg.connect(asyncpg_dsn(url))
    try:
        revision: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
    except asyncpg.UndefinedTableError:
        return None
    finally:
        await connection.close()
    return revision
