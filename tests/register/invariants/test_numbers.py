"""I14: no registration number is given out twice, and its check character is always right."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from random import Random
from types import SimpleNamespace
from typing import Self

import httpx
import pytest
from sqlalchemy.dialects.postgresql import Insert

from services.register.domain import person
from services.register.storage import people
from tests.callers import association
from tests.clones import execute
from tests.register import make
from tests.register.conftest import Register

SINGLE, BATCHES, IN_BATCH = 60, 6, 40
MOST_TRIES = 20
EVERYBODY = SINGLE + BATCHES * IN_BATCH
# Fewer than half as many again as there are people: most of the last draws are taken already.
FEW = 420


def faults(numbers: Sequence[str]) -> list[str]:
    """Return the numbers that are there twice or whose check character does not fit, reckoned anew."""
    twice = [number for number, times in Counter(numbers).items() if times > 1]
    return twice + [number for number in numbers if not fits(number)]


def fits(number: str) -> bool:
    """Tell whether a number is well formed: the weighted sum of ISO 7064 MOD 11-2 leaves 1."""
    if len(number) != 10 or not number.startswith("CR") or not number[2:9].isdecimal():
        return False
    values = [10 if each == "X" else int(each) for each in number[2:]]
    return sum(value * 2**place for place, value in enumerate(reversed(values))) % 11 == 1


async def patiently(ask: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
    """Ask again while the answer is to come back later: crossing draws may end in a deadlock."""
    for _ in range(MOST_TRIES):
        answer = await ask()
        if answer.status_code != 503:
            break
        assert "retry-after" in answer.headers
    assert answer.is_success, answer.text
    return answer


async def single(register: Register, place: int) -> list[str]:
    """Upsert one new member and return the number that was answered."""
    name = make.family_name("Single", str(place))
    answer = await patiently(lambda: make.put_member(register, member_id=f"s{place}", family_name=name))
    return [answer.json()["registration_number"]]


async def batch(register: Register, place: int) -> list[str]:
    """Send a batch of new members and return the numbers that were answered."""
    items = [
        {"member_id": f"{place}-{each}"}
        | make.member_body(family_name=make.family_name("Batch", f"{place} {each}"))
        for each in range(IN_BATCH)
    ]
    path, headers = "/v1/members/batch", association()
    answer = await patiently(lambda: register.http.post(path, json={"items": items}, headers=headers))
    return [each["registration_number"] for each in answer.json()["results"]]


async def populate(register: Register, *, batches_at_once: int = BATCHES) -> list[str]:
    """Make several hundred people at once, by single upserts and by batches; return what was answered."""
    lane = asyncio.Semaphore(batches_at_once)

    async def in_lane(place: int) -> list[str]:
        async with lane:
            return await batch(register, place)

    work = [single(register, each) for each in range(SINGLE)]
    work += [in_lane(each) for each in range(BATCHES)]
    return [number for numbers in await asyncio.gather(*work) for number in numbers]


async def stored(register: Register) -> list[str]:
    """Return the numbers of all people."""
    return [row["number"] for row in await register.db.fetch("SELECT number FROM people")]


def draw_from_few(monkeypatch: pytest.MonkeyPatch, few: int = FEW) -> list[int]:
    """Let serials be drawn from a few only, the same in every run; return the list that fills with them."""
    source = Random(14)  # noqa: S311 - numbers that collide on purpose
    drawn: list[int] = []

    def randbelow(_: int) -> int:
        drawn.append(source.randrange(few))
        return drawn[-1]

    monkeypatch.setattr(people, "secrets", SimpleNamespace(randbelow=randbelow))
    return drawn


async def test_several_hundred_people_made_at_once_have_numbers_of_their_own(register: Register) -> None:
    answered = await populate(register)
    assert len(answered) == EVERYBODY
    assert sorted(answered) == sorted(await stored(register))
    assert faults(answered) == []


async def test_numbers_stay_distinct_when_the_random_source_collides(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = draw_from_few(monkeypatch)
    answered = await populate(register, batches_at_once=2)
    assert len(drawn) > EVERYBODY + 100
    assert sorted(answered) == sorted(await stored(register))
    assert faults(answered) == []


class Regardless(Insert):
    """An insert that does not mind what is taken."""

    inherit_cache = True

    def on_conflict_do_nothing(self, *_: object, **__: object) -> Self:
        """Leave the clause out."""
        return self


async def test_without_the_uniqueness_the_same_collisions_would_be_seen(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault that shows that the comparison above can fail."""
    draw_from_few(monkeypatch, few=30)
    monkeypatch.setattr(people, "insert", Regardless)
    await execute(register.urls.owner, "ALTER TABLE people DROP CONSTRAINT people_number_key CASCADE")
    for place in range(30):
        await single(register, place)
    assert faults(await stored(register))


async def test_a_wrong_check_character_would_be_seen(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault that shows that the check characters are compared too."""
    monkeypatch.setattr(people, "secrets", SimpleNamespace(randbelow=lambda _: 1_234_567))
    monkeypatch.setattr(person, "check_character", lambda digits: "3")
    assert faults([await make.member(register)]) == ["CR12345673"]
