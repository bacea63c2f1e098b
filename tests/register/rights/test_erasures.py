"""I22: a person can be erased, and everything still proves."""

import asyncio
import re

import asyncpg
import pytest

from services.register.operations import integrity
from services.register.storage.rights.integrity import QUESTIONS
from tests.callers import association, registrar
from tests.clones import execute
from tests.register import make
from tests.register.conftest import Register
from tests.register.make_licences import licensed, verdict
from tests.register.rights.make_leaver import CANARIES, MEMBER, erased, leaver, sent
from tests.register.test_integrity import as_owner

# What no person is known by, with the reason why.
ABOUT_NOBODY = {
    "alembic_version", "reference", "entry_policies", "entry_thresholds", "licence_policies",  # rules
    "imports", "import_mappings",  # a file as a whole and its columns; its rows are import_chunks
    "match_policies", "conduct_policies", "competence_policies", "standards_suites",  # rules
    "directory_drafts", "directory_editions", "directory_bodies", "directory_courses", "directory_awards",
    "directory_statements", "directory_course_facts",  # courses, and who of the registrars edited
    "organisations", "organisation_versions",  # who employs
    "record_rules", "erasing",  # the rules of erasing
    "followed",  # how far a neighbour was followed
}  # fmt: skip
COLUMNS = """
SELECT c.relname AS relation, a.attname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'm') AND a.attnum > 0
    AND NOT a.attisdropped
    AND format_type(a.atttypid, NULL) IN ('text', 'text[]', 'character varying', 'json', 'jsonb', 'bytea',
        'date', 'date[]', 'xml', 'inet', 'uuid')
"""


async def test_every_table_says_what_is_shown_and_what_an_erasure_takes_away(register: Register) -> None:
    columns = await register.db.fetch(COLUMNS)
    rules = {row["relation"]: row for row in await register.db.fetch("SELECT * FROM record_rules")}
    undeclared = {each["relation"] for each in columns} - rules.keys() - ABOUT_NOBODY
    assert not undeclared, "say CALL record_rule(…) in the migration, or why the table knows nobody"
    left = {
        (each["relation"], each["name"])
        for each in columns
        if (rule := rules.get(each["relation"])) is not None
        and rule["erases"] != ""
        and each["name"] not in rule["keeps"]
        and not re.search(rf"\b{each['name']} = ", rule["erases"] or "")
    }
    assert not left, "say of each column whether it is erased or kept"


async def canaries_left(register: Register) -> set[str]:
    """Return the tables in which a canary is found, in any column and any version."""
    tables = await register.db.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    found = set()
    for (name,) in tables:
        if name == "erasing":
            continue
        for canary in CANARIES:
            held = f"SELECT FROM {name} t WHERE strpos(lower(t::text), $1) + strpos(t::text, $2) > 0"
            if await register.db.fetch(held, canary.lower(), canary.encode().hex()):
                found.add(name)
    return found


async def test_nothing_is_left_of_an_erased_person_and_everything_still_proves(register: Register) -> None:
    bystander = await licensed(register, "2", family_name="Bystander")
    number = await leaver(register)
    before = await canaries_left(register)
    assert before >= {
        "people", "previous_names", "member_ids", "memberships", "holdings", "applications", "sanctions",
        "register_entries", "import_chunks", "idempotency_keys", "public_entries",
    }  # fmt: skip
    said, lines = await verdict(register, number), await make.journal(register)
    counted = await register.db.fetch("SELECT count(*) AS n FROM memberships WHERE upper_inf(known)")
    await erased(register, number)
    assert await canaries_left(register) == set()
    assert await integrity.check(register.db, now=register.clock.now, everybody=True) == []
    assert (await make.journal(register))[len(lines) :] == [
        ("erasure.proposed", number),
        ("person.erased", number),
    ]
    assert await verdict(register, number) == said == "retired"
    assert await register.db.fetch("SELECT count(*) AS n FROM memberships WHERE upper_inf(known)") == counted
    public = (await register.http.get(f"/v1/practitioners/{number}")).json()["practitioner"]
    assert public.keys() == {"view", "number", "licence"}
    seen = (await register.http.get(f"/v1/practitioners/{bystander}")).json()["practitioner"]
    assert seen["family_name"] == "Bystander"
    gone = await register.http.get(f"/v1/members/by-external-id/ICG/{MEMBER}", headers=association())
    assert gone.status_code == 404
    again = await register.http.post(
        "/v1/erasures", json={"number": number, "ground": "objection"}, headers=registrar()
    )
    assert (again.status_code, again.json()["code"]) == (409, "already-erased")


async def test_a_rule_that_is_missing_leaves_something_and_is_found(register: Register) -> None:
    """The fault that shows that the search above, and the integrity questions, can fail."""
    number = await leaver(register)
    await execute(
        register.urls.owner, "DELETE FROM record_rules WHERE relation IN ('holdings', 'previous_names')"
    )
    await erased(register, number)
    assert await canaries_left(register) == {"holdings", "previous_names"}
    findings = await integrity.check(register.db, now=register.clock.now)
    assert {finding.name for finding in findings} == {QUESTIONS[0].name}
    for question, planted in zip(
        QUESTIONS[1:],
        ("DELETE FROM erasures", "GRANT DELETE ON disclosures TO register_app"),
        strict=True,
    ):
        async with as_owner(register) as tx:
            await tx.driver.execute(planted)
            assert question.name in {
                each.name for each in await integrity.check_within(tx, now=register.clock.now)
            }


async def test_the_running_role_erases_nobody_without_two_registrars(register: Register) -> None:
    number = await leaver(register)
    body = {"number": number, "ground": "objection"}
    proposed = await sent(register, "/v1/erasures", body)
    twice = await register.http.post("/v1/erasures", json=body, headers=registrar("registrar-three"))
    assert (twice.status_code, twice.json()["code"]) == (409, "erasure-already-proposed")
    path = f"/v1/erasures/{proposed['id']}/decisions"
    own = await register.http.post(path, json={"decision": "confirmed"}, headers=registrar("registrar-two"))
    assert (own.status_code, own.json()["code"]) == (403, "proposer-may-not-decide")
    forged = (
        f"SELECT erase_person({proposed['id']}, now())",
        f"UPDATE erasures SET status = 'done', decided_by = proposed_by WHERE id = {proposed['id']}",
        "INSERT INTO erasing VALUES (pg_current_xact_id()::text::bigint)",
        "UPDATE holdings SET title = '-'",
        "DELETE FROM disclosures",
        "SELECT forget_outlived('disclosures', now() + interval '99 years', false)",
    )
    for statement in forged:
        with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.CheckViolationError)):
            await execute(register.urls.app, statement)
    declined = await sent(register, path, {"decision": "declined"}, **registrar("registrar-three"))
    assert declined["status"] == "declined"
    late = await register.http.post(
        path, json={"decision": "confirmed"}, headers=registrar("registrar-three")
    )
    assert (late.status_code, late.json()["code"]) == (409, "erasure-already-decided")
    assert [event for event, _ in (await make.journal(register))[-2:]] == [
        "erasure.proposed",
        "erasure.declined",
    ]


async def test_two_who_confirm_at_once_and_the_member_told_anew_come_to_one_end(register: Register) -> None:
    number = await leaver(register)
    proposed = await sent(register, "/v1/erasures", {"number": number, "ground": "objection"})
    path = f"/v1/erasures/{proposed['id']}/decisions"
    first, second, anew = await asyncio.gather(
        *(
            register.http.post(path, json={"decision": "confirmed"}, headers=registrar(f"registrar-{each}"))
            for each in ("three", "four")
        ),
        make.put_member(register, "ICG", MEMBER, family_name="Returned", date_of_birth=None),
    )
    assert sorted((first.status_code, second.status_code)) in ([201, 409], [409, 409])
    assert anew.status_code in {200, 201}
    done = 201 in (first.status_code, second.status_code)
    # Whoever is told of after the erasure is somebody new; whoever was told of before it is a member again.
    assert done is (anew.json()["registration_number"] != number)
    assert await integrity.check(register.db, now=register.clock.now, everybody=True) == []
