"""Entries that are shown by their exact number only."""

import asyncio

from services.register.operations import integrity
from tests.callers import registrar
from tests.register import make
from tests.register.conftest import Register
from tests.register.make_licences import licensed

WHY = "A former partner looks for them."


async def test_an_unlisted_entry_is_found_by_its_exact_number_only(register: Register) -> None:
    number = await licensed(register, "1", given_names="Ann", family_name="Hidden", home_country="wales")
    body = {"number": number, "reason": WHY}
    answer = await register.http.post("/v1/unlistings", json=body, headers=registrar())
    assert answer.status_code == 201, answer.text
    for asked in ({"q": "hidden"}, {"q": "An Hiden"}, {"home_country": "wales"}, {}):
        seen = (await register.http.get("/v1/practitioners", params=asked)).json()
        assert seen == {"items": [], "next": None, "cut": False}
    exact = await register.http.get(f"/v1/practitioners/{number}")
    assert exact.json()["practitioner"]["family_name"] == "Hidden"
    # Whatever is told of them afterwards leaves them hidden.
    await make.put_member(register, given_names="Ann", family_name="Hidden-Too")
    assert (await register.http.get("/v1/practitioners", params={"q": "hidden"})).json()["items"] == []
    assert list(await integrity.check(register.db, now=register.clock(), everybody=True)) == []

    path = answer.headers["location"]
    assert (await register.http.get(path, headers=registrar())).json() == answer.json()
    twice = await register.http.post("/v1/unlistings", json=body, headers=registrar())
    assert (twice.status_code, twice.json()["code"]) == (409, "already-unlisted")
    why = {"reason": "They asked for it."}
    lifted = await register.http.post(f"{path}/lifting", json=why, headers=registrar())
    assert (lifted.status_code, lifted.json()["lifted_reason"]) == (201, "They asked for it.")
    assert len((await register.http.get("/v1/practitioners", params={"q": "hidden"})).json()["items"]) == 1
    again = await register.http.post(f"{path}/lifting", json=why, headers=registrar())
    assert (again.status_code, again.json()["code"]) == (409, "unlisting-already-lifted")
    listed = await register.http.get("/v1/unlistings", params={"number": number}, headers=registrar())
    assert listed.json() == {"items": [lifted.json()], "next": None}
    assert (await make.journal(register))[-1] == ("entry.listed", number)
    assert "entry.unlisted" in await make.events(register)
    assert await make.facts(register, "entry.unlisted") == [{}]


async def test_an_unlisting_that_cannot_be_is_refused_and_changes_nothing(register: Register) -> None:
    number = await licensed(register, "1")
    lines = await make.events(register)
    for body, status, code in (
        ({"number": number, "reason": " "}, 422, "unlisting-reason-missing"),
        ({"number": "nonsense", "reason": WHY}, 400, "malformed-number"),
        ({"number": "CR00000001", "reason": WHY}, 404, "no-such-number"),
        ({"number": number}, 422, "input-not-valid"),
    ):
        answer = await register.http.post("/v1/unlistings", json=body, headers=registrar())
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    answer = await register.http.post("/v1/unlistings/7/lifting", json={"reason": WHY}, headers=registrar())
    assert (answer.status_code, answer.json()["code"]) == (404, "no-such-unlisting")
    assert await make.events(register) == lines


async def test_two_who_unlist_at_once_make_one_unlisting(register: Register) -> None:
    number = await licensed(register, "1")
    body = {"number": number, "reason": WHY}
    answers = await asyncio.gather(
        *(register.http.post("/v1/unlistings", json=body, headers=registrar()) for _ in range(4))
    )
    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409]
