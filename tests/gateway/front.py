"""The front of the gateway, its graph and pages, over a register that says what the test wants said."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from services.gateway.app import install_services
from services.gateway.clients.upstream import Service
from services.gateway.graph.documents import RegisteredDocuments
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
from services.gateway.routes import documentation, graphql
from shared import problems
from shared.http import Neighbour, json_fetcher
from shared.requests import Surroundings
from shared.tokens import TokenVerifier
from tests.callers import TRUSTED, issuer_transport
from tests.gateway.neighbours import REPORTS, FakeKitemark, refusal
from tests.gateway.published import OF_REGISTER

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
ERRORS_URL = "https://errors.test"
NUMBER = "CR12345672"


def verdict(number: str | None = NUMBER, word: str = "licensed", **changes: Any) -> dict[str, Any]:
    """Return an outcome as the register words it."""
    licensed = word in ("licensed", "licensed_with_conditions")
    return {
        "number": number,
        "verdict": word,
        "may_give_personal_guidance": licensed,
        "scopes": ["personal_guidance"] if licensed else [],
        "membership_level": "professional" if licensed else None,
        "specialisms": [],
        "conditions": [],
        "sanctions": [],
        "valid_from": "2026-09-01" if licensed else None,
        "valid_to": "2027-08-31" if licensed else None,
        "kept_number": None,
        "reasons": ["licence-in-force" if licensed else word.replace("_", "-")],
        "sentence": f"The sentence for {word}: what to do next.",
        "valid_at": "2026-11-21",
        "known_at": "2026-11-21T09:30:00Z",
        "journal_position": 42,
        **changes,
    }


@dataclass
class FakeRegister:
    """A register of the test's own: ``verdicts`` by number, anything else was never issued."""

    verdicts: dict[str, dict[str, Any]] = field(default_factory=dict)
    names: dict[str, tuple[str, str]] = field(default_factory=dict)
    posts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    instead: Callable[[httpx.Request], httpx.Response] | None = None
    asked: list[httpx.Request] = field(default_factory=list)

    def transport(self) -> httpx.MockTransport:
        """Return the register as a client reaches it."""
        return httpx.MockTransport(self._answer)

    def bodies(self) -> list[Any]:
        """Return what was sent in each request, read as JSON."""
        return [json.loads(request.content) for request in self.asked if request.content]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if self.instead is not None:
            return self.instead(request)
        if request.url.path == "/v1/verifications":
            question = json.loads(request.content)
            axes = {axis: question[axis] for axis in ("valid_at", "known_at") if axis in question}
            items = [self._said(row["number"]) | axes for row in question["rows"]]
            return httpx.Response(200, json={"items": items})
        if request.url.path == "/v1/practitioners/batch":
            numbers = json.loads(request.content)["numbers"]
            return httpx.Response(200, json={"items": [self._person(number) for number in numbers]})
        if request.url.path == "/v1/posts/batch":
            asked = json.loads(request.content)
            keys = [*asked["numbers"], *asked["urns"]]
            return httpx.Response(200, json={"items": [{"posts": self.posts.get(key, [])} for key in keys]})
        if request.url.path == "/v1/matches":
            rows = json.loads(request.content)["rows"]
            items = [{"reference": row.get("reference"), **NO_MATCH} for row in rows]
            return httpx.Response(200, json={"items": items, "policy": "2026-1"})
        return self._published(request)

    def _published(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/changes":
            return httpx.Response(200, json={"items": [], "next": 42, "caught_up": True})
        if request.url.path == "/v1/specialisms":
            known = {"code": "stem", "title": "Science, technology, engineering and mathematics"}
            return httpx.Response(200, json={"items": [known]})
        if request.url.path == "/v1/practitioners":
            return httpx.Response(200, json={"items": self._met(request.url.params["q"]), "cut": False})
        if request.url.path.startswith("/v1/reports/"):
            return httpx.Response(200, json=REPORTS[request.url.path.rsplit("/", 1)[1]])
        if request.url.path in OF_REGISTER:
            return httpx.Response(200, json=OF_REGISTER[request.url.path])
        if request.url.path == "/openapi.json":
            return httpx.Response(200, json=DESCRIPTION)
        return httpx.Response(200, json={"path": request.url.path, "query": request.url.query.decode()})

    def _said(self, number: str) -> dict[str, Any]:
        return self.verdicts.get(number) or verdict(number, "never_issued")

    def _met(self, name: str) -> list[dict[str, Any]]:
        return [
            {"practitioner": self._person(number), "match": {"how": "exact", "previous_name": True}}
            for number, names in self.names.items()
            if name.lower() in " ".join(names).lower()
        ]

    def _person(self, number: str) -> dict[str, Any]:
        given, family = self.names.get(number, (None, None))
        person = {"number": number, "given_names": given, "family_name": family}
        return {**person, "home_country": "wales", "licence": self._said(number)}


NO_MATCH = {"outcome": "none", "reason": "nobody-agrees", "score": None, "agreed": [], "disagreed": []}
DESCRIPTION = {
    "openapi": "3.1.0",
    "info": {"title": "Register", "version": "0.1.0"},
    "paths": {"/v1/things": {"get": {"responses": {"200": {"description": "Things."}}}}},
    "components": {
        "securitySchemes": {
            "oauth2": {
                "type": "oauth2",
                "flows": {"clientCredentials": {"tokenUrl": "https://issuer.test/oauth/token", "scopes": {}}},
            }
        }
    },
}


def make_app(
    register: FakeRegister | httpx.AsyncBaseTransport,
    *,
    introspection: bool = True,
    cpd: httpx.AsyncBaseTransport | None = None,
    kitemark: httpx.AsyncBaseTransport | None = None,
    documents: RegisteredDocuments | None = None,
) -> FastAPI:
    """Return the gateway without a database: its graph, its pages and its documentation."""
    transport = register.transport() if isinstance(register, FakeRegister) else register
    app = FastAPI(title="Gateway", docs_url=None, redoc_url=None)
    fetch, _ = json_fetcher(issuer_transport())
    app.state.tokens = TokenVerifier([TRUSTED], fetch=fetch)
    app.state.clock = lambda: NOW
    app.state.errors_url = ERRORS_URL
    app.state.documents = documents or RegisteredDocuments(None, only=False)
    app.state.introspection, app.state.desk = introspection, None  # nothing is kept without a database
    withholding = httpx.MockTransport(lambda _: refusal(401, "token-required"))
    install_services(
        app,
        [
            Service(Neighbour("register", "http://register.test", transport=transport)),
            Service(Neighbour("cpd", "http://cpd.test", transport=cpd or withholding)),
            Service(
                Neighbour(
                    "kitemark",
                    "http://kitemark.test",
                    transport=kitemark or httpx.MockTransport(FakeKitemark()),
                )
            ),
        ],
    )
    problems.install(app, errors_url=ERRORS_URL)
    app.add_middleware(
        Surroundings,
        registry=CollectorRegistry(),
        on_fault=lambda request_id: problems.problem_response(
            problems.Fault(), errors_url=ERRORS_URL, request_id=request_id
        ),
    )
    faults.install(app)
    pages = (
        schools,
        marks,
        finding,
        figures,
        receipt_pages,
        mark_explained,
        awards,
        career_map,
        training,
        courses,
        verification,
    )
    for routes in (graphql, documentation, *pages):
        app.include_router(routes.router)
    return app


def client_of(app: FastAPI) -> httpx.AsyncClient:
    """Return a client of the app, to which a crash is an answer of 500."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://gateway.test")


async def ask(
    register: FakeRegister, query: str, *, headers: dict[str, str] | None = None, **body: Any
) -> httpx.Response:
    """Ask the graph over that register, and return the answer."""
    async with client_of(make_app(register)) as http:
        return await http.post("/graphql", json={"query": query, **body}, headers=headers)


def broken_answers() -> dict[str, Any]:
    """Return ways in which a register can fail to give an answer."""

    def lost(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    def slow(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("slow", request=request)

    def says(content: bytes, status: int = 200) -> Any:
        return lambda _: httpx.Response(status, content=content)

    def item(**changes: Any) -> Any:
        def as_many(request: httpx.Request) -> httpx.Response:
            rows = json.loads(request.content)["rows"]
            return httpx.Response(200, json={"items": [verdict(**changes) for _ in rows]})

        return as_many

    return {
        "lost": lost,
        "slow": slow,
        "fault": says(b"Internal Server Error", 500),
        "bad gateway": says(b"<html>", 502),
        "unavailable": lambda _: refusal(503, "database-unavailable"),
        "not JSON": says(b"<html>"),
        "cut": says(b'{"items": [{"number": "CR1'),
        "empty": says(b""),
        "a list": says(b"[]"),
        "too few": says(b'{"items": []}'),
        "null": says(b"null"),
        "unknown word": item(word="probably_fine"),
        "no verdict": item(verdict=None),
        "guidance without a licence": item(word="suspended", may_give_personal_guidance=True),
        "guidance as a word": item(may_give_personal_guidance="yes"),
        "no sentence": item(sentence=""),
        "unknown sanction": item(
            sanctions=[{"kind": "frown", "public_reason": "", "from": "2026-01-01", "to": None}]
        ),
        "impossible day": item(valid_to="2026-02-30"),
    }


def check_refusal(answer: httpx.Response) -> None:
    """Assert that an answer is one of the graph, in words, without a hint at what else there is."""
    document = answer.json()
    assert document["errors"]
    assert "data" not in document
    assert "Did you mean" not in answer.text
    assert "Traceback" not in answer.text
    for error in document["errors"]:
        assert error["message"].strip()
        assert error["extensions"]["code"] in {"BAD_USER_INPUT", "QUERY_TOO_COMPLEX"}
