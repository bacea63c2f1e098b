"""I11: the same key has the same effect once, however often and however quickly it is sent."""

import asyncio
from datetime import timedelta

import asyncpg
import httpx
import pytest

from shared.idempotency import Once
from tests.callers import bearer
from tests.register import make
from tests.register.conftest import Register
from tests.register.invariants.state import digests
from tests.register.make_licences import licensed


async def send(
    register: Register, number: str, key: str, *, reason: str = "A complaint.", client: str = "one"
) -> httpx.Response:
    """Impose a suspension under a key, as a registrar's client."""
    body = {
        "number": number,
        "kind": "suspension",
        "public_reason": reason,
        "internal_reason": "Case 1.",
    }
    headers = bearer("register:decide", subject="registrar-two", client_id=client) | {"Idempotency-Key": key}
    return await register.http.post("/v1/sanctions", json=body, headers=headers)


async def imposed(register: Register) -> int:
    """Return how many sanctions were imposed."""
    return (await make.events(register)).count("sanction.imposed")


async def race(register: Register, number: str, times: int = 50) -> list[httpx.Response]:
    """Send one request many times at the same moment."""
    return await asyncio.gather(*(send(register, number, "race") for _ in range(times)))


async def test_of_fifty_equal_requests_at_once_one_has_an_effect_and_all_get_one_answer(
    register: Register,
) -> None:
    number = await licensed(register)
    answers = await race(register, number)
    assert {answer.status_code for answer in answers} <= {201, 409}
    early = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert early <= {"still-running"}
    again = await asyncio.gather(*(send(register, number, "race") for answer in answers[:5]))
    said = {answer.text for answer in (*answers, *again) if answer.status_code == 201}
    assert len(said) == 1
    assert await imposed(register) == 1


async def test_without_claiming_the_key_there_is_more_than_one_effect(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault that shows that the race above would be seen."""

    async def claim_nothing(once: Once, tx: object) -> None:
        return None

    monkeypatch.setattr(Once, "claim", claim_nothing)
    number = await licensed(register)
    await race(register, number, 10)
    assert await imposed(register) > 1


async def test_the_same_request_again_gets_the_first_answer_and_changes_nothing(register: Register) -> None:
    number = await licensed(register)
    first = await send(register, number, "k")
    before = await digests(register)
    register.clock.now += timedelta(hours=47)
    again = await send(register, number, "k")
    assert (again.status_code, again.text) == (first.status_code, first.text)
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotent-replayed"] == "true"
    assert await digests(register) == before


async def test_the_same_key_with_another_body_is_refused(register: Register) -> None:
    number = await licensed(register)
    await send(register, number, "k")
    before = await digests(register)
    answer = await send(register, number, "k", reason="Another complaint.")
    assert (answer.status_code, answer.json()["code"]) == (422, "key-used-for-another-request")
    assert await digests(register) == before


async def test_keys_of_two_clients_never_meet(register: Register) -> None:
    number = await licensed(register)
    answers = [await send(register, number, "k", client=client) for client in ("one", "two")]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["id"] != answers[1].json()["id"]
    assert await imposed(register) == 2


async def test_while_the_first_request_is_running_the_second_is_told_so(register: Register) -> None:
    number = await licensed(register)
    holder = await asyncpg.connect(register.urls.app.replace("+asyncpg", ""))
    try:
        async with holder.transaction():
            await holder.execute("SELECT FROM people FOR UPDATE")
            first = asyncio.create_task(send(register, number, "k"))
            await waiting(register)
            second = await send(register, number, "k")
            assert (second.status_code, second.json()["code"]) == (409, "still-running")
    finally:
        await holder.close()
    assert (await first).status_code == 201
    assert await imposed(register) == 1


async def waiting(register: Register) -> None:
    """Return once a request waits for a lock."""
    for _ in range(500):
        rows = await register.db.fetch(
            "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        if rows:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nothing waits for a lock")


async def test_a_refused_request_leaves_its_key_free(register: Register) -> None:
    number = await make.member(register)
    refused = await send(register, number, "k")
    assert refused.status_code == 409
    assert (await send(register, number, "k")).json()["code"] == refused.json()["code"]


async def test_an_answer_that_was_lost_after_the_commit_is_given_again(register: Register) -> None:
    number = await licensed(register)
    lost = asyncio.create_task(send(register, number, "k"))
    for _ in range(1000):
        if await imposed(register):
            break
        await asyncio.sleep(0.005)
    lost.cancel()
    await asyncio.gather(lost, return_exceptions=True)
    assert (await send(register, number, "k")).status_code == 201
    assert await imposed(register) == 1
