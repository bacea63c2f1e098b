"""A person reads all that is held on them, and what has outlived its class is forgotten."""

from datetime import timedelta
from typing import Any

from services.register.operations.rights import retention
from tests.callers import association, registrar
from tests.register import make
from tests.register.conftest import Register
from tests.register.job_command import command
from tests.register.make_licences import impose, licensed
from tests.register.member_files import csv_file, imported, outcomes, row

PATH = "/v1/subject-access-exports"


def rows_of(export: dict[str, Any], relation: str) -> list[dict[str, Any]]:
    """Return the rows of one table in an export."""
    return [row for each in export["records"] if each["relation"] == relation for row in each["rows"]]


async def test_an_export_holds_everything_and_to_an_association_what_it_may_see(register: Register) -> None:
    number = await licensed(register, "1", email="one@example.org", family_name="<b>Bold & Example</b>")
    await impose(register, number, "conditions", conditions="Supervised.", internal_reason="Case 4711.")
    await make.put_member(
        register,
        "ACEG",
        "9",
        registration_number=number,
        family_name="<b>Bold & Example</b>",
        email="nine@example.org",
    )
    await imported(register, csv_file(row(1, Surname="Slip\x00", Grade="None such"), row(7)))
    answer = await register.http.post(PATH, json={"number": number}, headers=registrar())
    assert answer.status_code == 201, answer.text
    whole = answer.json()
    assert {each["relation"] for each in whole["records"]} >= {
        "people", "member_ids", "memberships", "holdings", "code_acceptances", "applications", "licences",
        "register_entries", "licence_scopes", "sanctions", "import_chunks", "public_entries", "disclosures",
        "journal",
    }  # fmt: skip
    emails = {each["email"] for each in rows_of(whole, "member_ids")}
    assert emails == {"one@example.org", "nine@example.org"}
    assert rows_of(whole, "import_chunks")[0]["cells"][2] == "Slip "
    assert len(rows_of(whole, "import_chunks")) == 1
    assert rows_of(whole, "memberships")[0]["valid_from"] == "2020-01-01"
    own = (await register.http.post(PATH, json={"number": number}, headers=association("ACEG"))).json()
    assert "one@example.org" not in str(own)
    assert "Case 4711" not in str(own)
    assert {each["association"] for each in rows_of(own, "memberships")} == {"ACEG"}
    assert rows_of(own, "holdings") == []
    told = await register.db.fetch("SELECT fields FROM disclosures WHERE purpose = 'subject-access'")
    assert [each["fields"] for each in told] == [["records"]] * 2


async def test_an_export_is_a_page_too_and_the_same_one_again(register: Register) -> None:
    number = await make.member(register, family_name="<b>Bold & Example</b>")
    headers = registrar() | {"Accept": "text/html", "Idempotency-Key": "page"}
    pages = [await register.http.post(PATH, json={"number": number}, headers=headers) for _ in range(2)]
    assert [each.status_code for each in pages] == [201, 201]
    assert pages[0].text == pages[1].text
    assert pages[0].headers["content-type"].startswith("text/html")
    assert "&lt;b&gt;Bold &amp; Example&lt;/b&gt;" in pages[0].text
    assert "<b>" not in pages[0].text
    told = await register.db.fetch("SELECT FROM disclosures WHERE operation = 'exportSubject'")
    assert len(told) == 2


async def test_what_has_outlived_its_class_is_forgotten_and_counted(register: Register) -> None:
    number = await make.member(register)
    keyed = association() | {"Idempotency-Key": "one"}
    assert (await register.http.post(PATH, json={"number": number}, headers=keyed)).status_code == 201
    made = await imported(register, csv_file(row(1), row(2)))
    assert len(await outcomes(register, made, "successful")) == 2
    register.clock.now += timedelta(days=29)
    await make.member(register, member_id="3")
    found = await retention.apply(register.db, now=register.clock.now, rehearsing=True)
    assert {name for name, count in found.items() if count} == {"idempotency_answers"}
    register.clock.now += timedelta(days=2)
    await make.member(register, member_id="4")
    found = await retention.apply(register.db, now=register.clock.now, rehearsing=True)
    assert found["import_rows"] == 1
    assert (await register.http.get(made["files"]["successful"], headers=association())).status_code == 200
    assert await retention.apply(register.db, now=register.clock.now) == found
    gone = await register.http.get(made["files"]["successful"], headers=association())
    assert (gone.status_code, gone.json()["code"]) == (410, "rows-forgotten")
    assert (await retention.apply(register.db, now=register.clock.now))["import_rows"] == 0
    assert await make.facts(register, "retention.applied") == [
        {"records": 1, "policy_version": "retention-1"} for count in found.values() if count
    ]
    register.clock.now += timedelta(days=2200)
    await make.member(register, member_id="5")
    lines = await register.db.fetch("SELECT count(*) AS n FROM disclosures WHERE at < '2030-01-01'")
    found = await retention.apply(register.db, now=register.clock.now)
    assert found["disclosures"] == lines[0]["n"] > 0


async def test_the_job_counts_first_and_deletes_then(register: Register) -> None:
    for words in (("apply-retention", "--dry-run"), ("apply-retention",)):
        ended = command(register, *words)
        assert ended.returncode == 0, ended.stderr
        assert "import_rows" in ended.stdout
