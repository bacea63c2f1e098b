"""Two toy services in a folder of their own, for testing what runs services without the real ones."""

import shutil
from pathlib import Path

from shared.schema_version import ROOT

_APP = '''
"""A service that answers its health and shows what it was given."""
import os
import asyncpg
from shared.postgres.urls import asyncpg_dsn

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return
    body, status = await answer(scope["path"])
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": body.encode()})

async def answer(path):
    if path == "/crash":
        os._exit(7)
    if path == "/environment":
        import json
        return json.dumps(dict(os.environ)), 200
    connection = await asyncpg.connect(asyncpg_dsn(os.environ["UPPER_DATABASE_URL"]))
    await connection.fetchval("SELECT version_num FROM alembic_version")
    await connection.close()
    return os.environ["SUPERVISOR_INSTANCE"], 200

def build():
    return app
'''

_JOBS = '''
"""A service that gives back what it made the first time."""
import os

async def prepare(previous):
    kept = previous.get("clients", {}).get("NAME", {"id": "NAME-client", "secret": os.urandom(8).hex()})
    return {"clients": {"NAME": kept}, "people": {"licensed": {"number": "CR00000001"}},
            "schools": {"none": {"urn": "999907"}}}

def make_signing_keys(path):
    path.write_text("{}")
'''

_TABLES = '''
"""The tables of a toy."""
from sqlalchemy import Column, Integer, MetaData, Table

metadata = MetaData()
thing = Table("thing", metadata, Column("id", Integer, primary_key=True))
'''

_MIGRATION = '''
"""expand: the first table"""
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

def upgrade():
    op.create_table("thing", sa.Column("id", sa.Integer, primary_key=True))

def downgrade():
    op.drop_table("thing")
'''

_ENV = """
from services.NAME.storage.tables import metadata
from shared.migrations import run_env

run_env(metadata)
"""


def build(root: Path, *, services: tuple[str, ...] = ("register", "gateway")) -> Path:
    """Write the toy services under ``root`` and return it."""
    _write(root / "services" / "__init__.py", '"""Toys."""\n')
    (root / "alembic.ini").write_text((ROOT / "alembic.ini").read_text())
    for name in services:
        folder = root / "services" / name
        for path, content in (
            ("__init__.py", '"""A toy."""\n'),
            ("app.py", _APP.replace("UPPER", name.upper())),
            ("jobs.py", _JOBS.replace("NAME", name)),
            ("storage/__init__.py", '"""A toy."""\n'),
            ("storage/tables.py", _TABLES),
            ("migrations/env.py", _ENV.replace("NAME", name)),
            ("migrations/versions/0001_first.py", _MIGRATION),
        ):
            _write(folder / path, content)
        shutil.copy(ROOT / "services" / "register" / "migrations" / "script.py.mako", folder / "migrations")
    return root


def _write(file: Path, content: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content.lstrip())
