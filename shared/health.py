"""Is it alive, is it ready, which version is it, what does it measure, what has it written."""

import os
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from prometheus_client import generate_latest
from pydantic import BaseModel
from sqlalchemy import Table

from shared.database import Database
from shared.errors import Unavailable
from shared.journal import wait_after
from shared.stopping import Stopping
from shared.web import Db, guarded_router, needs

LONGEST_WAIT = 30.0
MOST_LINES = 1000


class NotReady(Unavailable):
    """The service is not ready: {why}."""


class JournalLine(BaseModel):
    """One line of the journal. ``previous`` is the SHA-256 of the line before, in hexadecimal."""

    position: int
    at: str
    actor: str
    event: str
    subject: str
    facts: dict[str, Any]
    previous: str


class JournalLines(BaseModel):
    """Lines in order, and the position to continue after."""

    items: list[JournalLine]
    next: int


def health_router(*, service: str, version: str, expected_schema: str) -> APIRouter:
    """Return ``/livez``, ``/readyz``, ``/version`` and ``/metrics``."""
    health = APIRouter(tags=["health"])

    @health.get("/livez", operation_id="livez")
    async def livez() -> dict[str, str]:
        """Say that the process answers, and which start of it this is."""
        return {"status": "ok", "instance": os.environ.get("SUPERVISOR_INSTANCE", "")}

    @health.get("/readyz", operation_id="readyz")
    async def readyz(request: Request) -> dict[str, str]:
        """Say whether the database answers and has the schema that this version needs."""
        db: Database = request.app.state.db
        # Before the first migration there is no such table, and that is no fault.
        is_made = (await db.fetch("SELECT to_regclass('alembic_version') IS NOT NULL"))[0][0]
        found = await db.fetch("SELECT version_num FROM alembic_version") if is_made else []
        if [row[0] for row in found] != [expected_schema]:
            raise NotReady(why="the database schema is not the one that this version needs; migrate")
        return {"status": "ready", "instance": os.environ.get("SUPERVISOR_INSTANCE", "")}

    @health.get("/version", operation_id="version")
    async def the_version() -> dict[str, str]:
        """Say which service and version this is."""
        return {"service": service, "version": version, "schema": expected_schema}

    @health.get("/metrics", operation_id="metrics", response_class=Response)
    async def metrics(request: Request) -> Response:
        """Give the measurements in Prometheus' text format."""
        return Response(generate_latest(request.app.state.registry), media_type="text/plain")

    return health


def journal_router(journal: Table) -> APIRouter:
    """Return ``GET /v1/journal`` for neighbours."""
    lines = guarded_router("journal")

    @lines.get("/v1/journal", operation_id="readJournal", openapi_extra=needs("internal"))
    async def read_journal(
        request: Request,
        db: Db,
        after: Annotated[int, Query(ge=0, lt=2**63)] = 0,
        limit: Annotated[int, Query(ge=1, le=MOST_LINES)] = 200,
        wait: Annotated[float, Query(ge=0, le=LONGEST_WAIT, allow_inf_nan=False)] = 0,
    ) -> JournalLines:
        """Read the lines after a position, waiting up to ``wait`` seconds for the first one."""
        stopping: Stopping = request.app.state.stopping

        async def gone() -> bool:
            return stopping.told or await request.is_disconnected()

        found = await wait_after(db, journal, after=after, limit=limit, seconds=wait, gone=gone)
        items = [JournalLine(**line.as_dict()) for line in found]
        return JournalLines(items=items, next=found[-1].position if found else after)

    return lines
