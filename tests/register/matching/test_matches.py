"""Matching rows over HTTP: outcomes in order, nothing about strangers, and a fixed number of queries."""

from typing import Any

import asyncpg
import httpx
import pytest
from sqlalchemy import event

from tests.callers import bearer, registrar
from tests.register import make, make_licences
from tests.register.conftest import Register

CRM = bearer("people:match", subject="crm")
PERSON = {"given_names": "Siân Mary", "family_name": "Newname", "previous_names": [
    {"given_names": "Siân Mary", "family_name": "Oldname"}]}  # fmt: skip
EMAIL = "sian@example.org"
PERSON_NAME = {"given_names": "Siân Mary", "family_name": "Newname"}
MEMBER = {"association": "ICG", "member_id": "1"}
BORN = {"date_of_birth": "1980-02-29"}


async def match(register: Register, *rows: dict[str, Any], headers: dict[str, str] = CRM) -> httpx.Response:
    """Match rows and return the answer, whatever it is."""
    return await register.http.post("/v1/matches", json={"rows": list(rows)}, headers=headers)


async def matched(register: Register, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    """Match rows and return what is said of each."""
    answer = await match(register, *rows)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_each_row_is_answered_in_order_with_the_verdict_on_a_match_alone(register: Register) -> None:
    number = await make_licences.licensed(register, "1", **PERSON, email=EMAIL)
    before = await make.journal(register)
    rows = [
        {"reference": "a", "touchpoint_reference": "1", "number": number.lower(), "family_name": "NEWNAME"},
        {"reference": "b", "given_names": "Sian Mary", "family_name": "Oldname", "email": EMAIL.upper()},
        {"reference": "c", **MEMBER, "given_names": "S", "family_name": "Newname"},
        {"reference": "d", "given_names": "Newname", "family_name": "Sian Mary", **BORN},
        {"reference": "e", "given_names": "Sian Mary", "family_name": "Odlname", **BORN},
        {"reference": "f", **PERSON_NAME, "date_of_birth": "1981-02-28"},
        {"reference": "g", "number": "CR00000001", "given_names": "Nobody", "family_name": "Known"},
        {"reference": "h", "number": number, "family_name": "Stranger", "date_of_birth": "1990-01-01"},
        {"reference": "i", "family_name": "Newname"},
    ]  # fmt: skip
    items = await matched(register, *rows)
    assert [(each["reference"], each["outcome"], each["reason"]) for each in items] == [
        ("a", "match", "number-and-details-agree"),
        ("b", "match", "email-and-name-agree"),
        ("c", "match", "member-id-and-name-agree"),
        ("d", "possible", "not-enough-for-a-match"),
        ("e", "possible", "not-enough-for-a-match"),
        ("f", "none", "nobody-agrees"),
        ("g", "none", "nobody-agrees"),
        ("h", "none", "details-do-not-match"),
        ("i", "none", "too-little-to-compare"),
    ]
    assert [(each["number"], each["verdict"]) for each in items] == [(number, "licensed")] * 3 + [
        (None, None)
    ] * 6
    assert items[0]["touchpoint_reference"] == "1"
    assert (items[3]["agreed"], items[3]["score"]) == (["given_names", "family_name", "date_of_birth"], 47)
    nothing = {"score": None, "agreed": [], "disagreed": [], "number": None, "verdict": None}
    assert all(nothing.items() <= each.items() for each in items[5:])
    assert await make.journal(register) == before


async def test_a_match_shows_a_suspension_at_once_and_leads_from_a_merged_number_to_the_kept_one(
    register: Register,
) -> None:
    kept = await make_licences.licensed(register, "1", **PERSON, email=EMAIL)
    retired = await make.member(register, "ACEG", "9", **PERSON)
    found = (await register.http.get("/v1/possible-duplicates", headers=registrar())).json()["items"]
    path = f"/v1/possible-duplicates/{found[0]['id']}/decisions"
    body = {"outcome": "same_person", "reason": "One certificate."}
    assert (await register.http.post(path, json=body, headers=registrar())).status_code == 201
    assert (await make_licences.impose(register, kept)).status_code == 201
    (said,) = await matched(register, {"number": retired, "family_name": "Newname"})
    assert (said["outcome"], said["number"], said["verdict"]) == ("match", kept, "suspended")
    (said,) = await matched(
        register, {"association": "ACEG", "member_id": "9", **PERSON_NAME, "email": EMAIL}
    )
    assert (said["number"], said["agreed"]) == (kept, ["given_names", "family_name", "email", "member_id"])


async def test_dates_of_birth_cannot_be_found_out_by_trying(register: Register) -> None:
    number = await make.member(register, "ICG", "1", **PERSON)
    days = [f"1980-02-{day:02}" for day in range(19, 30)]
    answer = await match(register, *({"number": number, "date_of_birth": day} for day in days))
    assert (answer.status_code, answer.json()["code"]) == (422, "too-many-dates-of-birth")
    tried = await matched(register, *({**PERSON_NAME, "date_of_birth": day} for day in days))
    assert {(each["outcome"], each["reason"]) for each in tried} == {
        ("none", "nobody-agrees"), ("none", "too-many-tries"),
    }  # fmt: skip
    (fair,) = await matched(register, {**PERSON_NAME, "date_of_birth": "1980-02-29"})
    assert fair["outcome"] == "possible"


async def test_what_cannot_be_matched_is_refused_with_its_row(register: Register) -> None:
    assert (await match(register, headers={})).status_code == 401
    assert (await match(register, headers=registrar())).status_code == 403
    for rows in ([], [{"strange": 1}], [{"date_of_birth": "1980-02-30"}], [{"family_name": "a\x00b"}],
                 [{"number": 5}], [{"family_name": "x" * 201}]):  # fmt: skip
        answer = await match(register, *rows)
        assert (answer.status_code, answer.json()["code"]) == (422, "input-not-valid"), rows
    many = await match(register, *([{}] * 10_001))
    assert (many.status_code, many.json()["code"]) == (413, "too-many-rows")
    odd = {"number": "x" * 60, "email": "\u202e", "given_names": "ỳ" * 200, "family_name": "\U0001f600"}
    (said,) = await matched(register, odd)
    assert said["reason"] == "nobody-agrees"


async def test_the_number_of_queries_does_not_grow_with_the_rows(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [await make.member(register, "ICG", str(place)) for place in range(3)]
    asked: list[str] = []
    fetch = asyncpg.Connection.fetch

    async def counted(connection: asyncpg.Connection, statement: str, *values: Any) -> Any:
        asked.append(statement)
        return await fetch(connection, statement, *values)

    monkeypatch.setattr(asyncpg.Connection, "fetch", counted)
    event.listen(register.db.engine.sync_engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    counts = []
    for many in (1, 300):
        asked.clear()
        await matched(register, *[{"number": number, "given_names": "Siân"} for number in numbers * many])
        counts.append(len(asked))
    assert counts[0] == counts[1] > 5
