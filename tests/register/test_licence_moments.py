"""When an answer changes: at midnight in London, in the next answer after a decision, never by a fault."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.engine import make_url
from structlog.testing import capture_logs

from services.register.operations.public_entries import republish
from tests.clones import Server, execute
from tests.register import make_standing as make
from tests.register.conftest import Register
from tests.register.make_standing import REGISTRAR


@asynccontextmanager
async def shut_out(register: Register, server: Server) -> AsyncIterator[None]:
    """End every connection of the register to its database, and let it open none until the block ends."""
    name = make_url(register.urls.app).database
    ended = f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'"
    await execute(server.admin_url, f'ALTER DATABASE "{name}" CONNECTION LIMIT 0', ended)
    yield
    await execute(server.admin_url, f'ALTER DATABASE "{name}" CONNECTION LIMIT -1')


async def verdict_of(register: Register, number: str, **parameters: str) -> str:
    """Return the verdict on a number, which has to be answered."""
    response = await register.http.get(f"/v1/licences/{number}", params=parameters)
    assert response.status_code == 200, response.text
    verdict: str = response.json()["verdict"]
    return verdict


@pytest.mark.parametrize(
    ("last", "last_instant", "first_instant"),
    [
        # Winter time: the day ends at midnight in UTC.
        (date(2026, 1, 31), "2026-01-31T23:59:59.999999", "2026-02-01T00:00:00"),
        # Summer time: it ends an hour earlier.
        (date(2026, 6, 30), "2026-06-30T22:59:59.999999", "2026-06-30T23:00:00"),
        # The day on which the clocks go forward, and that on which they go back.
        (date(2026, 3, 29), "2026-03-29T22:59:59.999999", "2026-03-29T23:00:00"),
        (date(2026, 10, 25), "2026-10-25T23:59:59.999999", "2026-10-26T00:00:00"),
        (date(2028, 2, 29), "2028-02-29T23:59:59.999999", "2028-03-01T00:00:00"),
        (date(2026, 12, 31), "2026-12-31T23:59:59.999999", "2027-01-01T00:00:00"),
    ],
)
async def test_a_licence_holds_to_the_last_instant_of_its_day_in_london(
    register: Register, last: date, last_instant: str, first_instant: str
) -> None:
    number = await make.licensee(register, first=date(2026, 1, 1), last=last)
    for instant, verdict in ((last_instant, "licensed"), (first_instant, "lapsed")):
        register.clock.now = datetime.fromisoformat(instant).replace(tzinfo=UTC)
        assert await verdict_of(register, number) == verdict
        assert await verdict_of(register, number, known_at=f"{instant}Z") == verdict


async def test_the_zone_of_the_server_and_of_the_database_does_not_matter(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    number = await make.licensee(register, last=date(2026, 6, 30))
    async with register.db.transaction(REGISTRAR) as tx:
        await tx.driver.execute("SET LOCAL timezone = 'Pacific/Kiritimati'")
        await republish(tx, [1], now=register.clock())
    register.clock.now = datetime(2026, 6, 30, 22, 59, 59, tzinfo=UTC)
    assert await verdict_of(register, number) == "licensed"
    register.clock.now += timedelta(seconds=1)
    assert await verdict_of(register, number) == "lapsed"


async def test_no_look_up_that_starts_after_a_suspension_was_answered_says_licensed(
    register: Register,
) -> None:
    number = await make.licensee(register)
    answers: list[tuple[float, str]] = []
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()

    async def read() -> None:
        while not stop.is_set():
            started = loop.time()
            answers.append((started, await verdict_of(register, number)))

    readers = [asyncio.create_task(read()) for _ in range(8)]
    await asyncio.sleep(0.1)
    await make.suspend(register, number)
    suspended = loop.time()
    await asyncio.sleep(0.1)
    stop.set()
    await asyncio.gather(*readers)
    assert {verdict for started, verdict in answers if started > suspended} == {"suspended"}
    assert "licensed" in {verdict for _, verdict in answers}


async def test_a_database_that_does_not_answer_is_never_an_answer(register: Register, server: Server) -> None:
    number = await make.licensee(register)
    await verdict_of(register, number)
    async with shut_out(register, server):
        with capture_logs() as lines:
            responses = await asyncio.gather(*(register.http.get(f"/v1/licences/{number}") for _ in range(5)))
        for response in responses:
            assert (response.status_code, response.json()["code"]) == (503, "database-unavailable")
            assert "retry-after" in response.headers
    assert {(line["event"], line["status"], line["route"]) for line in lines} == {
        ("answered", 503, "/v1/licences/{number}")
    }
    assert {line["request_id"] for line in lines} == {each.headers["x-request-id"] for each in responses}
    assert await verdict_of(register, number) == "licensed"


async def test_a_database_that_was_away_between_two_look_ups_is_not_noticed(
    register: Register, server: Server
) -> None:
    number = await make.licensee(register)
    await verdict_of(register, number)
    async with shut_out(register, server):
        pass
    assert await verdict_of(register, number) == "licensed"
