"""I2, I3, I4, I6 on the routes to entry: what the database holds off, and faults that the questions find."""

import asyncpg
import httpx
import pytest

from services.register.domain.entry_routes.route import TRANSITIONS, RouteEvent, RouteStatus
from services.register.operations import integrity
from services.register.storage.entry_routes.integrity import QUESTIONS
from tests.callers import registrar
from tests.register import make as register_make
from tests.register.conftest import Register
from tests.register.entry_routes import make
from tests.register.invariants.test_evidence import as_service
from tests.register.test_integrity import UNGUARDED, as_owner

COMPETENT = """
INSERT INTO holdings (person_id, valid, known, association, title, framework, level, credits, subject,
    relevant, status, submitted_by, decided_by, method)
SELECT id, '[2026-11-21,)', '[2026-11-21 09:30:00+00,)', 'ICG', 'Competence', 'QCF', '6', 60,
    'career_development', true, 'authenticated', 'a', 'b', 'competence_route' FROM people
"""
FLIPPED = """
INSERT INTO holdings (id, corrects, person_id, valid, known, association, title, relevant, status,
    submitted_by, decided_by)
SELECT id, row_id, person_id, valid, '[2026-11-22 09:30:00+00,)', association, title, true, status,
    submitted_by, decided_by FROM holdings WHERE upper_inf(known)
"""
FAULTS = {
    "a holding that counts by a route that was not granted": UNGUARDED.format("entry_routes")
    + "UPDATE entry_routes SET status = 'assessed'",
    "a route to entry decided by who submitted or judged it": UNGUARDED.format("entry_routes")
    + f"UPDATE entry_routes SET decided_by = '{make.ASSESSOR}'",
    "a route to entry granted with a part not met": UNGUARDED.format("entry_route_judgements")
    + "UPDATE entry_route_judgements SET judgement = 'not_met'",
    "a guard of the routes to entry that is missing or switched off": "ALTER TABLE entry_routes"
    " DISABLE TRIGGER entry_route_moves",
    "a step on a route to entry without its journal line": UNGUARDED.format("entry_route_judgements")
    + "UPDATE entry_route_judgements SET txid = 1",
}
REFUSED_BY_THE_DATABASE = (
    (COMPETENT, "holdings_have_route"),
    (FLIPPED, "holdings_have_route"),
    ("UPDATE entry_routes SET status = 'granted', decided_by = 'third'", "entry_routes_shown"),
    ("UPDATE entry_routes SET modules_named_by = submitted_by", "entry_routes_four_eyes"),
    (f"UPDATE entry_routes SET status = 'refused', decided_by = '{make.ASSESSOR}'",
     "entry_routes_judged_by_another"),
    ("INSERT INTO entry_route_judgements SELECT id, submitted_by, 'met', 'Mine.', submitted_by, submitted_at"
     " FROM entry_route_evidence ORDER BY id DESC LIMIT 1", "entry_route_judgements_four_eyes"),
)  # fmt: skip


async def test_each_planted_fault_is_found_by_its_question(register: Register) -> None:
    route_id = await make.assessed_alternative(register)
    assert (await make.decide(register, route_id)).status_code == 201
    assert FAULTS.keys() == {question.name for question in QUESTIONS}
    found = {}
    for name, planted in FAULTS.items():
        async with as_owner(register) as tx:
            assert await integrity.check_within(tx, now=register.clock.now) == []
            await tx.driver.execute(planted)
            findings = await integrity.check_within(tx, now=register.clock.now)
            found[name] = name in {finding.name for finding in findings}
    assert found == dict.fromkeys(FAULTS, True)


async def test_the_service_cannot_let_a_holding_count_past_the_route(register: Register) -> None:
    await register_make.member(register)
    held = await make.unrelated_holding(register)
    route_id = await make.begun(register, "alternative", holding=held)
    given = await make.give(register, route_id, "relevance")
    evidence = given.json()["evidence"][0]["id"]
    assert (await make.judge(register, route_id, evidence, "not_met")).status_code == 201
    assert (await make.give(register, route_id, "relevance")).status_code == 201
    for statement, constraint in REFUSED_BY_THE_DATABASE:
        with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
            await as_service(register, statement)
        assert refused.value.constraint_name == constraint
    for table in ("entry_route_parts", "entry_route_evidence", "entry_route_judgements", "standards_suites"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await as_service(register, f"DELETE FROM {table}")


async def happen(register: Register, route_id: int, event: RouteEvent) -> httpx.Response:
    """Let an event happen to a route, by whoever may cause it."""
    if event is RouteEvent.NAME_MODULES:
        return await make.name(register, route_id, modules=make.MODULES[:1])
    if event is RouteEvent.SUBMIT_EVIDENCE:
        return await make.give(register, route_id, "M1")
    if event in {RouteEvent.JUDGE, RouteEvent.JUDGE_LAST}:
        shown = await register.http.get(f"/v1/entry-routes/{route_id}", headers=registrar())
        newest = shown.json()["evidence"][-1:]
        return await make.judge(
            register,
            route_id,
            newest[0]["id"] if newest else 9_999_999,
            "met" if event is RouteEvent.JUDGE_LAST else "more_evidence",
        )
    if event is RouteEvent.WITHDRAW:
        return await make.withdraw(register, route_id)
    return await make.decide(register, route_id, "granted" if event is RouteEvent.GRANT else "refused")


WAYS = {
    RouteStatus.REQUESTED: (),
    RouteStatus.GATHERING: (RouteEvent.NAME_MODULES, RouteEvent.SUBMIT_EVIDENCE),
    RouteStatus.ASSESSED: (RouteEvent.NAME_MODULES, RouteEvent.SUBMIT_EVIDENCE, RouteEvent.JUDGE_LAST),
    RouteStatus.GRANTED: (
        RouteEvent.NAME_MODULES, RouteEvent.SUBMIT_EVIDENCE, RouteEvent.JUDGE_LAST, RouteEvent.GRANT,
    ),
    RouteStatus.REFUSED: (RouteEvent.REFUSE,),
    RouteStatus.WITHDRAWN: (RouteEvent.WITHDRAW,),
}  # fmt: skip


async def standing(register: Register, status: RouteStatus, title: str) -> int:
    """Make a top up that stands so, and return its id."""
    held = await make.unrelated_holding(register, title=title)
    route_id = await make.begun(register, "top_up", holding=held)
    for step in WAYS[status]:
        assert (await happen(register, route_id, step)).is_success, (status, step)
    return route_id


async def test_a_route_moves_along_its_table_only_whoever_asks(register: Register) -> None:
    await register_make.member(register)
    granted = set()
    for status in RouteStatus:
        kept = await standing(register, status, f"Degree {status}")
        for event in RouteEvent:
            allowed = (status, event) in TRANSITIONS
            route_id = await standing(register, status, f"Degree {status} {event}") if allowed else kept
            before = await register_make.events(register)
            answer = await happen(register, route_id, event)
            assert answer.status_code in {201, 404, 409}, answer.text
            assert ((await register_make.events(register)) != before) is answer.is_success
            if answer.is_success:
                granted.add((status, event))
    # Evidence waits in the route that gathers, so no more of it is taken there before it is judged.
    assert granted == TRANSITIONS.keys() - {(RouteStatus.GATHERING, RouteEvent.SUBMIT_EVIDENCE)}
