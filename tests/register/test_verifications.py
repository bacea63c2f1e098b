"""Verifications: one outcome for each row asked, second facts told only to those who may know."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import insert

from services.register.domain.person import number_from
from services.register.operations.public_entries import republish
from services.register.operations.verifications import ENTITLED
from services.register.storage import tables
from tests.callers import bearer
from tests.register import make_standing as make
from tests.register.conftest import Register
from tests.register.make_standing import REGISTRAR

SCHOOL = bearer("checks:write", subject="a-school")


async def post(
    register: Register, rows: Any, headers: dict[str, str] | None = SCHOOL, **members: Any
) -> httpx.Response:
    """Send a batch."""
    return await register.http.post("/v1/verifications", json={"rows": rows, **members}, headers=headers)


async def verify(
    register: Register, rows: Any, headers: dict[str, str] | None = SCHOOL, **members: Any
) -> list[dict[str, Any]]:
    """Return the outcomes of a batch, which has to be answered."""
    response = await post(register, rows, headers, **members)
    assert response.status_code == 200, response.text
    items: list[dict[str, Any]] = response.json()["items"]
    return items


async def test_every_row_gets_its_outcome_in_order_with_its_own_reference(register: Register) -> None:
    first, second = [await make.licensee(register, serial) for serial in (1, 2)]
    rows = [
        {"reference": "c", "number": second},
        {"number": first},
        {"reference": 'a "quoted", ƿ\u0000 one', "number": first.lower()},
        {"reference": "c", "number": number_from(99)},
        {"reference": None, "number": "CR00000990"},
        {"reference": "", "number": "nonsense"},
        {"reference": "null", "number": None},
        {},
        {"number": 7},
        {"number": "CR\u0000000017"},
        {"number": "CR１２３４５６７2"},
    ]
    outcomes = await verify(register, rows)
    assert [each["reference"] for each in outcomes] == [row.get("reference") for row in rows]
    assert [(each["verdict"], each["number"]) for each in outcomes] == [
        ("licensed", second),
        ("licensed", first),
        ("licensed", first),
        ("never_issued", number_from(99)),
        *[("malformed", None)] * 7,
    ]


async def test_an_outcome_is_what_the_single_look_up_says(register: Register) -> None:
    number = await make.licensee(register)
    single = (await register.http.get(f"/v1/licences/{number}")).json()
    [outcome] = await verify(register, [{"reference": "r", "number": number}])
    assert outcome == {"reference": "r"} | single
    assert list(outcome) == ["reference", *single]


async def test_every_outcome_has_every_member(register: Register) -> None:
    number = await make.licensee(register)
    rows = [{"number": each} for each in (number, number_from(9), "?")]
    rows.append({"number": number, "family_name": "Other"})
    assert len({tuple(outcome) for outcome in await verify(register, rows)}) == 1


async def test_the_whole_batch_is_about_one_day_and_one_instant(register: Register) -> None:
    number = await make.licensee(register)
    said_at = "2026-11-21T09:30:00Z"
    register.clock.now += timedelta(days=1)
    await make.suspend(register, number, first=date(2026, 11, 1))
    rows = [{"number": number}, {"number": number_from(9)}]
    for members, verdict, known_at in (
        ({}, "suspended", "2026-11-22T09:30:00Z"),
        ({"valid_at": "2026-10-31"}, "licensed", "2026-11-22T09:30:00Z"),
        ({"known_at": said_at}, "licensed", said_at),
        ({"known_at": said_at, "valid_at": "2025-01-01"}, "not_licensed", said_at),
    ):
        outcomes = await verify(register, rows, **members)
        assert [each["verdict"] for each in outcomes] == [verdict, "never_issued"]
        assert {each["known_at"] for each in outcomes} == {known_at}
        assert {each["valid_at"] for each in outcomes} == {members.get("valid_at", known_at[:10])}


async def test_an_empty_batch_has_no_outcomes(register: Register) -> None:
    assert await verify(register, []) == []


async def test_ten_thousand_rows_are_answered_and_one_more_is_refused(register: Register) -> None:
    number = await make.licensee(register)
    rows = [{"reference": str(place), "number": number} for place in range(10_000)]
    outcomes = await verify(register, rows)
    assert [each["reference"] for each in outcomes] == [row["reference"] for row in rows]
    response = await post(register, [{"number": number}] * 10_001)
    assert (response.status_code, response.json()["code"]) == (413, "too-many-rows")


async def test_without_a_token_a_hundred_rows_are_answered_and_one_more_is_refused(
    register: Register,
) -> None:
    number = await make.licensee(register)
    assert len(await verify(register, [{"number": number}] * 100, None)) == 100
    response = await post(register, [{"number": number}] * 101, None)
    assert (response.status_code, response.json()["code"]) == (413, "too-many-rows-for-anyone")
    assert "100" in response.json()["detail"]


@pytest.mark.parametrize(
    ("fact", "agrees"),
    [
        ({"family_name": "O’Connor-Smith"}, True),
        ({"family_name": "oconnor smith"}, True),
        ({"family_name": "Óconnor"}, False),
        ({"family_name": "Llŷr"}, True),
        ({"family_name": "Llyr"}, True),
        ({"family_name": "Smith"}, False),
        ({"family_name": ""}, False),
        ({"family_name": "-"}, False),
        ({"date_of_birth": "1980-02-29"}, True),
        ({"date_of_birth": "1980-02-28"}, False),
        ({"family_name": "Llyr", "date_of_birth": "1980-02-29"}, True),
        ({"family_name": "Llyr", "date_of_birth": "1990-01-01"}, False),
        ({"family_name": "Other", "date_of_birth": "1980-02-29"}, False),
        ({"family_name": None, "date_of_birth": None}, True),
    ],
)
async def test_a_second_fact_is_compared_as_people_write_it(
    register: Register, fact: dict[str, str], agrees: bool
) -> None:
    number = await make.licensee(register, family_name="O'Connor Smith")
    async with register.db.transaction(REGISTRAR) as tx:
        await tx.execute(
            insert(tables.previous_names).values(person_id=1, given_names="Nia", family_name="Llŷr")
        )
    [outcome] = await verify(register, [{"number": number, **fact}])
    assert outcome["verdict"] == ("licensed" if agrees else "details_do_not_match")
    if not agrees:
        assert outcome["number"] == number
        assert outcome["reasons"] == ["details-differ"]
        assert outcome["membership_level"] is None


async def test_a_date_of_birth_that_is_not_recorded_agrees_with_none(register: Register) -> None:
    number = await make.licensee(register, date_of_birth=None)
    [outcome] = await verify(register, [{"number": number, "date_of_birth": "1980-02-29"}])
    assert outcome["verdict"] == "details_do_not_match"


async def test_names_from_before_and_after_a_merge_belong_to_both_numbers(register: Register) -> None:
    async with register.db.transaction(REGISTRAR) as tx:
        merged_id, merged = await make.person(tx, 1, family_name="Before")
        kept_id, kept = await make.person(tx, 2, family_name="After")
        await make.merge(tx, merged_id, kept_id, date(2026, 3, 1))
        await republish(tx, [kept_id], now=register.clock())
    rows = [
        {"number": number, "family_name": name} for number in (merged, kept) for name in ("Before", "After")
    ]
    outcomes = await verify(register, rows)
    assert [each["verdict"] for each in outcomes] == ["merged"] * 2 + ["not_licensed"] * 2


@pytest.mark.parametrize("scope", sorted(ENTITLED))
async def test_only_those_who_may_know_are_told_that_details_differ(register: Register, scope: str) -> None:
    number = await make.licensee(register)
    row = {"number": number, "family_name": "Other"}
    [told] = await verify(register, [row], bearer(scope))
    assert told["verdict"] == "details_do_not_match"


@pytest.mark.parametrize("headers", [None, bearer("changes:read"), bearer("people:read"), bearer()])
async def test_others_cannot_tell_a_differing_detail_from_a_number_never_issued(
    register: Register, headers: dict[str, str] | None
) -> None:
    number, nobody = await make.licensee(register), number_from(99)
    fact = {"reference": "r", "family_name": "Other"}
    differing = await post(register, [{"number": number, **fact}], headers)
    missing = await post(register, [{"number": nobody, **fact}], headers)
    assert differing.text == missing.text.replace(nobody, number)
    compared = {name: value for name, value in differing.headers.items() if name != "x-request-id"}
    assert compared == {name: value for name, value in missing.headers.items() if name != "x-request-id"}
    assert (await verify(register, [{"number": number, "family_name": "Nobody"}], headers))[0][
        "verdict"
    ] == "licensed"


@pytest.mark.parametrize(
    ("headers", "code"),
    [(None, "date-of-birth-not-for-anyone"), (bearer("changes:read"), "scope-missing")],
)
async def test_nobody_finds_out_a_date_of_birth_by_trying_without_being_known(
    register: Register, headers: dict[str, str] | None, code: str
) -> None:
    number = await make.licensee(register)
    answer = await post(register, [{"number": number, "date_of_birth": "1980-02-29"}], headers)
    assert (answer.status_code, answer.json()["code"]) == (401 if headers is None else 403, code)


async def test_nobody_searches_for_a_date_of_birth(register: Register) -> None:
    number = await make.licensee(register)
    rows = [{"number": number, "date_of_birth": f"1980-02-{day:02}"} for day in range(1, 5)]
    answer = await post(register, rows, bearer("checks:write"))
    assert (answer.status_code, answer.json()["code"]) == (422, "too-many-dates-of-birth")
    assert (await post(register, rows[:3], bearer("checks:write"))).status_code == 200


@pytest.mark.parametrize(
    ("members", "pointers"),
    [
        ({"rows": [{"number": "x"}, 7, None, []]}, ["/rows/1", "/rows/2", "/rows/3"]),
        ({"rows": [{"number": "x", "nummer": 1}]}, ["/rows/0/nummer"]),
        ({"rows": [{"number": "x", "a/b~c": 1}]}, ["/rows/0/a~1b~0c"]),
        ({"rows": [{"number": "x", "reference": 7}]}, ["/rows/0/reference"]),
        ({"rows": [{"number": "x", "reference": "x" * 101}]}, ["/rows/0/reference"]),
        ({"rows": [{}, {"number": "x", "family_name": ["Smith"]}]}, ["/rows/1/family_name"]),
        ({"rows": [{"number": "x", "date_of_birth": "1980-02-30"}]}, ["/rows/0/date_of_birth"]),
        ({"rows": [{"number": "x", "date_of_birth": 19800229}]}, ["/rows/0/date_of_birth"]),
        ({"rows": {}}, ["/rows"]),
        ({"rows": None, "row": []}, ["/row", "/rows"]),
        ({"rows": [], "valid_at": "yesterday"}, ["/valid_at"]),
        ({"rows": [], "known_at": "2026-11-21", "valid_at": 1}, ["/valid_at", "/known_at"]),
        ({"rows": [7] * 60}, [f"/rows/{place}" for place in range(50)]),
    ],
)
async def test_what_is_out_of_place_is_named_with_its_row(
    register: Register, members: dict[str, Any], pointers: list[str]
) -> None:
    response = await register.http.post("/v1/verifications", json=members, headers=SCHOOL)
    assert (response.status_code, response.json()["code"]) == (422, "input-not-valid")
    assert [each["pointer"] for each in response.json()["errors"]] == pointers


@pytest.mark.parametrize("content", [b"", b"\xff", b"{", b'{"rows":["\\ud800"]}', b"[" * 5000, b"NaN"])
async def test_a_body_that_is_no_json_is_malformed(register: Register, content: bytes) -> None:
    headers = {**SCHOOL, "Content-Type": "application/json"}
    response = await register.http.post("/v1/verifications", content=content, headers=headers)
    assert (response.status_code, response.json()["code"]) == (400, "body-not-readable")


@pytest.mark.parametrize("content", [b"null", b"1", b'"x"', b"[]"])
async def test_a_body_that_is_no_object_is_refused(register: Register, content: bytes) -> None:
    headers = {**SCHOOL, "Content-Type": "application/json"}
    response = await register.http.post("/v1/verifications", content=content, headers=headers)
    assert (response.status_code, response.json()["code"]) == (422, "input-not-valid")


async def test_a_body_that_is_not_said_to_be_json_is_refused(register: Register) -> None:
    response = await register.http.post("/v1/verifications", content=b"rows=1", headers=SCHOOL)
    assert (response.status_code, response.json()["code"]) == (400, "content-type-not-accepted")


async def test_a_bad_token_is_refused_before_the_body_is_read(register: Register) -> None:
    response = await post(register, 7, {"Authorization": "Bearer x.y.z"})
    assert (response.status_code, response.json()["code"]) == (401, "token-not-valid")


async def test_a_suspension_shows_in_the_next_batch(register: Register) -> None:
    number = await make.licensee(register)
    assert (await verify(register, [{"number": number}]))[0]["verdict"] == "licensed"
    await make.suspend(register, number)
    assert (await verify(register, [{"number": number}]))[0]["verdict"] == "suspended"


async def test_the_body_is_described_without_loose_ends(register: Register) -> None:
    schema = (await register.http.get("/openapi.json")).json()
    operation = schema["paths"]["/v1/verifications"]["post"]
    body = operation["requestBody"]["content"]["application/json"]["schema"]
    assert "$ref" not in str(body)
    assert list(body["properties"]["rows"]["items"]["properties"]) == [
        "number", "reference", "family_name", "date_of_birth",
    ]  # fmt: skip
