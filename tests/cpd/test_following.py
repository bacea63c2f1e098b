"""CPD hears from the register: each line once, in order, and the same state however often it is made anew."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from services.cpd.clients.register import follower
from services.cpd.domain.number import parse_number
from services.cpd.operations import following
from services.cpd.storage import groups, members
from services.register.domain.person import number_from
from shared.clock import rfc3339
from shared.following import NeighbourJournal, follow_on
from shared.http import NeighbourUnavailable
from shared.journal import Line
from shared.own_client import OwnClient
from tests.callers import registrar, token
from tests.cpd import make as cpd_make
from tests.cpd.conftest import Cpd
from tests.register import make, make_licences
from tests.register.conftest import Register
from tests.register.renewal.test_deaths import propose, rule
from tests.register.renewal.test_endings import died

TABLES = ("memberships", "register_moves", "merges")


def gateway(answers: list[httpx.Response] | None = None) -> httpx.MockTransport:
    """Serve tokens with the scope internal, or what is told before them."""
    told = answers or []

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["authorization"].startswith("Basic ")
        if told:
            return told.pop(0)
        return httpx.Response(200, json={"access_token": token("internal", subject="cpd"), "expires_in": 900})

    return httpx.MockTransport(answer)


def asking(register: Register, **more: Any) -> NeighbourJournal:
    """Return the real register as CPD asks it."""
    return follower(
        register_url="http://register.test",
        token_url="https://issuer.test/oauth/token",
        credentials=lambda: OwnClient("cpd", "a secret"),
        transports={"register": httpx.ASGITransport(app=register.app), "gateway": gateway(), **more},
    )


async def state(cpd: Cpd) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row that the register's lines made."""
    return {
        table: [tuple(row) for row in await cpd.db.fetch(f"SELECT * FROM {table} ORDER BY position")]
        for table in TABLES
    }


async def catch_up(cpd: Cpd, client: NeighbourJournal) -> int:
    """Follow until nothing is new."""
    applied = 0
    while now := await following.follow_once(cpd.db, client, now=cpd.clock()):
        applied += now
    return applied


async def a_history(register: Register) -> tuple[str, str]:
    """Give the register members, a licence, a corrected and an ended membership, and a merge."""
    licensed = await make_licences.licensed(register, "1")
    twin = await make.member(register, "ACEG", "twin", family_name="Example", level="affiliate")
    await make.put_member(
        register,
        "ACEG",
        "twin",
        family_name="Twin",
        membership={"level": "affiliate", "valid_from": "2019-05-01"},
    )
    read = (
        await register.http.get(
            "/v1/members/by-external-id/ACEG/twin", headers=make.association_headers("ACEG")
        )
    ).json()
    moved = {"level": "affiliate", "valid_from": "2021-03-01", "corrects": read["memberships"][0]["id"]}
    answer = await make.put_member(register, "ACEG", "twin", family_name="Twin", membership=moved)
    assert answer.status_code == 200, answer.text
    return licensed, twin


async def test_what_the_register_tells_is_known_and_told_again_it_is_the_same(
    cpd: Cpd, register: Register
) -> None:
    licensed, twin = await a_history(register)
    client = asking(register)
    assert await catch_up(cpd, client) == (await register.db.fetch("SELECT max(position) FROM journal"))[0][0]
    held = await cpd.db.fetch(
        "SELECT number, association, level, valid_from::text FROM memberships WHERE known_to IS NULL"
        " ORDER BY association DESC"
    )
    assert [tuple(row) for row in held] == [
        (licensed, "ICG", "professional", "2020-01-01"),
        (twin, "ACEG", "affiliate", "2021-03-01"),
    ]
    moves = await cpd.db.fetch("SELECT number, entered FROM register_moves")
    assert [tuple(row) for row in moves] == [(licensed, True)]
    before = await state(cpd)
    assert await following.rebuild(cpd.db, client, clock=cpd.clock) > 0
    assert await state(cpd) == before
    assert await catch_up(cpd, client) == 0
    await client.close()


async def test_a_merged_number_leads_to_the_one_that_is_kept(cpd: Cpd, register: Register) -> None:
    for association in ("ICG", "ACEG"):
        await make.member(register, association, "one", family_name="Same")
    listed = (await register.http.get("/v1/possible-duplicates", headers=registrar())).json()["items"]
    decision = {"outcome": "same_person", "reason": "One certificate."}
    await register.http.post(
        f"/v1/possible-duplicates/{listed[0]['id']}/decisions", json=decision, headers=registrar()
    )
    client = asking(register)
    await catch_up(cpd, client)
    (merge,) = await cpd.db.fetch("SELECT number, kept_number FROM merges")
    assert {merge["number"], merge["kept_number"]} == {
        row["number"] for row in await cpd.db.fetch("SELECT DISTINCT number FROM memberships")
    }
    # What an association tells of the merged record afterwards changes the row that was told of it.
    ended = {"level": "professional", "valid_from": "2020-01-01", "valid_to": "2026-12-31"}
    for association in ("ICG", "ACEG"):
        await make.put_member(register, association, "one", family_name="Same", membership=ended)
    await catch_up(cpd, client)
    rows = await cpd.db.fetch("SELECT number, valid_to::text FROM memberships WHERE known_to IS NULL")
    assert {(row["number"], row["valid_to"]) for row in rows} == {
        (merge["number"], "2026-12-31"),
        (merge["kept_number"], "2026-12-31"),
    }
    before = await state(cpd)
    await following.rebuild(cpd.db, client, clock=cpd.clock)
    assert await state(cpd) == before
    await client.close()


async def test_a_merge_that_is_undone_never_was_but_in_what_was_known(cpd: Cpd, register: Register) -> None:
    one = await make.member(register, "ICG", "one")
    two = await make.member(register, "ACEG", "two")
    client = asking(register)
    other = registrar("another-registrar")

    async def decided(path: str, body: dict[str, str], headers: dict[str, str]) -> datetime:
        register.clock.now += timedelta(minutes=1)
        answer = await register.http.post(path, json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        await catch_up(cpd, client)
        made.append(answer.json()["id"])
        return register.clock()

    async def people(known_at: datetime | None = None) -> set[tuple[str, ...]]:
        async with cpd.db.reading() as tx:
            found = await groups.of_numbers(tx, [one, two], known_at=known_at)
        return {group.numbers for group in found.values()}

    made: list[int] = []
    merge = {"kept_number": one, "retired_number": two, "reason": "One certificate."}
    both, each = {tuple(sorted((one, two)))}, {(one,), (two,)}
    merged = await decided("/v1/merges", merge, registrar())
    assert await people() == both
    parted = await decided(f"/v1/merges/{made[0]}/undoing", {"reason": "Two people."}, other)
    assert await people() == each
    async with cpd.db.reading() as tx:
        assert await members.page(tx, "ACEG", after="", limit=9) == [two]
    again = await decided("/v1/merges", merge, registrar())
    known = [await people(at) for at in (merged - timedelta(seconds=1), merged, parted, again)]
    assert known == [each, both, each, both]
    before = await state(cpd)
    assert await following.rebuild(cpd.db, client, clock=cpd.clock) > 0
    assert await state(cpd) == before
    await client.close()


async def test_a_death_ends_what_is_asked_until_it_is_corrected(cpd: Cpd, register: Register) -> None:
    number = await make_licences.licensed(register)
    client = asking(register)
    register.clock.now += timedelta(days=1)
    assert (await died(register, number, "2026-11-21")).status_code == 201
    await catch_up(cpd, client)
    cpd.clock.now = register.clock() + timedelta(days=1)
    assert (await cpd_make.standing(cpd, number))["standing"] == "not_required"
    known_at = rfc3339(register.clock() + timedelta(seconds=1))
    register.clock.now += timedelta(hours=1)
    place = (await propose(register, number, None)).headers["location"]
    await catch_up(cpd, client)
    assert (await cpd_make.standing(cpd, number))["standing"] == "not_required"
    assert (await rule(register, place)).status_code == 201
    await catch_up(cpd, client)
    assert (await cpd_make.standing(cpd, number))["standing"] == "on_track"
    then = await cpd_make.standing(cpd, number, known_at=known_at, valid_at="2026-11-22")
    assert then["standing"] == "not_required"
    before = await state(cpd)
    await following.rebuild(cpd.db, client, clock=cpd.clock)
    assert await state(cpd) == before
    await client.close()


async def test_a_line_is_applied_once_by_many_followers_within_a_second(cpd: Cpd, register: Register) -> None:
    client = asking(register)

    async def nothing() -> None:
        return None

    async def once(wait: float) -> int:
        return await following.follow_once(cpd.db, client, now=cpd.clock(), wait=wait)

    tasks = [asyncio.create_task(follow_on(once, caught_up=nothing)) for _ in range(3)]
    await asyncio.sleep(0.2)
    await make.member(register)
    async with asyncio.timeout(1):
        while not await cpd.db.fetch("SELECT FROM memberships"):  # noqa: ASYNC110 - it is another task
            await asyncio.sleep(0.02)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert len(await cpd.db.fetch("SELECT FROM memberships")) == 1
    await client.close()


async def test_a_line_that_fails_leaves_nothing_and_is_tried_again(
    cpd: Cpd, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make.member(register)
    client = asking(register)
    applied = following.apply
    failures = [True]

    async def fails_once(tx: Any, line: Line) -> None:
        await applied(tx, line)
        if line.event == "membership.recorded" and failures:
            failures.pop()
            raise RuntimeError

    monkeypatch.setattr(following, "apply", fails_once)
    with pytest.raises(RuntimeError):
        await following.follow_once(cpd.db, client, now=cpd.clock())
    assert await cpd.db.fetch("SELECT FROM memberships") == []
    await catch_up(cpd, client)
    assert len(await cpd.db.fetch("SELECT FROM memberships")) == 1
    await client.close()


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, json={"access_token": ""}),
        httpx.Response(200, text="hello"),
        httpx.Response(500, text="broken"),
    ],
)
async def test_a_gateway_that_gives_no_token_is_a_neighbour_that_does_not_answer(
    cpd: Cpd, register: Register, answer: httpx.Response
) -> None:
    client = asking(register, gateway=gateway([answer]))
    with pytest.raises(NeighbourUnavailable):
        await following.follow_once(cpd.db, client, now=cpd.clock())
    await client.close()


async def test_a_token_that_is_refused_is_replaced(cpd: Cpd, register: Register) -> None:
    stale = httpx.Response(200, json={"access_token": token("internal", exp=1), "expires_in": 900})
    client = asking(register, gateway=gateway([stale]))
    with pytest.raises(Exception, match="token"):
        await following.follow_once(cpd.db, client, now=cpd.clock())
    await make.member(register)
    assert await following.follow_once(cpd.db, client, now=cpd.clock()) > 0
    await client.close()


def test_the_register_and_cpd_read_numbers_alike() -> None:
    for serial in (0, 1, 1234567, 9_999_999):
        assert parse_number(f"cr {number_from(serial)[2:]}") == number_from(serial)
