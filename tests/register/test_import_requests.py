"""Imports as requests: once per key, forms and mappings, cancelling, and nobody else's."""

import json

import pytest

from shared.actor import Actor
from tests.callers import association, bearer, registrar
from tests.register.conftest import Register
from tests.register.member_files import (
    COLUMNS,
    count,
    csv_file,
    imported,
    journal,
    outcomes,
    row,
    send,
    work_off,
)


async def test_the_same_request_twice_is_one_import(register: Register) -> None:
    file = csv_file(row(1))
    first = await send(register, file, headers={"Idempotency-Key": "k1"})
    again = await send(register, file, headers={"Idempotency-Key": "k1"})
    assert (first.status_code, again.status_code) == (202, 202)
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotent-Replayed"] == "true"
    other = await send(register, file, headers={"Idempotency-Key": "k1"}, dry_run="true")
    assert other.status_code == 422
    assert await count(register, "imports") == 1


async def test_a_form_may_carry_the_file_and_a_mapping_of_its_own(register: Register) -> None:
    mapping = {"columns": {"Ref": "member_id"}, "values": {"level": {"Fellow": "professional"}}}
    file = csv_file(row("A/1", Grade="Fellow"), columns=("Ref", *COLUMNS[1:]))
    answer = await register.http.post(
        "/v1/imports",
        files={"file": ("list.csv", file, "text/csv")},
        data={"mapping": json.dumps(mapping), "dry_run": "true"},
        headers=association(),
    )
    assert answer.status_code == 202, answer.text
    assert (answer.json()["file_name"], answer.json()["dry_run"]) == ("list.csv", True)
    await work_off(register)
    made = (await register.http.get(answer.headers["Location"], headers=association())).json()
    assert made["totals"]["created"] == 1


async def test_a_saved_mapping_is_used_by_its_name(register: Register) -> None:
    body = {"columns": {"Ref": "member_id"}, "values": {}}
    path = "/v1/import-mappings/our-system"
    saved = await register.http.put(path, json=body, headers=association())
    assert saved.status_code == 201
    lines = await journal(register)
    again = await register.http.put(path, json=body, headers=association())
    assert (again.status_code, await journal(register)) == (200, lines)
    assert lines[-1] == ("import-mapping.saved", "import-mapping:ICG/our-system")
    read = await register.http.get(path, headers=association())
    assert read.json() == {"name": "our-system", **body}
    seen = await register.http.get(path, headers={**association(), "If-None-Match": read.headers["ETag"]})
    assert seen.status_code == 304
    stale = await register.http.put(path, json=body, headers={**association(), "If-Match": '"old"'})
    assert stale.status_code == 412
    file = csv_file(row(1), columns=("Ref", *COLUMNS[1:]))
    assert (await imported(register, file, mapping="our-system"))["totals"]["created"] == 1
    listed = await register.http.get("/v1/import-mappings", headers=association())
    assert [each["name"] for each in listed.json()["items"]] == ["our-system"]
    foreign = await register.http.get(path, headers=association("ACEG"))
    missing = await register.http.get("/v1/import-mappings/none", headers=association("ACEG"))
    assert (foreign.status_code, foreign.json()["detail"]) == (404, missing.json()["detail"])
    unknown = await send(register, file, mapping="none")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "no-such-mapping")


async def test_an_import_is_cancelled_between_chunks_and_its_rest_given_back(register: Register) -> None:
    sent = await send(register, csv_file(*[row(each) for each in range(1, 4)]))
    path = sent.headers["Location"]
    cancelled = await register.http.post(f"{path}/cancellation", headers=association())
    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    await work_off(register)
    assert await count(register, "people") == 0
    rest = await outcomes(register, cancelled.json(), "unprocessed")
    assert [line["Import row"] for line in rest] == ["2", "3", "4"]
    again = await register.http.post(f"{path}/cancellation", headers=association())
    assert (again.status_code, again.json()["code"]) == (409, "import-over")
    assert (await journal(register))[-1] == ("import.finished", path.replace("/v1/imports/", "import:"))


async def test_a_foreign_import_looks_like_a_missing_one(register: Register) -> None:
    sent = await send(register, csv_file(row(1)))
    path = sent.headers["Location"]
    for tail in ("", "/successful", "/failed", "/unprocessed"):
        foreign = await register.http.get(path + tail, headers=association("ACEG"))
        missing = await register.http.get("/v1/imports/999999" + tail, headers=association("ACEG"))
        assert (foreign.status_code, foreign.json()["code"]) == (404, "no-such-import")
        assert {**foreign.json(), "instance": ""} == {**missing.json(), "instance": ""}
    stopped = await register.http.post(f"{path}/cancellation", headers=association("ACEG"))
    assert stopped.status_code == 404
    listed = await register.http.get("/v1/imports", headers=association("ACEG"))
    assert listed.json() == {"items": [], "next": None}


async def test_imports_are_listed_newest_first_in_pages(register: Register) -> None:
    made = [(await send(register, csv_file(row(each)))).json()["id"] for each in range(1, 4)]
    first = await register.http.get("/v1/imports", params={"limit": 2}, headers=association())
    assert [each["id"] for each in first.json()["items"]] == made[:0:-1]
    after = {"limit": 2, "after": first.json()["next"]}
    rest = await register.http.get("/v1/imports", params=after, headers=association())
    assert [each["id"] for each in rest.json()["items"]] == made[:1]


async def test_nobody_without_the_scope_or_an_association_sends_a_file(register: Register) -> None:
    file = csv_file(row(1))
    headers = {"Content-Type": "text/csv"}
    nobody = await register.http.post("/v1/imports", content=file, headers=headers)
    other = await register.http.post("/v1/imports", content=file, headers={**registrar(), **headers})
    homeless = await register.http.post(
        "/v1/imports", content=file, headers={**bearer("members:write"), **headers}
    )
    stranger = await send(register, file, of="XYZ")
    assert [each.status_code for each in (nobody, other, homeless, stranger)] == [401, 403, 403, 403]
    assert await count(register, "imports") == 0


async def test_an_import_that_is_known_is_not_sent_again(register: Register) -> None:
    sent = await send(register, csv_file(row(1)))
    first = await register.http.get(sent.headers["Location"], headers=association())
    headers = {**association(), "If-None-Match": first.headers["ETag"]}
    assert (await register.http.get(sent.headers["Location"], headers=headers)).status_code == 304


async def test_the_database_refuses_an_import_in_anothers_name(register: Register) -> None:
    actor = Actor(subject="x", client_id="x", association="ACEG")
    for table in ("imports", "import_chunks", "import_mappings"):
        columns = await register.db.fetch("SELECT count(*) AS n FROM pg_policies WHERE tablename = $1", table)
        assert columns[0]["n"] == 3
    with pytest.raises(Exception, match="row-level security"):
        async with register.db.transaction(actor) as tx:
            await tx.driver.execute(
                "INSERT INTO import_mappings (association, name, body, saved_at)"
                " VALUES ('ICG', 'x', '{}', now())"
            )
