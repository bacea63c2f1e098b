"""The gateway put together: the only place where its parts meet."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any

import httpx
from fastapi import FastAPI

from services.gateway.clients.neighbours import Neighbours
from services.gateway.clients.upstream import Service
from services.gateway.graph.context import Desk
from services.gateway.graph.documents import RegisteredDocuments
from services.gateway.operations import tokens as issued_tokens
from services.gateway.operations.authentication import Door
from services.gateway.operations.checks.checks import Notary
from services.gateway.operations.clients import refuse_samples
from services.gateway.operations.signing_keys import Keys
from services.gateway.pages import (
    awards,
    career_map,
    courses,
    faults,
    figures,
    finding,
    mark_explained,
    marks,
    schools,
    training,
    verification,
)
from services.gateway.pages import receipts as receipt_pages
from services.gateway.routes import documentation, graphql, tokens, well_known
from services.gateway.routes.checks import assurances, checks, receipts
from services.gateway.settings import Settings
from services.gateway.storage.database import connect
from services.gateway.storage.tables import answers, journal
from shared import web
from shared.clock import Clock, utc_now
from shared.database import Database
from shared.health import health_router, journal_router
from shared.http import Neighbour, json_fetcher
from shared.idempotency import Once
from shared.issuer_documents import FetchJson
from shared.schema_version import head
from shared.telemetry import configure_logs, configure_traces
from shared.tokens import TokenVerifier

VERSION = "0.1.0"
SCOPES = {
    "members:write": "Write and read back one's own association's members, holdings and applications.",
    "cpd:write": "Write and read back one's own association's records of continuing development.",
    "register:decide": "Authenticate evidence, decide applications, impose and lift sanctions.",
    "cpd:audit": "Draw, assess and decide audits of continuing development.",
    "awards:write": "Write one's own award schemes, mappings and awards.",
    "validations:decide": "Assess and decide validations of award schemes.",
    "checks:write": "Check licences with a second fact, and keep the receipt.",
    "people:match": "Check licences with a second fact, in batches.",
    "people:read": "Look up practitioners in batches.",
    "changes:read": "Follow changes.",
    "internal": "Read the journal, as a neighbouring service.",
}

ROUTES = (
    tokens,
    well_known,
    graphql,
    checks,
    assurances,
    receipts,
    receipt_pages,
    schools,
    marks,
    finding,
    figures,
    documentation,
    mark_explained,
    awards,
    career_map,
    training,
    courses,
    verification,
)
QUIET = frozenset({"/livez", "/readyz", "/metrics", "/.well-known/revocations.json", "/static/{name:path}"})


def create_app(
    settings: Settings,
    *,
    clock: Clock = utc_now,
    transports: Mapping[str, httpx.AsyncBaseTransport] | None = None,
) -> FastAPI:
    """Return the gateway.

    ``transports`` stand in for the network in tests: ``register`` to the register, ``issuers`` to issuers
    other than the gateway itself.
    """
    transports = transports or {}
    db = connect(settings.database_url, pool_size=settings.database_pool_size)
    keys = Keys(settings.signing_keys_file)
    if in_production := settings.environment == "production":
        keys.refuse_development()
    services = _services(settings, transports, clock)
    fetch_outside, close_fetch = json_fetcher(transports.get("issuers"))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            if in_production:
                await refuse_samples(db)
            yield
        finally:
            for close in (*(service.close for service in services), close_fetch, db.close):
                await close()

    app = _described(lifespan)
    app.state.settings, app.state.keys, app.state.introspection = settings, keys, settings.introspection
    app.state.documents = RegisteredDocuments(settings.graph_documents, only=settings.graph_documents_only)
    notary = Notary(keys=keys, issuer=settings.issuer)
    app.state.desk = Desk(db=db, notary=notary, once=partial(Once, answers), clock=clock)
    install_services(app, services)
    app.state.door = Door(db, audiences=(settings.issuer, settings.token_url), samples=not in_production)
    fetch = _fetcher(settings, db, keys, clock, outside=fetch_outside)
    _open(app, settings, db=db, clock=clock, verifier=TokenVerifier(settings.issuers, fetch=fetch))
    return app


def _services(
    settings: Settings, transports: Mapping[str, httpx.AsyncBaseTransport], clock: Clock
) -> list[Service]:
    addresses = {
        "register": settings.register_url,
        "cpd": settings.cpd_url,
        "kitemark": settings.kitemark_url,
    }
    return [
        Service(Neighbour(name, url, transport=transports.get(name)), clock=clock)
        for name, url in addresses.items()
    ]


def install_services(app: FastAPI, services: Sequence[Service]) -> None:
    """Make the neighbours known to the routes: the register, CPD and the kite mark, in this order."""
    app.state.services = {service.name: service for service in services}
    app.state.neighbours = Neighbours.of(app.state.services)


def _open(app: FastAPI, settings: Settings, *, db: Database, clock: Clock, verifier: TokenVerifier) -> None:
    """Give the app what every app has, its routes and its own pages for faults."""
    web.install(
        app,
        db=db,
        clock=clock,
        tokens=verifier,
        errors_url=settings.errors_url,
        token_url=settings.token_url,
        answers=answers,
        scopes=SCOPES,
        quiet=QUIET,
        limits=settings,
    )
    faults.install(app)
    web.open_routes(
        app,
        health_router(service="gateway", version=VERSION, expected_schema=head("gateway")),
        journal_router(journal),
        *(routes.router for routes in ROUTES),
    )


def _described(lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]]) -> FastAPI:
    return FastAPI(
        title="Gateway",
        version=VERSION,
        description="The front door: access tokens, one graph over the services, the public pages.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )


def build() -> FastAPI:
    """Return the gateway as the environment describes it."""
    settings = Settings()
    configure_logs("gateway")
    configure_traces("gateway", endpoint=settings.traces_endpoint)
    return create_app(settings)


def _fetcher(settings: Settings, db: Database, keys: Keys, clock: Clock, *, outside: FetchJson) -> FetchJson:
    """Return what fetches issuers' documents: its own from where they are, without HTTP to itself."""
    own = settings.own_issuer

    async def fetch(url: str) -> dict[str, Any]:
        if url == own.jwks_url:
            return keys.publish(now=clock())
        if url == own.revocations_url:
            return await issued_tokens.revocations(db, now=clock())
        return await outside(url)

    return fetch
