"""The gateway as it is put together: graph, pages and documentation are there, whatever the register does."""

import httpx
import pytest

from shared.postgres.roles import ServiceUrls
from tests.clones import execute
from tests.gateway.make import Gateway

BROWSER = {"Accept": "text/html"}
QUERY = '{ licence(number: "CR12345672") { verdict } }'


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/docs",
        "/graphiql",
        "/errors",
        "/schema.graphql",
        "/docs/openapi/gateway.json",
        "/static/page.css",
    ],
)
async def test_what_needs_no_register_is_there(gateway: Gateway, path: str) -> None:
    answer = await gateway.http.get(path, headers=BROWSER)
    assert answer.status_code == 200
    assert answer.headers["x-request-id"]


async def test_while_the_register_is_away_nothing_is_said_of_anybody(gateway: Gateway) -> None:
    page = await gateway.http.get("/check?number=CR12345672", headers=BROWSER)
    graph = await gateway.http.post("/graphql", json={"query": QUERY})
    assert page.status_code == 503
    assert "We cannot say just now" in page.text
    assert graph.json()["data"] == {"licence": None}
    assert graph.json()["errors"][0]["extensions"]["code"] == "UPSTREAM_UNAVAILABLE"


async def test_where_there_is_nothing_a_person_sees_a_page_and_a_program_a_problem(gateway: Gateway) -> None:
    assert "Page not found" in (await gateway.http.get("/nothing", headers=BROWSER)).text
    assert (await gateway.http.get("/nothing")).json()["code"] == "no-such-path"


async def test_before_the_first_migration_it_is_not_ready_and_that_is_no_fault(
    gateway: Gateway, gateway_urls: ServiceUrls
) -> None:
    assert (await gateway.http.get("/readyz")).status_code == 200
    await execute(gateway_urls.owner, "ALTER TABLE alembic_version RENAME TO not_yet")
    answer = await gateway.http.get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (503, "not-ready")


async def test_who_asks_too_often_is_told_to_wait_in_the_form_that_they_read(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway.app.state.rates, "_seconds", lambda: 1000.0)
    transport = httpx.ASGITransport(app=gateway.app, client=("192.0.2.7", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway.test") as http:
        for _ in range(300):
            assert (await http.get("/.well-known/jwks.json")).status_code == 200
        program = await http.get("/v1/checks")
        assert (program.status_code, program.json()["code"]) == (429, "rate-exceeded")
        person = await http.get("/school", headers={"Accept": "text/html"})
        assert (person.status_code, person.headers["retry-after"]) == (429, program.headers["retry-after"])
        assert "You are asking very often" in person.text
