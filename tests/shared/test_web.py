"""What every route promises: who calls is known before the body is read, refusals are problem documents."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from shared.errors import Conflict, TooManyRequests, Unavailable
from shared.http import Neighbour
from shared.paging import CursorNotReadable, cursor_of, page_of, place_of
from tests.callers import bearer
from tests.shared.teapots import POURER, assert_problem


@pytest.mark.parametrize(
    "content", [b"", b"{", b"null", b'{"cups": 1}', b"\xff\xfe", b"[" * 3000, b"x" * 20_000]
)
async def test_a_caller_without_token_is_refused_whatever_the_body(
    http: httpx.AsyncClient, content: bytes
) -> None:
    answer = await http.post(
        "/v1/teapots/1/cups", content=content, headers={"Content-Type": "application/json"}
    )
    assert_problem(answer, 401, "unauthenticated")
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_caller_without_the_scope_is_refused(http: httpx.AsyncClient) -> None:
    answer = await http.post("/v1/teapots/1/cups", json={}, headers=bearer("tea:drink"))
    assert_problem(answer, 403, "scope-missing")


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"{", {}, 400, "body-not-readable"),
        (b"\xff", {}, 400, "body-not-readable"),
        (b'{"cups": 1}', {"Content-Type": "text/plain"}, 400, "content-type-not-accepted"),
        (b'{"cups": true}', {}, 422, "input-not-valid"),
        (b'{"cups": "1"}', {}, 422, "input-not-valid"),
        (b'{"cups": 1, "sugar": 2}', {}, 422, "input-not-valid"),
        (b"[" * 9000, {}, 400, "body-not-readable"),
        (b" " * 20_000 + b"{}", {}, 413, "request-too-large"),
    ],
)
async def test_a_bad_body_is_refused_with_words(
    http: httpx.AsyncClient, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    sent = {"Content-Type": "application/json", **POURER, **headers}
    answer = await http.post("/v1/teapots/1/cups", content=body, headers=sent)
    assert_problem(answer, status, code)


async def test_a_bad_field_is_pointed_at(http: httpx.AsyncClient) -> None:
    answer = await http.post("/v1/teapots/1/cups", json={"cups": "x"}, headers=POURER)
    errors = assert_problem(answer, 422, "input-not-valid")["errors"]
    assert errors[0]["pointer"] == "/cups"


@pytest.mark.parametrize("number", ["0", "x", str(2**63), "1e3"])
async def test_an_id_that_no_row_can_have_is_refused(http: httpx.AsyncClient, number: str) -> None:
    assert_problem(await http.get(f"/v1/teapots/{number}"), 422, "input-not-valid")


async def test_a_fault_says_nothing_but_the_request_id(http: httpx.AsyncClient) -> None:
    answer = await http.get("/v1/teapots/500", headers={"X-Request-Id": "mine-1"})
    problem = assert_problem(answer, 500, "fault")
    assert problem["instance"] == "mine-1"
    assert "secret" not in answer.text


@pytest.mark.parametrize(("number", "code"), [(503, "unavailable"), (429, "too-many-requests")])
async def test_what_passes_says_when_to_come_again(http: httpx.AsyncClient, number: int, code: str) -> None:
    answer = await http.get(f"/v1/teapots/{number}")
    assert_problem(answer, number, code)
    assert int(answer.headers["retry-after"]) > 0


async def test_unknown_paths_and_methods_are_problems_too(http: httpx.AsyncClient) -> None:
    assert_problem(await http.get("/nowhere"), 404, "no-such-path")
    answer = await http.delete("/v1/teapots/1")
    assert_problem(answer, 405, "method-not-allowed")
    assert "GET" in answer.headers["allow"]


async def test_the_scope_stands_in_openapi(http: httpx.AsyncClient) -> None:
    schema = (await http.get("/openapi.json")).json()
    operation = schema["paths"]["/v1/teapots/{number}/cups"]["post"]
    assert operation["security"] == [{"oauth2": ["tea:pour"]}]
    assert "security" not in schema["paths"]["/v1/teapots/{number}"]["get"]
    assert schema["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]
    assert "Problem" in schema["components"]["schemas"]


async def test_the_journal_is_for_neighbours(http: httpx.AsyncClient) -> None:
    assert_problem(await http.get("/v1/journal"), 401, "unauthenticated")
    answer = await http.get("/v1/journal", headers=bearer("internal"))
    assert answer.json() == {"items": [], "next": 0}


async def test_a_service_with_another_schema_is_alive_and_not_ready(http: httpx.AsyncClient) -> None:
    assert (await http.get("/livez")).status_code == 200
    assert_problem(await http.get("/readyz"), 503, "not-ready")


async def test_answers_are_measured_by_template(http: httpx.AsyncClient) -> None:
    await http.get("/v1/teapots/7")
    measured = (await http.get("/metrics")).text
    assert 'route="/v1/teapots/{number}",status="200"' in measured
    assert "/v1/teapots/7" not in measured


@pytest.mark.parametrize(
    "cursor", ["", "x", "!!!", cursor_of("text"), cursor_of(1, 2), cursor_of(2**63), "W" * 500]
)
async def test_a_cursor_of_no_page_is_refused(cursor: str) -> None:
    with pytest.raises(CursorNotReadable):
        place_of(cursor, int)


def test_pages_end_without_a_cursor_and_lead_on_with_one() -> None:
    assert page_of([1, 2], limit=2, place=lambda n: (n,)).next is None
    page = page_of([1, 2, 3], limit=2, place=lambda n: (n,))
    assert (page.items, place_of(page.next, int)) == ([1, 2], (2,))


async def test_a_refusal_reaches_the_neighbour_with_code_and_words(http: httpx.AsyncClient) -> None:
    neighbour = Neighbour("teapot", "http://t", transport=httpx.ASGITransport(app=http.app))  # type: ignore[attr-defined]
    with pytest.raises(Conflict) as refused:
        await neighbour.call(
            "POST",
            "/v1/teapots/1/cups",
            json={"cups": 1, "to": "nobody"},
            authorization=POURER["Authorization"],
        )
    assert refused.value.code == "teapot-is-empty"
    assert refused.value.detail == "This teapot is empty."
    await neighbour.close()


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500, text="oh"),
        httpx.Response(404, text="<html>"),
        httpx.Response(502),
        httpx.ConnectError("no"),
        httpx.ReadTimeout("slow"),
        httpx.Response(404, json={"detail": "no code"}),
        httpx.Response(422, json={"code": "x", "errors": ["a word"]}),
        httpx.Response(422, json={"code": "x", "errors": None}),
        httpx.Response(422, json=["x"]),
        httpx.Response(422, content=b"[" * 100_000),
    ],
)
async def test_a_neighbour_that_makes_no_sense_is_unavailable(answer: Any) -> None:
    def serve(_: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]

    neighbour = Neighbour("teapot", "http://t", transport=httpx.MockTransport(serve))
    with pytest.raises(Unavailable, match="teapot service does not answer"):
        await neighbour.call("GET", "/")
    await neighbour.close()


async def test_a_neighbour_that_never_ends_its_answer_is_given_up() -> None:
    class Trickle(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            while True:
                await asyncio.sleep(0.01)
                yield b" "

    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=Trickle()))
    neighbour = Neighbour("teapot", "http://t", transport=transport)
    async with asyncio.timeout(5):
        with pytest.raises(Unavailable, match="teapot service does not answer"):
            await neighbour.call("GET", "/", seconds=0.1)
    await neighbour.close()


async def test_a_neighbour_says_when_to_come_again() -> None:
    said = httpx.Response(429, json={"code": "slow-down"}, headers={"Retry-After": "77"})
    neighbour = Neighbour("teapot", "http://t", transport=httpx.MockTransport(lambda _: said))
    with pytest.raises(TooManyRequests) as refused:
        await neighbour.call("GET", "/")
    assert refused.value.retry_after == 77
    await neighbour.close()
