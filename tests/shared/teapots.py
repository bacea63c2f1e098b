"""A small service of teapots, to test on what every route has in common."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
from fastapi import FastAPI, Response
from pydantic import BaseModel, ConfigDict, StrictInt
from sqlalchemy import text

from services.register.storage.tables import answers, journal
from shared import web
from shared.database import Database
from shared.errors import Conflict, TooManyRequests, Unavailable
from shared.health import health_router, journal_router
from shared.http import json_fetcher
from shared.paging import After, Limit, place_of
from shared.rates import RateSettings
from shared.tokens import TokenVerifier
from tests.callers import TRUSTED, bearer, issuer_transport

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
router = web.guarded_router("teapots")


class TeapotIsEmpty(Conflict):
    """This teapot is empty."""


class Pour(BaseModel):
    model_config = ConfigDict(extra="forbid")
    cups: StrictInt
    to: str = "anyone"


class Poured(BaseModel):
    cups: int


@router.post(
    "/v1/teapots/{number}/cups", openapi_extra=web.needs("tea:pour", largest_body=10_000), status_code=201
)
async def pour(number: web.Id, body: Pour, db: web.Db, who: web.Who, maker: web.OncePerRequest) -> Response:
    """Pour tea, once."""
    once = maker.rendering(lambda cups: Poured(cups=cups), location=lambda cups: f"/v1/cups/{cups}")
    async with db.transaction(who, once) as tx:
        await tx.execute(
            text("INSERT INTO reference SELECT 'cup', (count(*) + 1)::text, 1, '{}' FROM reference")
        )
        if body.to == "nobody":
            raise TeapotIsEmpty
        await asyncio.sleep(0.05)
        once.answer(body.cups)
    return web.said(once)


@router.get("/v1/teapots/{number}")
async def see(number: web.Id, limit: Limit = 50, after: After = None) -> dict[str, Any]:
    """See a teapot; anyone may."""
    if number == 500:
        raise RuntimeError("secret words")
    if number == 503:
        raise Unavailable
    if number == 429:
        raise TooManyRequests
    return {"place": place_of(after, int), "limit": limit}


@asynccontextmanager
async def teapots(db: Database) -> AsyncIterator[httpx.AsyncClient]:
    """Serve teapots on a database."""
    app = FastAPI()
    fetch, close = json_fetcher(issuer_transport())
    web.install(
        app,
        db=db,
        clock=lambda: NOW,
        tokens=TokenVerifier([TRUSTED], fetch=fetch),
        errors_url="https://errors.test",
        token_url="https://issuer.test/token",
        limits=RateSettings(),
        answers=answers,
        scopes={"tea:pour": "Pour tea."},
    )
    app.include_router(router)
    app.include_router(journal_router(journal))
    app.include_router(health_router(service="teapot", version="1", expected_schema="nothing"))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        client.app = app  # type: ignore[attr-defined]
        yield client
    await close()


JSON = {"Content-Type": "application/json"}
POURER = bearer("tea:pour", subject="pourer")


def assert_problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Check that an answer is a refusal as the contract has it, and return the document."""
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == f"https://errors.test/{code}"
    assert problem["instance"] == answer.headers["x-request-id"]
    return problem
