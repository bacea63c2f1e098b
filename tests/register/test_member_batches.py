"""Batches of members: one result for each item, in order."""

import asyncio
from datetime import date
from typing import Any

import httpx
import pytest

from services.register.storage import people
from shared.actor import Actor
from tests.callers import association, registrar
from tests.register import make
from tests.register.conftest import Register


def _item(member_id: str, **changes: Any) -> dict[str, Any]:
    letters = "".join(chr(ord("a") + int(each)) for each in member_id)
    return {"member_id": member_id} | make.member_body(family_name=f"Batch {letters}", **changes)


async def _send(
    register: Register, items: list[Any], *, headers: dict[str, str] | None = None, **more: Any
) -> httpx.Response:
    return await register.http.post(
        "/v1/members/batch", json={"items": items} | more, headers=headers or association()
    )


async def test_each_item_has_its_result_in_order(register: Register) -> None:
    await make.put_member(register, member_id="2", family_name="Batch c")
    answer = await _send(
        register,
        [
            _item("3"),
            _item("2"),
            _item("4", regions=["Narnia"]),
            _item("5") | {"date_of_birth": "31/02/1980"},
            _item("3"),
            "nonsense",
        ],
    )
    assert answer.status_code == 200, answer.text
    results = answer.json()["results"]
    assert [each["status"] for each in results] == [201, 200, 422, 422, 422, 422]
    assert [each["member_id"] for each in results] == ["3", "2", "4", "5", "3", None]
    assert [each["changed"] for each in results] == [True, False, False, False, False, False]
    assert [each["problem"] and each["problem"]["code"] for each in results] == [
        None,
        None,
        "codes-not-known",
        "input-not-valid",
        "member-twice-in-batch",
        "input-not-valid",
    ]
    assert results[3]["problem"]["errors"][0]["pointer"] == "/date_of_birth"
    found = await register.http.get("/v1/members", headers=association())
    assert [each["member_id"] for each in found.json()["items"]] == ["2", "3"]


async def test_all_or_nothing_writes_nothing_when_one_item_is_refused(register: Register) -> None:
    items = [_item("1"), _item("2", roles=["wizard"]), _item("3")]
    answer = await _send(register, items, all_or_nothing=True)
    assert (answer.status_code, answer.json()["code"]) == (422, "batch-not-written")
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/items/1/roles/0"]
    assert await make.journal(register) == []
    done = await _send(register, [_item("1"), _item("3")], all_or_nothing=True)
    assert [each["status"] for each in done.json()["results"]] == [201, 201]


async def test_the_same_batch_again_writes_nothing(register: Register) -> None:
    items = [_item(str(each)) for each in range(30)]
    first = await _send(register, items)
    lines = await make.journal(register)
    again = await _send(register, items)
    assert {each["status"] for each in first.json()["results"]} == {201}
    assert {(each["status"], each["changed"]) for each in again.json()["results"]} == {(200, False)}
    assert await make.journal(register) == lines


async def test_a_key_gives_the_first_answer_again(register: Register) -> None:
    headers = association() | {"Idempotency-Key": "batch-1"}
    first = await _send(register, [_item("1")], headers=headers)
    again = await _send(register, [_item("1")], headers=headers)
    assert again.content == first.content
    assert (await make.events(register)).count("member.recorded") == 1


@pytest.mark.parametrize("items", [[], [{}] * 201, None, {}])
async def test_a_batch_of_the_wrong_size_or_shape_is_refused(register: Register, items: Any) -> None:
    answer = await _send(register, items)
    assert (answer.status_code, answer.json()["code"]) == (422, "input-not-valid")


async def test_only_associations_send_batches(register: Register) -> None:
    assert (await _send(register, [_item("1")], headers=registrar())).status_code == 403
    unsigned = await register.http.post("/v1/members/batch", json={"items": [_item("1")]})
    assert unsigned.status_code == 401


async def test_of_items_with_one_member_id_the_one_that_is_written_is_held(register: Register) -> None:
    first, second = _item("5"), _item("5") | {"family_name": "Another"}
    async with register.db.transaction(Actor(subject="another")) as tx:
        await people.hold_identities(tx, [("sianbatchf", date(1980, 2, 29))])
        sent = asyncio.create_task(_send(register, [first, second]))
        await asyncio.sleep(0.5)
        assert not sent.done()
    assert [each["status"] for each in (await sent).json()["results"]] == [201, 422]
