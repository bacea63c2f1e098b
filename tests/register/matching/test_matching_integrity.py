"""The integrity questions of merges and of questions to a registrar: each planted fault is found."""

from services.register.operations import integrity
from services.register.storage.matching.integrity import QUESTIONS
from tests.register import make
from tests.register.conftest import Register
from tests.register.make_licences import impose, licensed
from tests.register.matching.make_merges import merged, undo
from tests.register.test_integrity import UNGUARDED, as_owner

FREE = UNGUARDED.format("merges") + "".join(
    f"ALTER TABLE merges DROP CONSTRAINT merges_undone_{name};"
    for name in ("by_another", "for_good", "with_reason")
)
FAULTS = {
    "a merge undone by who made it, or without a word why": FREE
    + "UPDATE merges SET undone_by = decided_by WHERE undone_by IS NOT NULL",
    "an undone merge that holds for some day, or one that nobody undid and that holds for none": FREE
    + "UPDATE merges SET valid = 'empty' WHERE undone_by IS NULL AND upper_inf(known)",
    "a public entry that leads to another number although no merge stands": UNGUARDED.format("merges")
    + "DELETE FROM merges WHERE undone_by IS NULL AND upper_inf(known)",
    "a sanction, entry or licence that went from one person to another": UNGUARDED.format("sanctions")
    + "DROP INDEX sanctions_one_open_version; INSERT INTO sanctions"
    " (id, person_id, valid, known, txid, kind, public_reason, internal_reason, imposed_by)"
    " SELECT s.id, m.other, s.valid, s.known, s.txid, s.kind, 'x', 'x', 'x' FROM sanctions s"
    " JOIN (SELECT max(id) AS other FROM people) m ON true",
    "a question to a registrar without its journal line": "INSERT INTO match_questions"
    " (client_id, asked_by, asked_at, policy_version, sent, status)"
    " VALUES ('crm', 'crm', now(), 'match-1', '{}', 'open')",
}


async def test_each_fault_of_merging_is_found_by_its_question(register: Register) -> None:
    kept = await licensed(register, "1")
    first, second = [await make.member(register, code, "2") for code in ("ACEG", "NAEGA")]
    await impose(register, kept)
    assert (await undo(register, await merged(register, kept, first))).status_code == 201
    await merged(register, kept, second)
    assert set(FAULTS) == {question.name for question in QUESTIONS}
    found = {}
    for name, planted in FAULTS.items():
        async with as_owner(register) as tx:
            assert await integrity.check_within(tx, now=register.clock.now) == []
            await tx.driver.execute(planted)
            findings = await integrity.check_within(tx, now=register.clock.now)
            found[name] = name in {finding.name for finding in findings}
    assert found == dict.fromkeys(FAULTS, True)
