"""CPD put together: the only place where its parts meet."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import httpx
from fastapi import FastAPI

from services.cpd.clients.evidence_store import EvidenceStore
from services.cpd.clients.register import follower
from services.cpd.operations import sample
from services.cpd.operations.following import following
from services.cpd.routes import (
    commitments,
    entries,
    entry_files,
    pauses,
    reference,
    returns,
    standings,
    valuations,
)
from services.cpd.routes.audit import assessors, audits, cases
from services.cpd.routes.audit import reports as audit_reports
from services.cpd.routes.catalogue import equivalences, offers
from services.cpd.routes.credits import award_offers, bank, modules, programmes, progress, recognitions
from services.cpd.routes.evidence import files as evidence_files
from services.cpd.routes.examples import EXAMPLES
from services.cpd.routes.reports import activity as activity_reports
from services.cpd.settings import Settings
from services.cpd.storage.database import connect
from services.cpd.storage.tables import answers, journal
from shared import web
from shared.clock import Clock, utc_now
from shared.database import Database
from shared.health import health_router, journal_router
from shared.http import json_fetcher
from shared.own_client import credentials_of
from shared.schema_version import head
from shared.telemetry import configure_logs, configure_traces
from shared.tokens import TokenVerifier

VERSION = "0.1.0"
SCOPES = {
    "cpd:write": "Write and read back one's own association's records of continuing development.",
    "cpd:audit": "Decide deferrals and exemptions, draw and decide audits, read what was done.",
    "register:decide": "Publish policies of continuing development, read standings.",
    "people:read": "Read standings.",
    "internal": "Read standings and the journal, as a neighbouring service.",
}
ROUTES = (
    standings,
    entries,
    entry_files,
    offers,
    returns,
    commitments,
    pauses,
    reference,
    audits,
    cases,
    assessors,
    audit_reports,
    evidence_files,
    equivalences,
    valuations,
    activity_reports,
    modules,
    programmes,
    bank,
    recognitions,
    progress,
    award_offers,
)
QUIET = frozenset({"/livez", "/readyz", "/metrics"})


def create_app(
    settings: Settings,
    *,
    clock: Clock = utc_now,
    transports: Mapping[str, httpx.AsyncBaseTransport] | None = None,
) -> FastAPI:
    """Return the CPD service.

    ``transports`` stand in for the network in tests: ``issuers`` to the issuers, ``register`` and ``gateway``
    to these neighbours.
    """
    transports = transports or {}
    db = connect(settings.database_url, pool_size=settings.database_pool_size)
    fetch, close_fetch = json_fetcher(transports.get("issuers"))
    register = follower(
        register_url=settings.register_url,
        token_url=settings.own_token_url or settings.token_url,
        credentials=credentials_of(settings.client_id, settings.secret, settings.credentials_file),
        transports=transports,
    )

    async def caught_up() -> None:
        if settings.environment == "development":
            await sample.load_sample(db, now=clock())

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            async with following(db, register, clock=clock, caught_up=caught_up):
                yield
        finally:
            for close in (register.close, close_fetch, db.close):
                await close()

    app = _described(lifespan)
    app.state.register = register
    app.state.evidence = EvidenceStore(settings.evidence_url)
    tokens = TokenVerifier(settings.trusted_issuers, fetch=fetch)
    _open(app, settings, db=db, clock=clock, tokens=tokens)
    return app


def _open(app: FastAPI, settings: Settings, *, db: Database, clock: Clock, tokens: TokenVerifier) -> None:
    """Give the app what every app has, and its routes."""
    web.install(
        app,
        db=db,
        clock=clock,
        tokens=tokens,
        errors_url=settings.errors_url,
        token_url=settings.token_url,
        answers=answers,
        scopes=SCOPES,
        examples=EXAMPLES,
        quiet=QUIET,
        limits=settings,
    )
    web.open_routes(
        app,
        health_router(service="cpd", version=VERSION, expected_schema=head("cpd")),
        journal_router(journal),
        *(routes.router for routes in ROUTES),
    )


def _described(lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]]) -> FastAPI:
    return FastAPI(
        title="CPD",
        version=VERSION,
        description="Continuing professional development: obligations, the log, and where everybody stands.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )


def build() -> FastAPI:
    """Return the CPD service as the environment describes it."""
    settings = Settings()
    configure_logs("cpd")
    configure_traces("cpd", endpoint=settings.traces_endpoint)
    return create_app(settings)
