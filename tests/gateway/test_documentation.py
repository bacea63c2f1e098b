"""The documentation works offline, tries what it describes in the reader's name, and explains each code."""

import hashlib
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from services.gateway.pages import assets, catalogue
from tests.gateway.front import DESCRIPTION, FakeRegister, client_of, make_app
from tests.gateway.neighbours import refusal

BROWSER = {"Accept": "text/html"}
VENDOR = assets.FOLDER / "vendor"


async def get(path: str, fake: FakeRegister | None = None, **headers: str) -> httpx.Response:
    async with client_of(make_app(fake or FakeRegister())) as http:
        return await http.get(path, headers=headers or BROWSER)


@pytest.mark.parametrize(
    "path", ["/docs", "/docs?service=gateway", "/graphiql", "/graphiql?example=3-many-practitioners"]
)
async def test_the_tools_load_nothing_from_elsewhere(path: str) -> None:
    answer = await get(path)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "http" not in policy
    addresses = re.findall(r'(?:src|href)="([^"]*)"', answer.text)
    assert not [each for each in addresses if not each.startswith(("/", "#")) or each.startswith("//")]
    async with client_of(make_app(FakeRegister())) as http:
        for address in addresses:
            if address.startswith("/static/"):
                file = await http.get(address)
                assert file.status_code == 200
                assert "immutable" in file.headers["cache-control"]
    assert not re.search(r"<script(?! src=)", answer.text)


async def test_an_old_address_of_a_file_is_not_kept_for_ever() -> None:
    answer = await get("/static/page.css?v=old")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"].startswith("text/css")


def test_the_files_of_others_are_those_that_the_readme_names() -> None:
    rows = re.findall(r"\| `([^`]+)` \|.*`([0-9a-f]{64})` \|", (VENDOR / "README.md").read_text("utf-8"))
    kept = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.suffix in {".js", ".css"}}
    assert {name for name, _ in rows} == kept
    for name, digest in rows:
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest
    assert all((VENDOR / name).parent.joinpath("LICENSE.txt").is_file() for name in kept)


async def test_the_register_is_described_with_addresses_that_a_browser_reaches() -> None:
    document = (await get("/docs/openapi/register.json")).json()
    assert document["servers"] == [{"url": "/docs/register"}]
    flow = document["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]
    assert flow["tokenUrl"] == "/oauth/token"
    assert document["paths"] == DESCRIPTION["paths"]


async def test_the_gateway_is_described() -> None:
    document = (await get("/docs/openapi/gateway.json")).json()
    assert document["info"]["title"] == "Gateway"
    assert document["servers"] == [{"url": "/"}]


async def test_nothing_else_is_described() -> None:
    assert (await get("/docs/openapi/payroll.json", Accept="*/*")).status_code == 404


async def test_a_description_that_cannot_be_had_is_unavailable() -> None:
    fake = FakeRegister(instead=lambda _: httpx.Response(500))
    answer = await get("/docs/openapi/register.json", fake, Accept="application/json")
    assert answer.status_code == 503
    assert answer.json()["code"] == "neighbour-unavailable"


async def test_what_is_tried_is_asked_in_the_readers_own_name() -> None:
    fake = FakeRegister()
    async with client_of(make_app(fake)) as http:
        answer = await http.put(
            "/docs/register/v1/members/by-external-id/ICG/a%2Fb?limit=2&after=x",
            content=b'{"a": 1}',
            headers={
                "Authorization": "Bearer mine",
                "Content-Type": "application/json",
                "Idempotency-Key": "k",
                "If-Match": '"e"',
                "Cookie": "not=passed",
                "X-Forwarded-For": "not passed",
            },
        )
    assert answer.status_code == 200
    (call,) = fake.asked
    assert (call.method, call.url.host) == ("PUT", "register.test")
    assert call.url.raw_path == b"/v1/members/by-external-id/ICG/a%2Fb?limit=2&after=x"
    assert call.headers["authorization"] == "Bearer mine"
    assert call.headers["idempotency-key"] == "k"
    assert call.headers["if-match"] == '"e"'
    assert "cookie" not in call.headers
    assert "x-forwarded-for" not in call.headers
    assert json.loads(call.content) == {"a": 1}


async def test_a_refusal_comes_back_as_it_was_said() -> None:
    fake = FakeRegister(instead=lambda _: refusal(409, "already-decided", "It was decided before."))
    answer = await get("/docs/register/v1/applications/7", fake, Accept="*/*")
    assert answer.status_code == 409
    assert (answer.json()["code"], answer.json()["detail"]) == ("already-decided", "It was decided before.")


@pytest.mark.parametrize(
    "path",
    [
        "/docs/register/metrics",
        "/docs/register/openapi.json",
        "/docs/register/v1",
        "/docs/register/v1/../metrics",
        "/docs/register/v1/%2e%2e/metrics",
        "/docs/register//elsewhere.test/v1/x",
        "/docs/register/http://elsewhere.test/v1/x",
        "/docs/register/v1/a%0d%0ab",
        "/docs/register/v1/a%00",
        "/docs/register/v1/a@elsewhere.test:80/",
        "/%64ocs/register/v1/docs/register/metrics",
    ],
)
async def test_nothing_but_the_documented_api_can_be_tried(path: str) -> None:
    fake = FakeRegister()
    assert (await get(path, fake, Accept="*/*")).status_code == 404
    assert fake.asked == []


async def test_headers_and_addresses_that_cannot_be_passed_on_are_refused() -> None:
    async with client_of(make_app(FakeRegister())) as http:
        odd = {"Authorization": "Bearer ü".encode("latin-1")}
        assert (await http.get("/docs/register/v1/x", headers=odd)).status_code == 401
        assert (await http.get("/docs/register/v1/x?" + "a" * 9_000)).status_code == 413
        odd = {"Idempotency-Key": "ü".encode("latin-1")}
        assert (await http.get("/docs/register/v1/x", headers=odd)).status_code == 200


async def test_a_body_is_refused_as_soon_as_it_is_larger_than_the_register_takes() -> None:
    fake, sent = FakeRegister(), 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield b"x" * 100_000

    async with client_of(make_app(fake)) as http:
        answer = await http.post("/docs/register/v1/imports", content=endless())
    assert (answer.status_code, answer.json()["code"]) == (413, "request-too-large")
    assert sent < 30
    assert fake.asked == []


async def test_a_redirection_leads_back_through_here() -> None:
    headers = {"Location": "/v1/licences/CR12345672"}
    fake = FakeRegister(instead=lambda _: httpx.Response(308, headers=headers))
    answer = await get("/docs/register/v1/licences/CR0000001X", fake, Accept="*/*")
    assert answer.status_code == 308
    assert answer.headers["location"] == "/docs/register/v1/licences/CR12345672"


async def test_each_code_has_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = tmp_path / "errors.md"
    document.write_text(
        "# Errors\n\nIntroduction.\n\n## never-issued\n\n"
        "404. The number `CR…` was <never> issued.\nReally.\n\n"
        "**Mend:** see [the guide](guides/x.md).\n\n- first\n- second `code`\n\n"
        "## `other-code`\nText.\n\n# End\nrest\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(catalogue.read, "__defaults__", (document,))
    index = await get("/errors")
    assert [name in index.text for name in ("never-issued", "other-code")] == [True, True]
    page = (await get("/errors/never-issued")).text
    assert "<p>404. The number <code>CR…</code> was &lt;never&gt; issued. Really.</p>" in page
    assert "<p>Mend: see the guide.</p>" in page
    assert "<li>first</li>" in page
    assert "<li>second <code>code</code></li>" in page
    assert "rest" not in (await get("/errors/other-code")).text
    assert (await get("/errors/no-such-code")).status_code == 404


def test_without_the_document_there_are_no_codes(tmp_path: Path) -> None:
    assert catalogue.read(tmp_path / "none.md") == {}


def test_the_refusals_of_the_graph_are_documented() -> None:
    known = catalogue.read()
    graph = Path(assets.__file__).parent.parent / "graph"
    sources = "\n".join(path.read_text("utf-8") for path in graph.glob("*.py"))
    sources += (graph.parent / "routes" / "graphql.py").read_text("utf-8")
    sources += (graph.parent / "clients" / "register.py").read_text("utf-8")
    kinds = "Unprocessable|Malformed|TooLarge|Unavailable|Refusal"
    names = re.findall(rf"(?m)^class (\w+)\((?:{kinds})\):", sources)
    codes = {re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower() for name in names}
    assert len(codes) > 10
    assert codes - known.keys() == set()
