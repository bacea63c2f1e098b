"""Imports through the whole service: a file goes in, members come out, and nothing is lost or doubled."""

import asyncio
from datetime import date

import pytest

from services.register.operations.import_runs import run_next
from tests.callers import association, registrar
from tests.register.conftest import Register
from tests.register.member_files import (
    COLUMNS,
    XLSX,
    count,
    csv_file,
    imported,
    journal,
    outcomes,
    row,
    send,
    work_off,
    xlsx_file,
)

SHIPPED = ("reference", "policy", "directory", "standards-suite")


async def test_a_file_is_taken_in_and_its_members_are_recorded(register: Register) -> None:
    sent = await send(register, csv_file(row(1), row(2)), file_name="C:\\files\\members.csv")
    assert sent.status_code == 202
    body = sent.json()
    assert (body["state"], body["rows"], body["file_name"]) == ("received", 2, "members.csv")
    await work_off(register)
    made = (await register.http.get(sent.headers["Location"], headers=association())).json()
    assert made["state"] == "finished"
    assert made["totals"] == {
        "created": 2, "changed": 0, "unchanged": 0, "failed": 0, "possible_duplicates": 0,
    }  # fmt: skip
    member = await register.http.get("/v1/members/by-external-id/ICG/1", headers=association())
    assert member.status_code == 200
    assert member.json()["family_name"] == "Familyb"
    number = (await outcomes(register, made, "successful"))[0]["Import number"]
    assert number == member.json()["registration_number"]
    verdict = await register.http.get(f"/v1/licences/{number}")
    assert verdict.json()["verdict"] == "not_licensed"
    events = [event for event, _ in await journal(register) if not event.startswith(SHIPPED)]
    assert events == [
        "import.submitted",
        "member.recorded", "member.recorded",
        "membership.recorded", "membership.recorded",
        "import.finished",
    ]  # fmt: skip


async def test_the_same_file_again_changes_nothing_but_the_imports_own_lines(register: Register) -> None:
    file = csv_file(*[row(each) for each in range(1, 6)])
    await imported(register, file)
    tables = (
        "people",
        "member_ids",
        "memberships",
        "previous_names",
        "possible_duplicates",
        "public_entries",
    )
    before = [await count(register, table) for table in tables]
    lines = await journal(register)
    versions = await register.db.fetch("SELECT number, version FROM public_entries ORDER BY number")
    made = await imported(register, file)
    assert made["totals"]["unchanged"] == 5
    assert [await count(register, table) for table in tables] == before
    assert await register.db.fetch("SELECT number, version FROM public_entries ORDER BY number") == versions
    name = f"import:{made['id']}"
    assert await journal(register) == [*lines, ("import.submitted", name), ("import.finished", name)]


async def test_a_row_that_is_known_is_read_again_when_anything_else_has_changed_the_member(
    register: Register,
) -> None:
    file = csv_file(row(1), row(2), row(3))
    made = await imported(register, file)
    numbers = [line["Import number"] for line in await outcomes(register, made, "successful")]
    path = "/v1/members/by-external-id/ICG/"
    membership = {"level": "associate", "valid_from": "2024-09-01"}
    body = {"given_names": "Ann", "family_name": "Lee", "membership": membership}
    await register.http.put(f"{path}1", json=body, headers=association())
    same = (await register.http.get(f"{path}2", headers=association())).json()
    other = {name: same[name] for name in ("given_names", "family_name", "date_of_birth", "email")}
    other["membership"] = {"level": "affiliate", "valid_from": "2024-09-01"}
    changed = await register.http.put(f"{path}2", json=other, headers=association())
    assert changed.status_code == 200, changed.text
    again = await imported(register, file)
    assert (again["totals"]["changed"], again["totals"]["unchanged"]) == (2, 1)
    third = await imported(register, file)
    assert third["totals"]["unchanged"] == 3
    told = await outcomes(register, third, "successful")
    assert [line["Import number"] for line in told] == numbers


async def test_a_dry_run_says_what_the_real_one_will_and_writes_nothing(register: Register) -> None:
    await imported(register, csv_file(row(1), row(2)))
    twin = row(9, Forename="Givenb", Surname="Familyb", DOB=row(1)[3])
    rows = [row(1), row(2, Grade="Affiliate"), row(3), row(4, DOB="31/02/1980"), row(3), twin]
    people, lines = await count(register, "people"), await journal(register)
    tried = await imported(register, csv_file(*rows), dry_run="true")
    assert await count(register, "people") == people
    assert [event for event, _ in (await journal(register))[len(lines) :]] == [
        "import.submitted", "import.finished",
    ]  # fmt: skip
    real = await imported(register, csv_file(*rows))
    assert tried["totals"] == real["totals"] == {
        "created": 2, "changed": 1, "unchanged": 1, "failed": 2, "possible_duplicates": 1,
    }  # fmt: skip
    for which in ("successful", "failed"):
        one, other = await outcomes(register, tried, which), await outcomes(register, real, which)
        for line in (*one, *other):
            line.pop("Import number")
        assert one == other


async def test_a_dry_run_meets_the_people_that_earlier_chunks_would_have_made(register: Register) -> None:
    twin = {"Forename": "Ann", "Surname": "Lee", "DOB": "31/01/1980"}
    rows = [row(1, **twin), *[row(each) for each in range(2, 1002)], row(1002, **twin)]
    tried = await imported(register, csv_file(*rows), dry_run="true")
    real = await imported(register, csv_file(*rows))
    assert tried["totals"] == real["totals"]
    assert real["totals"]["possible_duplicates"] == 1


async def test_failed_rows_are_given_back_with_a_sentence_each_and_can_be_sent_mended(
    register: Register,
) -> None:
    rows = [row(1), row(2, DOB="31/02/1980", Email="=cmd|' /C calc'!A0@example.org"), row(3)]
    made = await imported(register, csv_file(*rows))
    failed = await outcomes(register, made, "failed")
    assert [line["Import message"] for line in failed] == [
        "Row 3: the date of birth 31/02/1980 is not a real date; the e-mail address “=cmd|' /C "
        "calc'!A0@example.org” is not an address."
    ]
    assert failed[0]["Email"].startswith("'=cmd")
    text = (await register.http.get(made["files"]["failed"], headers=association())).text
    mended = text.replace("31/02/1980", "28/02/1980").replace(
        "'=cmd|' /C calc'!A0@example.org", "a@example.org"
    )
    again = await imported(register, mended.encode())
    assert again["totals"]["created"] == 1
    assert again["warnings"] == []


async def test_two_rows_with_one_member_number_are_not_both_taken(register: Register) -> None:
    made = await imported(register, csv_file(row(1), row(2), row(1, Forename="Other")))
    failed = await outcomes(register, made, "failed")
    assert [line["Import message"] for line in failed] == [
        "Row 4: the same member number stands in row 2 already."
    ]


async def test_the_same_name_and_birth_is_never_joined_but_left_to_a_registrar(register: Register) -> None:
    await imported(register, csv_file(row(1)))
    made = await imported(register, csv_file(row(77, Forename="Givenb", Surname="FAMILYB", DOB=row(1)[3])))
    assert made["totals"] == {
        "created": 1, "changed": 0, "unchanged": 0, "failed": 0, "possible_duplicates": 1,
    }  # fmt: skip
    assert await count(register, "people") == 2
    listed = await register.http.get("/v1/possible-duplicates", headers=registrar())
    assert listed.status_code == 200
    assert len(listed.json()["items"]) == 1
    told = await outcomes(register, made, "successful")
    assert told[0]["Import message"].startswith("Row 2: Another of your members has the same name and date")
    assert "duplicate.found" in [event for event, _ in await journal(register)]


async def test_another_associations_member_of_the_same_id_is_not_touched(register: Register) -> None:
    await imported(register, csv_file(row(1)))
    made = await imported(register, csv_file(row(1, Forename="Quite", Surname="Different")), of="ACEG")
    assert made["totals"]["created"] == 1
    member = await register.http.get("/v1/members/by-external-id/ICG/1", headers=association())
    assert member.json()["family_name"] == "Familyb"


async def test_a_change_of_name_keeps_the_old_one_and_a_new_level_ends_the_old(register: Register) -> None:
    await imported(register, csv_file(row(1)))
    made = await imported(
        register, csv_file(row(1, Surname="Newname", Grade="Professional", Joined="01/11/2026"))
    )
    assert made["totals"]["changed"] == 1
    member = (await register.http.get("/v1/members/by-external-id/ICG/1", headers=association())).json()
    assert member["family_name"] == "Newname"
    assert [name["family_name"] for name in member["previous_names"]] == ["Familyb"]
    rows = await register.db.fetch(
        "SELECT level, lower(valid) AS first, upper(valid) AS past FROM memberships"
        " WHERE upper_inf(known) ORDER BY 2"
    )
    assert [(each["level"], str(each["first"]), str(each["past"])) for each in rows] == [
        ("associate", "2024-09-01", "2026-11-01"),
        ("professional", "2026-11-01", "None"),
    ]
    events = [event for event, _ in await journal(register)]
    assert events[-4:] == ["member.changed", "membership.ended", "membership.recorded", "import.finished"]


async def test_a_column_that_the_file_lacks_leaves_what_is_recorded(register: Register) -> None:
    await imported(register, csv_file(row(1)))
    short = [cell for place, cell in enumerate(row(1)) if COLUMNS[place] not in ("Email", "DOB")]
    made = await imported(
        register, csv_file(short, columns=[each for each in COLUMNS if each not in ("Email", "DOB")])
    )
    assert made["totals"]["unchanged"] == 1
    emptied = await imported(register, csv_file(row(1, Email="")))
    assert emptied["totals"]["changed"] == 1


async def test_a_known_person_is_joined_by_number_name_and_birth_only(register: Register) -> None:
    made = await imported(register, csv_file(row(1)))
    number = (await outcomes(register, made, "successful"))[0]["Import number"]
    columns = (*COLUMNS, "Registration number")
    wrong = await imported(
        register, csv_file([*row(1, DOB="01/01/1980"), number], columns=columns), of="ACEG"
    )
    never = await imported(register, csv_file([*row(1), "CR0000000" + "1"], columns=columns), of="ACEG")
    messages = [
        (await outcomes(register, each, "failed", of="ACEG"))[0]["Import message"] for each in (wrong, never)
    ]
    assert messages[0] == messages[1]
    right = await imported(register, csv_file([*row(1), number], columns=columns), of="ACEG")
    assert (await outcomes(register, right, "successful", of="ACEG"))[0]["Import number"] == number
    again = await imported(register, csv_file([*row(1), number], columns=columns), of="ACEG")
    assert again["totals"]["unchanged"] == 1
    assert await count(register, "people") == 1


async def test_a_workbook_is_read_with_its_dates(register: Register) -> None:
    days = [date(1980, 1, 31), date(2024, 9, 1)]
    cells = [14, "Siân", "Ŵyn", days[0], "s@example.org", "Associate", days[1]]
    sent = await send(register, xlsx_file(cells), content_type=XLSX)
    assert sent.status_code == 202, sent.text
    await work_off(register)
    member = (await register.http.get("/v1/members/by-external-id/ICG/14", headers=association())).json()
    assert (member["family_name"], member["date_of_birth"]) == ("Ŵyn", "1980-01-31")


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("cp1252", ","), ("cp1252", "\t"), ("utf-16", "\t")],
)
async def test_files_are_read_as_spreadsheets_save_them(
    register: Register, encoding: str, delimiter: str
) -> None:
    file = csv_file(row(1, Surname="O’Brien-Façade"), encoding=encoding, delimiter=delimiter)
    made = await imported(register, file)
    assert made["totals"]["created"] == 1
    member = (await register.http.get("/v1/members/by-external-id/ICG/1", headers=association())).json()
    assert member["family_name"] == "O’Brien-Façade"


async def test_two_files_of_one_association_at_once_make_nobody_twice(register: Register) -> None:
    file = csv_file(*[row(each) for each in range(1, 301)])
    for _ in range(3):
        await send(register, file)

    async def worker(name: str) -> None:
        for _ in range(12):
            await run_next(register.db, clock=register.clock, worker=name)
            await asyncio.sleep(0.02)

    await asyncio.gather(*(worker(f"w{each}") for each in range(3)))
    await work_off(register)
    states = await register.db.fetch("SELECT state, created, unchanged FROM imports ORDER BY created")
    assert [tuple(each) for each in states] == [
        ("finished", 0, 300), ("finished", 0, 300), ("finished", 300, 0),
    ]  # fmt: skip
    assert await count(register, "people") == 300


async def test_a_file_and_single_members_at_once_make_nobody_twice(register: Register) -> None:
    await send(register, csv_file(*[row(each) for each in range(1, 101)]))
    membership = {"level": "associate", "valid_from": "2024-09-01"}
    body = {"given_names": "Ann", "family_name": "Lee", "membership": membership}
    puts = [
        register.http.put(f"/v1/members/by-external-id/ICG/{each}", json=body, headers=association())
        for each in range(1, 101, 10)
    ]
    answers, _ = await asyncio.gather(asyncio.gather(*puts), work_off(register))
    assert {each.status_code for each in answers} <= {200, 201}
    await work_off(register)
    assert await count(register, "people") == 100
    assert await count(register, "member_ids") == 100
