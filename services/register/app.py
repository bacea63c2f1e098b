"""The register put together: the only place where its parts meet."""

import gc
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import httpx
from fastapi import FastAPI

from services.register.clients.cpd import CpdClient
from services.register.clients.cpd_journal import cpd_journal
from services.register.operations import import_runs
from services.register.operations.cpd_outcomes.following import following
from services.register.operations.rights.disclosures import log_of
from services.register.routes import (
    applications,
    code_acceptances,
    holdings,
    imports,
    licences,
    members,
    possible_duplicates,
    practitioners,
    reference,
    retirements,
    sanctions,
    verifications,
)
from services.register.routes.changes import changes
from services.register.routes.conduct import alerts, cases, complaints, decisions
from services.register.routes.cpd_outcomes import outcomes
from services.register.routes.directory import (
    courses,
    directory_drafts,
    directory_editions,
    directory_reports,
)
from services.register.routes.entry_routes import entry_routes, suites
from services.register.routes.examples import EXAMPLES
from services.register.routes.finding import practitioner_search, unlistings
from services.register.routes.framework import framework, gaps
from services.register.routes.licence_lookup import LicenceLookup
from services.register.routes.matching import matches, merges, questions
from services.register.routes.posts import answers as post_answers
from services.register.routes.posts import organisations, posts
from services.register.routes.renewal import (
    death_corrections,
    deaths,
    name_changes,
    renewals,
    restorations,
)
from services.register.routes.reports import forecasts, reports
from services.register.routes.rights import disclosures, erasures, exports
from services.register.settings import Settings
from services.register.storage.database import connect
from services.register.storage.tables import answers, journal
from shared import web
from shared.clock import Clock, utc_now
from shared.database import Database
from shared.following import NeighbourJournal
from shared.health import health_router, journal_router
from shared.http import json_fetcher
from shared.own_client import credentials_of
from shared.requests import request_seconds
from shared.schema_version import head
from shared.telemetry import configure_logs, configure_traces
from shared.tokens import TokenVerifier

VERSION = "0.1.0"
SCOPES = {
    "members:write": "Write and read back one's own association's members, holdings and applications.",
    "register:decide": "Authenticate evidence, decide applications, impose and lift sanctions.",
    "checks:write": "Check licences with a second fact.",
    "people:match": "Match rows with people, and check licences with a second fact, in batches.",
    "people:read": "Look up practitioners in batches.",
    "changes:read": "Follow changes.",
    "internal": "Read the journal, as a neighbouring service.",
}

ROUTES = (
    licences,
    verifications,
    practitioners,
    members,
    holdings,
    code_acceptances,
    applications,
    sanctions,
    retirements,
    possible_duplicates,
    imports,
    reference,
    matches,
    questions,
    merges,
    courses,
    directory_reports,
    directory_editions,
    directory_drafts,
    entry_routes,
    suites,
    framework,
    gaps,
    disclosures,
    exports,
    erasures,
    # The batch is matched before a post by its id.
    post_answers,
    posts,
    organisations,
    reports,
    forecasts,
    renewals,
    restorations,
    deaths,
    death_corrections,
    name_changes,
    alerts,
    complaints,
    cases,
    decisions,
    practitioner_search,
    unlistings,
    changes,
    outcomes,
)
QUIET = frozenset({"/v1/licences/{number}", "/livez", "/readyz", "/metrics"})


def create_app(
    settings: Settings, *, clock: Clock = utc_now, transport: httpx.AsyncBaseTransport | None = None
) -> FastAPI:
    """Return the register. ``transport`` stands in for the network to issuers and neighbours in tests."""
    db = connect(settings.database_url, pool_size=settings.database_pool_size)
    fetch, close_fetch = json_fetcher(transport)
    tokens = TokenVerifier(settings.trusted_issuers, fetch=fetch)
    cpd = CpdClient(settings.cpd_url, transport=transport)
    heard = _cpd_journal(settings, transport)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        _settle()
        try:
            async with import_runs.working(db, clock=clock), following(db, heard, clock=clock):
                yield
        finally:
            for close in (*([] if heard is None else [heard.close]), close_fetch, cpd.close, db.close):
                await close()

    app = _described(lifespan)
    app.state.cpd = cpd
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
        disclosures=log_of(db),
    )
    _look_up_first(app, db=db, clock=clock, tokens=tokens, errors_url=settings.errors_url)
    _include_routes(app)
    return app


def _cpd_journal(settings: Settings, transport: httpx.AsyncBaseTransport | None) -> NeighbourJournal | None:
    """Return CPD's journal, where the settings say where it is and in whose name to ask."""
    return cpd_journal(
        settings.cpd_url,
        token_url=settings.own_token_url or settings.token_url,
        credentials=credentials_of(settings.client_id, settings.secret, settings.credentials_file)
        if settings.has_client
        else None,
        transports={} if transport is None else {"cpd": transport, "gateway": transport},
    )


def _include_routes(app: FastAPI) -> None:
    web.open_routes(
        app,
        health_router(service="register", version=VERSION, expected_schema=head("register")),
        journal_router(journal),
        *(routes.router for routes in ROUTES),
    )


def _settle() -> None:
    """Spare every collection of garbage the walk through what stands for as long as the process."""
    gc.collect()
    gc.freeze()


def _look_up_first(
    app: FastAPI, *, db: Database, clock: Clock, tokens: TokenVerifier, errors_url: str
) -> None:
    """Put the look-up that everybody makes outside everything else, so that it waits for nothing else."""
    rest = app.build_middleware_stack

    def with_look_up() -> LicenceLookup:
        seconds = request_seconds(app.state.registry)
        return LicenceLookup(
            rest(),
            db=db,
            clock=clock,
            tokens=tokens,
            rates=app.state.rates,
            seconds=seconds,
            errors_url=errors_url,
        )

    app.build_middleware_stack = with_look_up  # type: ignore[method-assign]


def _described(lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]]) -> FastAPI:
    return FastAPI(
        title="Register",
        version=VERSION,
        description="The national register of careers professionals, and the licence to practise.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )


def build() -> FastAPI:
    """Return the register as the environment describes it."""
    settings = Settings()
    configure_logs("register")
    configure_traces("register", endpoint=settings.traces_endpoint)
    return create_app(settings)
