"""Look-ups that meet share one call; a fault, a cancellation or a crowd harms nobody else."""

import asyncio
from collections.abc import Sequence

import pytest

from shared.gatherer import Gatherer


class Store:
    """Doubles numbers, remembers what it was asked, and fails or waits when told to."""

    def __init__(self) -> None:
        self.calls: list[list[int]] = []
        self.fault: Exception | None = None
        self.gate = asyncio.Event()
        self.gate.set()
        self.running = self.most_running = 0

    async def fetch(self, keys: Sequence[int]) -> dict[int, int]:
        """Answer one call."""
        self.calls.append(list(keys))
        self.running += 1
        self.most_running = max(self.running, self.most_running)
        try:
            await asyncio.sleep(0)
            await self.gate.wait()
            if self.fault is not None:
                raise self.fault
            return {key: 2 * key for key in keys}
        finally:
            self.running -= 1


async def test_all_who_ask_in_one_turn_share_one_call() -> None:
    store = Store()
    gatherer = Gatherer(store.fetch)
    answers = await asyncio.gather(*(gatherer.ask(key) for key in (1, 2, 3, 2)))
    assert store.calls == [[1, 2, 3]]
    assert [answer[key] for answer, key in zip(answers, (1, 2, 3, 2), strict=True)] == [2, 4, 6, 4]


async def test_one_asking_alone_is_answered_at_once() -> None:
    store = Store()
    assert (await Gatherer(store.fetch).ask(7))[7] == 14


async def test_nobody_joins_a_call_that_is_already_under_way() -> None:
    store = Store()
    gatherer = Gatherer(store.fetch)
    store.gate.clear()
    first = asyncio.create_task(gatherer.ask(1))
    await asyncio.sleep(0.01)
    second = asyncio.create_task(gatherer.ask(1))
    await asyncio.sleep(0.01)
    store.gate.set()
    await asyncio.gather(first, second)
    assert store.calls == [[1], [1]]


async def test_those_who_ask_during_a_call_share_the_next_one() -> None:
    store = Store()
    gatherer = Gatherer(store.fetch, patience=10)
    store.gate.clear()
    asking = []
    for key in (1, 2, 3, 4):
        asking.append(asyncio.create_task(gatherer.ask(key)))
        await asyncio.sleep(0.01)
    store.gate.set()
    await asyncio.gather(*asking)
    assert store.calls == [[1], [2, 3, 4]]


async def test_nobody_waits_long_for_a_call_that_does_not_end() -> None:
    store = Store()
    gatherer = Gatherer(store.fetch, at_once=2, patience=0.001)
    store.gate.clear()
    asking = []
    for key in (1, 2, 3):
        asking.append(asyncio.create_task(gatherer.ask(key)))
        await asyncio.sleep(0.05)
    assert store.calls == [[1], [2]]
    store.gate.set()
    await asyncio.gather(*asking)
    assert store.calls == [[1], [2], [3]]


async def test_a_crowd_is_split_and_only_so_many_calls_run_at_once() -> None:
    store = Store()
    gatherer = Gatherer(store.fetch, at_once=2, most=10)
    answers = await asyncio.gather(*(gatherer.ask(key) for key in range(95)))
    assert [answer[key] for key, answer in enumerate(answers)] == [2 * key for key in range(95)]
    assert [len(call) for call in store.calls] == [10] * 9 + [5]
    assert store.most_running == 2


async def test_a_fault_reaches_everybody_of_that_call_and_nobody_after() -> None:
    store = Store()
    gatherer = Gatherer(store.fetch)
    store.fault = ConnectionError("gone")
    answers = await asyncio.gather(*(gatherer.ask(key) for key in (1, 2)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [ConnectionError, ConnectionError]
    store.fault = None
    assert (await gatherer.ask(3))[3] == 6


async def test_one_who_goes_away_takes_nobody_along() -> None:
    store = Store()
    gatherer = Gatherer(store.fetch)
    store.gate.clear()
    leaver, stayer = (asyncio.create_task(gatherer.ask(key)) for key in (1, 2))
    await asyncio.sleep(0.01)
    leaver.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaver
    store.gate.set()
    assert (await stayer)[2] == 4


async def test_one_who_goes_away_before_the_call_is_not_asked_for() -> None:
    store = Store()
    gatherer = Gatherer(store.fetch, at_once=1)
    store.gate.clear()
    first, leaver = asyncio.create_task(gatherer.ask(1)), asyncio.create_task(gatherer.ask(2))
    await asyncio.sleep(0.01)
    late = asyncio.create_task(gatherer.ask(3))
    leaver_after = asyncio.create_task(gatherer.ask(4))
    await asyncio.sleep(0.01)
    leaver_after.cancel()
    store.gate.set()
    await asyncio.gather(first, leaver, late)
    assert store.calls == [[1, 2], [3]]


async def test_a_call_that_is_stopped_stops_those_who_wait_for_it() -> None:
    store = Store()
    gatherer = Gatherer(store.fetch)
    store.gate.clear()
    asking = asyncio.create_task(gatherer.ask(1))
    await asyncio.sleep(0.01)
    [call] = gatherer._calls
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
