"""The same request sent again gets the first answer again, and has one effect."""

import asyncio

import httpx
import pytest

from shared.database import Database
from shared.idempotency import request_bytes
from tests.callers import bearer
from tests.shared.teapots import JSON, POURER, assert_problem


async def cups_of(db: Database) -> int:
    return len(await db.fetch("SELECT FROM reference WHERE kind = 'cup'"))


async def test_the_same_key_and_body_gets_the_first_answer_again(
    http: httpx.AsyncClient, db: Database
) -> None:
    sent = {**POURER, "Idempotency-Key": "k"}
    first = await http.post("/v1/teapots/1/cups", json={"cups": 2}, headers=sent)
    again = await http.post("/v1/teapots/1/cups", content=b'{ "cups":2 }', headers=sent | JSON)
    assert first.status_code == again.status_code == 201
    assert (first.json(), first.headers["location"]) == (again.json(), again.headers["location"])
    assert again.headers["idempotent-replayed"] == "true"
    assert await cups_of(db) == 1


async def test_the_same_key_with_another_body_is_refused(http: httpx.AsyncClient) -> None:
    sent = {**POURER, "Idempotency-Key": "k"}
    await http.post("/v1/teapots/1/cups", json={"cups": 2}, headers=sent)
    answer = await http.post("/v1/teapots/1/cups", json={"cups": 3}, headers=sent)
    assert_problem(answer, 422, "key-used-for-another-request")


async def test_the_same_key_and_body_with_another_query_is_refused(http: httpx.AsyncClient) -> None:
    sent = {**POURER, "Idempotency-Key": "k"}
    await http.post("/v1/teapots/1/cups?strength=weak", json={"cups": 2}, headers=sent)
    answer = await http.post("/v1/teapots/1/cups?strength=strong", json={"cups": 2}, headers=sent)
    assert_problem(answer, 422, "key-used-for-another-request")


async def test_fifty_at_once_with_one_key_have_one_effect(http: httpx.AsyncClient, db: Database) -> None:
    sent = {**POURER, "Idempotency-Key": "k"}
    answers_ = await asyncio.gather(
        *(http.post("/v1/teapots/1/cups", json={"cups": 2}, headers=sent) for _ in range(50))
    )
    assert {answer.status_code for answer in answers_} <= {201, 409}
    assert {answer.text for answer in answers_ if answer.status_code == 201} == {'{"cups":2}'}
    running = [answer for answer in answers_ if answer.status_code == 409]
    assert {answer.json()["code"] for answer in running} <= {"still-running"}
    assert await cups_of(db) == 1


async def test_keys_of_two_clients_never_meet(http: httpx.AsyncClient, db: Database) -> None:
    for client in ("one", "two"):
        sent = {**bearer("tea:pour", subject=client), "Idempotency-Key": "k"}
        answer = await http.post("/v1/teapots/1/cups", json={"cups": 2}, headers=sent)
        assert "idempotent-replayed" not in answer.headers
    assert await cups_of(db) == 2


async def test_a_refused_request_keeps_no_key(http: httpx.AsyncClient, db: Database) -> None:
    sent = {**POURER, "Idempotency-Key": "k"}
    body = {"cups": 1, "to": "nobody"}
    assert_problem(await http.post("/v1/teapots/1/cups", json=body, headers=sent), 409, "teapot-is-empty")
    good = await http.post("/v1/teapots/1/cups", json={"cups": 1}, headers=sent)
    assert good.status_code == 201
    assert await cups_of(db) == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb"])
async def test_a_key_that_is_none_is_refused(http: httpx.AsyncClient, key: str) -> None:
    sent = {**POURER, "Idempotency-Key": key}
    answer = await http.post("/v1/teapots/1/cups", json={"cups": 1}, headers=sent)
    assert_problem(answer, 400, "idempotency-key-not-readable")


def test_a_body_nested_too_deeply_to_be_read_is_compared_as_it_is() -> None:
    deep = b"[" * 100_000
    assert request_bytes("POST", "/v1/teapots", deep).endswith(deep)
