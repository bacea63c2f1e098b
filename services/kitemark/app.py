"""The kite mark put together: the only place where its parts meet."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import httpx
from fastapi import FastAPI

from services.kitemark.clients.advisers import AdvisersClient
from services.kitemark.clients.cpd import CpdClient
from services.kitemark.clients.register import register_client
from services.kitemark.routes import reference
from services.kitemark.routes.awards import award_files, awards, marks, proposals, standings
from services.kitemark.routes.changes import changes
from services.kitemark.routes.establishments import establishments
from services.kitemark.routes.examples import EXAMPLES
from services.kitemark.routes.joined import reuses, staff_evidence
from services.kitemark.routes.policing import cases, concerns, duplicates, moderations, quality
from services.kitemark.routes.providers import (
    accreditation_files,
    accreditations,
    compliances,
    providers,
    rules,
)
from services.kitemark.routes.reports import coverage
from services.kitemark.routes.reports import providers as provider_reports
from services.kitemark.settings import Settings
from services.kitemark.storage.database import connect
from services.kitemark.storage.tables import answers, journal
from shared import web
from shared.clock import Clock, utc_now
from shared.database import Database
from shared.health import health_router, journal_router
from shared.http import Neighbour, json_fetcher
from shared.own_client import GatewayClient, credentials_of
from shared.schema_version import head
from shared.telemetry import configure_logs, configure_traces
from shared.tokens import TokenVerifier

VERSION = "0.1.0"
SCOPES = {
    "awards:write": "Write one's own body's schemes, mappings and awards.",
    "validations:decide": "Assess and decide validations, moderate awards.",
    "checks:write": "Take evidence of one's own school, and say what its awards' work is reused for.",
    "cpd:write": "Ask a school to let work for its award stand in the CPD log.",
    "register:decide": "Load establishments, publish policies.",
    "changes:read": "Follow changes of marks.",
    "internal": "Read the journal, as a neighbouring service.",
}
ROUTES = (
    reference,
    awards,
    award_files,
    marks,
    standings,
    proposals,
    establishments,
    compliances,
    providers,
    accreditations,
    accreditation_files,
    rules,
    provider_reports,
    coverage,
    staff_evidence,
    reuses,
    duplicates,
    moderations,
    cases,
    concerns,
    quality,
    changes,
)
QUIET = frozenset({"/livez", "/readyz", "/metrics"})


def create_app(
    settings: Settings,
    *,
    clock: Clock = utc_now,
    transports: Mapping[str, httpx.AsyncBaseTransport] | None = None,
) -> FastAPI:
    """Return the kite-mark service.

    ``transports`` stand in for the network in tests: ``issuers`` to the issuers, ``register`` and ``gateway``
    to these neighbours.
    """
    transports = transports or {}
    db = connect(settings.database_url, pool_size=settings.database_pool_size)
    fetch, close_fetch = json_fetcher(transports.get("issuers"))
    register = register_client(
        register_url=settings.register_url,
        token_url=settings.own_token_url or settings.token_url,
        credentials=credentials_of(settings.client_id, settings.secret, settings.credentials_file),
        transports=transports,
    )
    advisers, cpd = _joined(settings, transports)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            yield
        finally:
            for close in (register.close, advisers.close, cpd.close, close_fetch, db.close):
                await close()

    app = _described(lifespan)
    app.state.register, app.state.advisers, app.state.cpd = register, advisers, cpd
    tokens = TokenVerifier(settings.trusted_issuers, fetch=fetch)
    _open(app, settings, db=db, clock=clock, tokens=tokens)
    return app


def _joined(
    settings: Settings, transports: Mapping[str, httpx.AsyncBaseTransport]
) -> tuple[AdvisersClient, CpdClient]:
    """Return those of whom a school's evidence is asked."""
    credentials = credentials_of(settings.client_id, settings.secret, settings.credentials_file)
    gateway = Neighbour("gateway", "", transport=transports.get("gateway"))
    tokens = GatewayClient(gateway, settings.own_token_url or settings.token_url, credentials)
    register = Neighbour("register", settings.register_url, transport=transports.get("register"))
    cpd = Neighbour("cpd", settings.cpd_url, transport=transports.get("cpd"))
    return AdvisersClient(register), CpdClient(cpd, tokens)


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
        health_router(service="kitemark", version=VERSION, expected_schema=head("kitemark")),
        journal_router(journal),
        *(routes.router for routes in ROUTES),
    )


def _described(lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]]) -> FastAPI:
    return FastAPI(
        title="Kite mark",
        version=VERSION,
        description="Quality awards, the schools that hold them, and the providers that are accredited.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )


def build() -> FastAPI:
    """Return the kite-mark service as the environment describes it."""
    settings = Settings()
    configure_logs("kitemark")
    configure_traces("kitemark", endpoint=settings.traces_endpoint)
    return create_app(settings)
