"""I2: no licence without evidence that somebody other than its submitter authenticated."""

import asyncpg
import pytest

from services.register.operations import integrity
from tests.callers import registrar
from tests.register import make
from tests.register.conftest import Register
from tests.register.make_licences import applicant, licensed, verdict

LICENCE = """
INSERT INTO licences (person_id, valid, known, application_id, holding_id, policy_version)
SELECT a.person_id, '[2026-11-21,2027-11-21)', '[2026-11-21 09:30:00+00,)', a.id, h.id, 'entry-2011'
FROM applications a, holdings h WHERE upper_inf(h.known)
"""
ANOTHERS = """
INSERT INTO licences (person_id, valid, known, application_id, holding_id, policy_version)
SELECT p.id, l.valid, '[2026-11-21 09:30:00+00,)', l.application_id, l.holding_id, 'entry-2011'
FROM people p, licences l WHERE p.id <> l.person_id
"""
MOVED = """
INSERT INTO licences (id, corrects, person_id, valid, known, application_id, holding_id, policy_version)
SELECT l.id, l.row_id, p.id, l.valid, '[2026-11-22 09:30:00+00,)', l.application_id, l.holding_id,
    'entry-2011'
FROM people p, licences l WHERE p.id <> l.person_id
"""
LENGTHENED = """
INSERT INTO licences (id, corrects, person_id, valid, known, application_id, holding_id, policy_version)
SELECT id, row_id, person_id, '[2026-11-21,2030-01-01)', '[2026-11-22 09:30:00+00,)', application_id,
    holding_id, policy_version
FROM licences
"""


async def as_service(register: Register, statement: str) -> None:
    """Run a statement as the service's own role, past every line of its code."""
    connection = await asyncpg.connect(register.urls.app.replace("+asyncpg", ""))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def falsify(register: Register, holding_id: int, by: str = "registrar-three") -> int:
    """Find the evidence of a holding to be false, and return the status code."""
    answer = await register.http.post(
        f"/v1/holdings/{holding_id}/authentication-withdrawals",
        json={"reason": "The certificate was forged."},
        headers=registrar(by),
    )
    return answer.status_code


async def bearing(register: Register) -> int:
    """Return the holding that the newest licence rests on."""
    rows = await register.db.fetch(
        "SELECT holding_id FROM licences WHERE upper_inf(known) ORDER BY row_id DESC LIMIT 1"
    )
    holding_id: int = rows[0]["holding_id"]
    return holding_id


async def test_the_service_cannot_write_a_licence_on_a_mere_claim(register: Register) -> None:
    await applicant(register)
    await make.holding(register, title="A mere claim")
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await as_service(register, LICENCE + " AND h.status = 'claimed'")
    assert refused.value.constraint_name == "licences_have_evidence"


async def test_the_service_cannot_write_a_licence_before_admission(register: Register) -> None:
    await applicant(register)
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await as_service(register, LICENCE + " AND h.status = 'authenticated'")
    assert refused.value.constraint_name == "licences_were_admitted"


@pytest.mark.parametrize("statement", [ANOTHERS, MOVED])
async def test_one_persons_evidence_bears_nobody_elses_licence(register: Register, statement: str) -> None:
    await licensed(register, "1")
    await make.member(register, "ICG", "2")
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await as_service(register, statement)
    assert refused.value.constraint_name == "licences_have_evidence"


async def test_a_licence_is_not_lengthened_after_its_evidence_was_found_false(register: Register) -> None:
    await licensed(register)
    assert await falsify(register, await bearing(register)) == 201
    with pytest.raises(asyncpg.CheckViolationError):
        await as_service(register, LENGTHENED)


async def test_evidence_found_false_suspends_in_the_same_transaction(register: Register) -> None:
    number = await licensed(register)
    assert await falsify(register, await bearing(register)) == 201
    assert await verdict(register, number) == "suspended"
    lines = await register.db.fetch("SELECT event, txid FROM journal ORDER BY position DESC LIMIT 3")
    assert [line["event"] for line in lines] == [
        "alert.raised",
        "sanction.imposed",
        "holding.authentication-withdrawn",
    ]
    assert len({line["txid"] for line in lines}) == 1
    assert await integrity.check(register.db, now=register.clock.now) == []


async def test_a_licence_that_other_evidence_bears_stays_in_force(register: Register) -> None:
    number, application_id = await applicant(register)
    await make.authenticated_holding(register, title="A second diploma", by="registrar-one")
    answer = await register.http.post(
        f"/v1/applications/{application_id}/decisions",
        json={"outcome": "admitted"},
        headers=registrar("registrar-two"),
    )
    assert answer.status_code == 201
    first = await bearing(register)
    assert await falsify(register, first) == 201
    assert await verdict(register, number) == "licensed"
    assert await bearing(register) != first
    assert await falsify(register, await bearing(register)) == 201
    assert await verdict(register, number) == "suspended"
    assert await integrity.check(register.db, now=register.clock.now) == []


async def test_without_its_trigger_the_database_would_take_a_licence_on_a_claim(register: Register) -> None:
    """The fault that shows what the trigger holds off, and that the question finds it."""
    await licensed(register, "1")
    await make.member(register, "ICG", "2")
    owner = await asyncpg.connect(register.urls.owner.replace("+asyncpg", ""))
    await owner.execute("ALTER TABLE licences DISABLE TRIGGER licence_has_evidence")
    await owner.close()
    await as_service(register, ANOTHERS)
    found = {finding.name for finding in await integrity.check(register.db, now=register.clock.now)}
    assert "a licence that rests on somebody else's evidence" in found
