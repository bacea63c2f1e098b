"""I7: once a decision is answered, no answer that is asked for later says otherwise."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from tests.register.conftest import Register
from tests.register.make_licences import impose, licensed, lift


@dataclass(frozen=True, slots=True)
class Read:
    """One answer: when it was asked for and what it said."""

    channel: str
    asked_at: float
    verdict: str


Ask = Callable[[], Awaitable[str]]


def contradictions(reads: Sequence[Read], *, answered_at: float, allowed: str) -> list[Read]:
    """Return the reads that were asked for after a decision was answered and say something else."""
    return [read for read in reads if read.asked_at > answered_at and read.verdict != allowed]


def channels(register: Register, number: str) -> dict[str, Ask]:
    """Return every way of asking about one number."""

    async def single() -> str:
        answer = await register.http.get(f"/v1/licences/{number}")
        verdict: str = answer.json()["verdict"]
        return verdict

    async def batch() -> str:
        answer = await register.http.post("/v1/verifications", json={"rows": [{"number": number}]})
        verdict: str = answer.json()["items"][0]["verdict"]
        return verdict

    return {"single": single, "batch": batch}


async def _everyone_read(reads: Sequence[Read], ways: dict[str, Ask], *, since: float) -> None:
    """Wait until each way was asked after an instant, and answered, several times."""
    async with asyncio.timeout(30):
        while any(sum(r.channel == way and r.asked_at > since for r in reads) < 3 for way in ways):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def watched(ways: dict[str, Ask], decision: Callable[[], Awaitable[None]]) -> tuple[list[Read], float]:
    """Read in every way without pause while a decision is made; return the reads and when it was answered."""
    reads: list[Read] = []
    stop = asyncio.Event()

    async def read_on(channel: str, ask: Ask) -> None:
        while not stop.is_set():
            asked_at = time.perf_counter()
            reads.append(Read(channel, asked_at, await ask()))

    readers = [asyncio.create_task(read_on(channel, ask)) for channel, ask in ways.items() for _ in range(3)]
    await _everyone_read(reads, ways, since=0)
    await decision()
    answered_at = time.perf_counter()
    await _everyone_read(reads, ways, since=answered_at)
    stop.set()
    await asyncio.gather(*readers)
    return reads, answered_at


async def test_no_answer_after_a_suspension_says_licensed_nor_after_its_lifting_suspended(
    register: Register,
) -> None:
    number = await licensed(register)
    ways = channels(register, number)
    sanctions: list[int] = []

    async def suspend() -> None:
        sanctions.append((await impose(register, number)).json()["id"])

    async def allow() -> None:
        assert (await lift(register, sanctions.pop())).is_success

    for decision, before, after in ((suspend, "licensed", "suspended"), (allow, "suspended", "licensed")):
        reads, answered_at = await watched(ways, decision)
        assert {read.verdict for read in reads} == {before, after}
        assert {read.channel for read in reads if read.asked_at > answered_at} == set(ways)
        assert contradictions(reads, answered_at=answered_at, allowed=after) == []


async def test_a_cache_of_half_a_second_would_be_seen(register: Register) -> None:
    """The fault that shows that the comparison above can fail."""
    number = await licensed(register)
    ask = channels(register, number)["single"]
    kept: dict[str, tuple[float, str]] = {}

    async def cached() -> str:
        if "answer" not in kept or time.perf_counter() - kept["answer"][0] > 0.5:
            kept["answer"] = time.perf_counter(), await ask()
        else:
            await asyncio.sleep(0.001)
        return kept["answer"][1]

    async def suspend() -> None:
        await impose(register, number)

    reads, answered_at = await watched({"cached": cached}, suspend)
    assert contradictions(reads, answered_at=answered_at, allowed="suspended")


async def test_no_answer_may_be_kept_by_a_cache(register: Register) -> None:
    number = await licensed(register)
    answer = await register.http.get(f"/v1/licences/{number}")
    kept = answer.headers["cache-control"]
    assert "no-store" in kept or "no-cache" in kept or "max-age=0" in kept
    assert (await impose(register, number)).status_code == 201
    known = {"If-None-Match": answer.headers["etag"]}
    again = await register.http.get(f"/v1/licences/{number}", headers=known)
    assert (again.status_code, again.json()["verdict"]) == (200, "suspended")
