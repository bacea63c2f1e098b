"""The search of the public register: who is found, how, in which order, and who is not."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from services.register.operations import integrity
from shared.postgres.urls import asyncpg_dsn
from tests.callers import registrar
from tests.register import make
from tests.register.conftest import Register
from tests.register.make_licences import DECIDER, impose, licensed

PLACES: dict[str, Any] = {
    "home_country": "wales",
    "regions": ["W"],
    "specialisms": ["lmi"],
    "languages": ["cy", "en"],
    "client_groups": ["young_people"],
}


async def found(register: Register, **asked: Any) -> list[tuple[str, str | None]]:
    """Return the family name of each who is found, and how."""
    answer = await register.http.get("/v1/practitioners", params=asked)
    assert answer.status_code == 200, answer.text
    return [
        (
            each["practitioner"]["family_name"],
            each["match"] and each["match"]["how"] + ("/previous" if each["match"]["previous_name"] else ""),
        )
        for each in answer.json()["items"]
    ]


async def sound(register: Register) -> None:
    """Assert that everybody is found by what is recorded of them, and by nothing else."""
    assert list(await integrity.check(register.db, now=register.clock(), everybody=True)) == []


async def test_people_are_found_by_name_ranked_and_explained(register: Register) -> None:
    await licensed(register, "1", given_names="Rhys", family_name="Llewelyn-Jones")
    await licensed(register, "2", given_names="Rhys", family_name="Jonas")
    previous = [{"given_names": "Rhys", "family_name": "Jones"}]
    await licensed(register, "3", given_names="Rhys", family_name="Smith", previous_names=previous)
    await make.member(register, member_id="4", given_names="Rhys", family_name="Jones")
    assert await found(register, q="jones RHYS") == [
        ("Llewelyn-Jones", "exact"), ("Smith", "exact/previous"), ("Jonas", "spelled_alike"),
    ]  # fmt: skip
    assert await found(register, q="R Llew") == [("Llewelyn-Jones", "start")]
    assert await found(register, q="Reece Smyth") == [("Smith", "sounds_alike")]
    assert await found(register, q="Zoltan") == []
    first = await register.http.get("/v1/practitioners", params={"q": "rhys", "limit": 2})
    rest = await register.http.get(
        "/v1/practitioners", params={"q": "rhys", "limit": 2, "after": first.json()["next"]}
    )
    pages = [*first.json()["items"], *rest.json()["items"]]
    assert [each["practitioner"]["family_name"] for each in pages] == ["Jonas", "Llewelyn-Jones", "Smith"]
    assert (rest.json()["next"], rest.json()["cut"]) == (None, False)
    assert "1980-02-29" not in first.text
    assert "previous_names" not in first.text
    await sound(register)


async def test_people_are_found_by_place_scope_language_and_whom_they_help(register: Register) -> None:
    number = await licensed(register, "1", family_name="Here", **PLACES)
    await licensed(register, "2", family_name="Elsewhere", home_country="england", languages=["English"])
    for asked in (
        {"home_country": "wales"}, {"region": "W"}, {"specialism": "lmi"}, {"language": "Cymraeg"},
        {"client_group": "young_people"}, {"home_country": "wales", "language": "cy", "q": "heer"},
    ):  # fmt: skip
        assert [name for name, _ in await found(register, **asked)] == ["Here"], asked
    assert len(await found(register, language="en", scope="personal_guidance")) == 2
    assert len(await found(register)) == 2
    first = await register.http.get("/v1/practitioners", params={"limit": 1})
    assert len(await found(register, after=first.json()["next"])) == 1
    shown = (await register.http.get("/v1/practitioners", params={"q": "here"})).json()["items"][0]
    entry = (await register.http.get(f"/v1/practitioners/{number}")).json()["practitioner"]
    assert shown["practitioner"] == entry
    assert (entry["languages"], entry["client_groups"]) == (["cy", "en"], ["young_people"])
    register.clock.now += timedelta(days=800)
    assert await found(register, scope="personal_guidance", q="here") == []
    assert await found(register, scope="personal_guidance", home_country="wales") == []


async def test_what_changes_is_found_anew_with_the_verdict_of_today(register: Register) -> None:
    number = await licensed(register, "1", given_names="Ann", family_name="Before")
    await make.put_member(register, given_names="Ann", family_name="After", languages=["bfi"])
    assert await found(register, q="Ann Before") == [("After", "exact/previous")]
    assert await found(register, q="after", language="BSL") == [("After", "exact")]
    await impose(register, number)
    answer = await register.http.get("/v1/practitioners", params={"q": "after"})
    assert answer.json()["items"][0]["practitioner"]["licence"]["verdict"] == "suspended"
    await sound(register)


async def test_of_merged_numbers_the_kept_one_is_found_by_either_name(register: Register) -> None:
    kept = await licensed(register, "1", family_name="Twin")
    await make.member(register, "ACEG", "2", family_name="Twin")
    duplicate = (await register.db.fetch("SELECT id FROM possible_duplicates"))[0][0]
    answer = await register.http.post(
        f"/v1/possible-duplicates/{duplicate}/decisions",
        json={"outcome": "same_person", "kept_number": kept, "reason": "One person."},
        headers=registrar(DECIDER),
    )
    assert answer.status_code == 201, answer.text
    items = (await register.http.get("/v1/practitioners", params={"q": "twin"})).json()["items"]
    assert [each["practitioner"]["number"] for each in items] == [kept]
    await sound(register)


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"q": "A"}, 422, "name-too-short"),
        ({"q": ""}, 422, "name-too-short"),
        ({"q": "a1 b2 c3 d4 e5 f6 g7"}, 422, "name-too-long"),
        ({"q": "\x00"}, 422, "input-not-valid"),
        ({"q": "x" * 301}, 422, "input-not-valid"),
        ({"region": "Atlantis", "language": "xx"}, 422, "filter-not-known"),
        ({"home_country": "france"}, 422, "input-not-valid"),
        ({"scope": "flying"}, 422, "input-not-valid"),
        ({"name": "Example"}, 422, "input-not-valid"),
        ({"q": "Example", "after": "nonsense"}, 400, "cursor-not-readable"),
    ],
)
async def test_a_search_that_cannot_be_is_refused(
    register: Register, asked: dict[str, str], status: int, code: str
) -> None:
    answer = await register.http.get("/v1/practitioners", params=asked)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_name_to_search_that_was_tampered_with_is_seen(register: Register) -> None:
    number = await licensed(register, "1")
    connection = await asyncpg.connect(asyncpg_dsn(register.urls.app))
    await connection.execute("UPDATE search_names SET keys = '{}'")
    await connection.close()
    findings = await integrity.check(register.db, now=register.clock(), everybody=True)
    assert [(each.invariant, each.row) for each in findings] == [("I20", number)]
