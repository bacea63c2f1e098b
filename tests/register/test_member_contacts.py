"""Contact details belong to the member of one association: no other reads, changes or wipes them."""

from datetime import UTC, date, datetime
from typing import Any

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError

from services.register.domain.member import Contact, Details, Membership, Telling
from services.register.domain.policy import MembershipLevel
from services.register.operations.members import tell, tellers
from shared import migrations
from shared.actor import Actor
from shared.postgres.roles import run
from shared.postgres.urls import asyncpg_dsn
from tests.callers import association, registrar
from tests.clones import execute
from tests.conftest import Clone
from tests.register import make
from tests.register.conftest import Register
from tests.register.member_files import COLUMNS, csv_file, imported, outcomes, row

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
ICGS = {"email": "icg@example.org", "telephone": "01632 960123"}
ACEGS = {"email": "aceg@example.org", "telephone": "01632 960456"}
NONE = {"email": None, "telephone": None}
# Two people as they were recorded before contacts were each association's own, the first known to two.
BEFORE = (
    "INSERT INTO people (number, given_names, family_name, folded_name, email, created_at) VALUES"
    " ('CR00000011', 'Ann', 'Lee', 'annlee', 'one@example.org', now()),"
    " ('CR00000022', 'Bea', 'Lee', 'bealee', NULL, now())",
    "INSERT INTO member_ids (association, member_id, person_id) SELECT told.association, '1', p.id"
    " FROM (VALUES ('ICG', 'Ann'), ('ACEG', 'Ann'), ('NAEGA', 'Bea')) AS told (association, given)"
    " JOIN people p ON p.given_names = told.given",
    "INSERT INTO row_fingerprints (association, member_id, digest) VALUES ('ICG', '1', 'x')",
)


async def _joined(register: Register, **contact: str) -> str:
    """Make a member of ICG with contact details, whom ACEG makes its own; return the number."""
    number = (await make.put_member(register, **ICGS)).json()["registration_number"]
    answer = await make.put_member(register, "ACEG", "9", registration_number=number, **contact)
    assert answer.status_code == 201, answer.text
    return str(number)


async def _contact(register: Register, of: str = "ICG", member_id: str = "1") -> dict[str, Any]:
    path = f"/v1/members/by-external-id/{of}/{member_id}"
    body = (await register.http.get(path, headers=association(of))).json()
    return {name: body[name] for name in ICGS}


async def _etag(register: Register) -> str:
    answer = await register.http.get("/v1/members/by-external-id/ICG/1", headers=association())
    return str(answer.headers["etag"])


async def test_who_joins_a_person_neither_reads_nor_wipes_the_contact_of_the_other(
    register: Register,
) -> None:
    number = (await make.put_member(register, **ICGS)).json()["registration_number"]
    tag = await _etag(register)
    answer = await make.put_member(register, "ACEG", "9", registration_number=number)
    assert answer.status_code == 201
    assert {name: answer.json()[name] for name in ICGS} == NONE
    assert "icg@" not in answer.text
    assert await _contact(register) == ICGS
    assert await _etag(register) == tag


async def test_each_association_changes_its_own_contact_only(register: Register) -> None:
    await _joined(register, **ACEGS)
    tag = await _etag(register)
    lines = await make.journal(register)
    answer = await make.put_member(register, "ACEG", "9", email="new@example.org")
    assert answer.status_code == 200
    assert await _contact(register, "ACEG", "9") == {"email": "new@example.org", "telephone": None}
    assert (await _contact(register), await _etag(register)) == (ICGS, tag)
    assert len(await make.journal(register)) == len(lines) + 1
    assert (await make.facts(register, "member.changed"))[-1] == {
        "association": "ACEG",
        "changed": ["email", "telephone"],
    }
    again = await make.put_member(register, "ACEG", "9", email="new@example.org")
    assert (again.status_code, again.headers["etag"]) == (200, answer.headers["etag"])
    assert len(await make.journal(register)) == len(lines) + 1


async def test_joining_with_a_contact_of_ones_own_changes_nothing_of_the_person(register: Register) -> None:
    await _joined(register, **ACEGS)
    assert (await make.events(register))[-2:] == ["member.recorded", "membership.recorded"]
    told = await register.db.fetch("SELECT facts::text AS facts FROM journal")
    assert "example.org" not in str(told)
    assert "01632" not in str(told)


async def test_two_ids_of_one_member_have_a_contact_each(register: Register) -> None:
    number = (await make.put_member(register, **ICGS)).json()["registration_number"]
    await make.put_member(register, member_id="2", registration_number=number, **ACEGS)
    assert await _contact(register) == ICGS
    assert await _contact(register, member_id="2") == ACEGS


async def test_a_merge_leaves_each_association_its_contact(register: Register) -> None:
    await make.put_member(register, **ICGS)
    await make.put_member(register, "ACEG", "9", **ACEGS)
    found = await register.http.get("/v1/possible-duplicates", headers=registrar())
    decided = await register.http.post(
        f"/v1/possible-duplicates/{found.json()['items'][0]['id']}/decisions",
        json={"outcome": "same_person", "reason": "One certificate."},
        headers=registrar(),
    )
    assert decided.status_code in {200, 201}, decided.text
    assert await _contact(register) == ICGS
    assert await _contact(register, "ACEG", "9") == ACEGS
    await make.put_member(register, "ACEG", "9")
    assert await _contact(register) == ICGS
    assert await _contact(register, "ACEG", "9") == NONE


async def test_the_registrar_sees_whose_contact_is_whose_and_an_association_its_own(
    register: Register,
) -> None:
    number = await _joined(register, **ACEGS)
    path = f"/v1/practitioners/{number}"
    whole = (await register.http.get(path, headers=registrar())).json()["practitioner"]
    aceg = {"association": "ACEG", "member_id": "9", **ACEGS}
    assert whole["contacts"] == [aceg, {"association": "ICG", "member_id": "1", **ICGS}]
    own = await register.http.get(path, headers=association("ACEG"))
    assert own.json()["practitioner"]["contacts"] == [aceg]
    assert "icg@" not in own.text


async def test_without_our_check_a_foreign_contact_is_not_changed(register: Register) -> None:
    await make.put_member(register, **ICGS)
    lines = await make.journal(register)
    icg, aceg = (Actor(subject=each, client_id=each, association=each) for each in ("ICG", "ACEG"))
    telling = Telling(
        details=Details(given_names="Siân", family_name="Example", date_of_birth=date(1980, 2, 29)),
        contact=Contact(email="wrong@example.org"),
        membership=Membership(level=MembershipLevel.PROFESSIONAL, valid_from=date(2020, 1, 1)),
    )
    with pytest.raises(DBAPIError, match="row-level security"):
        async with register.db.transaction(aceg) as tx:
            await tell(tx, await tellers(tx, icg, now=NOW), member_id="1", telling=telling)
    assert (await _contact(register), await make.journal(register)) == (ICGS, lines)


async def test_the_running_role_changes_no_contact_but_of_the_association_it_speaks_for(
    register: Register,
) -> None:
    await _joined(register, **ACEGS)
    connection = await asyncpg.connect(asyncpg_dsn(register.urls.app))
    try:
        await connection.execute("SELECT set_config('app.association', 'ACEG', false)")
        assert await connection.execute("UPDATE member_ids SET email = NULL") == "UPDATE 1"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("UPDATE member_ids SET association = 'ICG' WHERE association = 'ACEG'")
    finally:
        await connection.close()
    assert await _contact(register) == ICGS
    assert (await _contact(register, "ACEG", "9"))["email"] is None


async def test_an_import_that_joins_and_changes_leaves_the_contact_of_the_other(register: Register) -> None:
    made = await imported(register, csv_file(row(1)))
    number = (await outcomes(register, made, "successful"))[0]["Import number"]
    columns = (*COLUMNS, "Registration number")
    joins = csv_file([*row(1, Email=""), number], columns=columns)
    assert (await imported(register, joins, of="ACEG"))["totals"]["created"] == 1
    assert (await _contact(register, "ACEG"))["email"] is None
    assert (await _contact(register))["email"] == "member1@example.org"
    theirs = csv_file(row(1, Email="aceg@example.org"))
    assert (await imported(register, theirs, of="ACEG"))["totals"]["changed"] == 1
    assert (await _contact(register))["email"] == "member1@example.org"
    for file, of in ((csv_file(row(1)), "ICG"), (theirs, "ACEG")):
        lines = len(await make.journal(register))
        assert (await imported(register, file, of=of))["totals"]["unchanged"] == 1
        told = (await make.events(register))[lines:]
        assert set(told) <= {"import.submitted", "import.finished"}


async def test_an_import_that_joins_without_the_column_is_not_given_the_contact_of_the_other(
    register: Register,
) -> None:
    made = await imported(register, csv_file(row(1)))
    number = (await outcomes(register, made, "successful"))[0]["Import number"]
    place = COLUMNS.index("Email")
    columns = [*COLUMNS[:place], *COLUMNS[place + 1 :], "Registration number"]
    cells = [*row(1)[:place], *row(1)[place + 1 :], number]
    joins = csv_file(cells, columns=columns)
    assert (await imported(register, joins, of="ACEG"))["totals"]["created"] == 1
    assert (await _contact(register, "ACEG"))["email"] is None


async def test_one_file_may_change_the_contact_of_many_and_a_put_makes_it_read_again(
    register: Register,
) -> None:
    await imported(register, csv_file(*(row(each) for each in range(1, 6))))
    file = csv_file(*(row(each, Email=f"new{each}@example.org") for each in range(1, 6)))
    assert (await imported(register, file))["totals"]["changed"] == 5
    assert await make.facts(register, "member.changed") == [{"association": "ICG", "changed": ["email"]}] * 5
    assert (await _contact(register, member_id="3"))["email"] == "new3@example.org"
    assert (await imported(register, file))["totals"]["unchanged"] == 5
    same = await register.http.get("/v1/members/by-external-id/ICG/3", headers=association())
    known = ("given_names", "family_name", "date_of_birth")
    body = {name: same.json()[name] for name in known}
    body |= {"membership": {"level": "associate", "valid_from": "2024-09-01"}, "telephone": "01632 960789"}
    put = await register.http.put("/v1/members/by-external-id/ICG/3", json=body, headers=association())
    assert put.status_code == 200, put.text
    again = (await imported(register, file))["totals"]
    assert (again["changed"], again["unchanged"]) == (1, 4)
    assert await _contact(register, member_id="3") == {
        "email": "new3@example.org",
        "telephone": "01632 960789",
    }


def test_the_migration_gives_each_member_id_what_was_recorded_of_the_person_and_takes_it_back(
    clone: Clone,
) -> None:
    told = "SELECT association, email, telephone FROM member_ids ORDER BY association"
    known = "SELECT association, member_id FROM row_fingerprints"
    with clone("register") as urls:
        migrations.downgrade("register", urls.owner, revision="0006")
        run(execute(urls.owner, *BEFORE))
        migrations.upgrade("register", urls.owner)
        assert run(_rows(urls.owner, told)) == [
            ("ACEG", "one@example.org", None),
            ("ICG", "one@example.org", None),
            ("NAEGA", None, None),
        ]
        assert len(run(_rows(urls.owner, known))) == 1
        run(execute(urls.owner, "UPDATE member_ids SET email = 'new@example.org' WHERE association = 'ICG'"))
        assert run(_rows(urls.owner, known)) == []
        migrations.downgrade("register", urls.owner, revision="0006")
        people = run(_rows(urls.owner, "SELECT email FROM people ORDER BY number"))
        assert people == [("one@example.org",), (None,)]


async def _rows(url: str, statement: str) -> list[tuple[Any, ...]]:
    connection = await asyncpg.connect(asyncpg_dsn(url))
    try:
        return [tuple(each) for each in await connection.fetch(statement)]
    finally:
        await connection.close()
