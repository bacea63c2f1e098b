"""I18: nobody judges their own case: the service says so, the database too, and a question looks for it."""

import asyncpg
import pytest

from services.register.operations import integrity
from tests.callers import bearer, registrar
from tests.register.conduct import make
from tests.register.conftest import Register
from tests.register.make_licences import licensed

PART = """
INSERT INTO complaint_parts (complaint_id, subject, part, given_by, given_at)
VALUES ($1, $2, 'panel', 'x', now())
"""
DECISION = """
INSERT INTO complaint_decisions (complaint_id, part, outcome, reasons, public_summary, members, decided_by,
    decided_at, policy_version)
VALUES ($1, 'panel', 'advice', 'So.', 'So.', ARRAY[$2], $2, now(), 'conduct-1')
"""


async def as_service(register: Register, statement: str, *values: object) -> None:
    """Run a statement as the service's own role, past every line of its code."""
    connection = await asyncpg.connect(register.urls.app.replace("+asyncpg", ""))
    try:
        await connection.execute(statement, *values)
    finally:
        await connection.close()


async def as_owner(register: Register, statement: str) -> None:
    """Run a statement as the owner of the tables."""
    connection = await asyncpg.connect(register.urls.owner.replace("+asyncpg", ""))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def test_who_complained_investigated_or_is_in_conflict_has_no_part(register: Register) -> None:
    number = await licensed(register)
    complainant = bearer("register:decide", subject="complainant", association="ICG")
    made = await make.complain(register, number, headers=complainant)
    complaint_id = made.json()["id"]
    for caller, code in (
        (registrar("complainant"), "own-complaint"),
        (bearer("register:decide", subject="colleague", association="ICG"), "own-associations-complaint"),
    ):
        refused = await make.take(register, complaint_id, "acknowledge", caller)
        assert (refused.status_code, refused.json()["code"]) == (403, code)
    complaint_id = await make.complaint_at(register, number, "case_to_answer")
    conflict = {"subject": "cousin", "nature": "A cousin of the member."}
    assert (await make.post(register, complaint_id, "conflicts", conflict, make.OFFICER)).status_code == 201
    for member, code in (
        ("cousin", "conflict-of-interest-recorded"),
        ("case-officer", "part-already-taken"),
        ("anyone", "own-complaint"),
    ):
        refused = await make.convene(register, complaint_id, (member, *make.PANEL))
        assert (refused.status_code, refused.json()["code"]) == (403, code)
    few = await make.convene(register, complaint_id, make.PANEL[:2])
    assert (few.status_code, few.json()["code"]) == (409, "quorum-not-met")
    assert (await make.convene(register, complaint_id, make.PANEL)).status_code == 201
    late = {"subject": "panel-three", "nature": "Shares an office with the complainant."}
    assert (await make.post(register, complaint_id, "conflicts", late, make.OFFICER)).status_code == 201
    barred = await make.decide(register, complaint_id, "advice")
    assert (barred.status_code, barred.json()["code"]) == (403, "conflict-of-interest-recorded")
    assert (await make.convene(register, complaint_id, ("panel-four",))).status_code == 201
    panel = ["panel-one", "panel-two", "panel-four"]
    stranger = await make.decide(register, complaint_id, "advice", by="registrar-nine", members=panel)
    assert (stranger.status_code, stranger.json()["code"]) == (403, "not-on-the-panel")
    assert (await make.decide(register, complaint_id, "advice", members=panel)).status_code == 201
    assert await integrity.check(register.db, now=register.clock.now) == []


@pytest.mark.parametrize(
    ("statement", "subject", "constraint"),
    [
        (PART, "anyone", "complaint_parts_own_case"),
        (PART, "cousin", "complaint_parts_own_case"),
        (PART, "case-officer", "complaint_parts_one_each"),
        (DECISION, "case-officer", "complaint_decisions_by_the_panel"),
    ],
)
async def test_the_database_refuses_it_too(
    register: Register, statement: str, subject: str, constraint: str
) -> None:
    complaint_id = await make.complaint_at(register, await licensed(register), "case_to_answer")
    conflict = {"subject": "cousin", "nature": "A cousin of the member."}
    await make.post(register, complaint_id, "conflicts", conflict, make.OFFICER)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        await as_service(register, statement, complaint_id, subject)
    assert refused.value.constraint_name == constraint


async def test_without_its_guards_an_investigator_could_judge_and_the_questions_find_it(
    register: Register,
) -> None:
    """The faults that show what the triggers hold off, and that each question can fail."""
    complaint_id = await make.complaint_at(register, await licensed(register), "case_to_answer")
    await as_owner(register, "ALTER TABLE complaint_decisions DISABLE TRIGGER only_the_panel_decides")
    await as_service(register, DECISION, complaint_id, "case-officer")
    await as_owner(
        register,
        "ALTER TABLE complaint_steps DISABLE TRIGGER USER;"
        "UPDATE complaint_steps SET step = 'uphold' WHERE place = 2;"
        "UPDATE complaints SET state = 'answered', txid = 1;"
        "INSERT INTO decision_publications SELECT id, person_id, 'advice', 'So.', NULL, '{}', conduct_on,"
        " conduct_on, '[2026-01-01,)', now(), 'conduct-1' FROM complaints",
    )
    found = {finding.name for finding in await integrity.check(register.db, now=register.clock.now)}
    assert found == {
        "a complaint judged by somebody who may not",
        "a complaint moved outside the written table",
        "a complaint that does not stand where its last step led",
        "a row of conduct without its journal line",
        "a decision published before it was final",
    }
