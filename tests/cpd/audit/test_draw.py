"""The draw: fixed before its seed, the same for everybody who repeats it, once for each person (I17)."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from services.cpd.domain.audit import draw as rules
from services.cpd.operations import integrity
from services.cpd.storage.audit import integrity as audit
from shared import draw as draw_again
from shared.clock import rfc3339
from shared.postgres.urls import asyncpg_dsn
from tests.cpd import make as cpd_make
from tests.cpd.audit.make import (
    LONG_SINCE,
    SEED,
    announcement,
    auditor,
    cases,
    drawn,
    frozen,
    professionals,
    send,
    sent,
)
from tests.cpd.conftest import Cpd
from tests.cpd.make import cpd_system, events
from tests.cpd.people import member, number, tell
from tests.house.source import ROOT

TWO = ({"association": "ICG", "rate": 0.5}, {"association": "ACEG", "size": 3})


def verified(proof: Path) -> subprocess.CompletedProcess[str]:
    """Run the script of the guide on a proof."""
    typed = [sys.executable, str(ROOT / "examples/verify_draw.py"), str(proof)]
    return subprocess.run(typed, capture_output=True, text=True, check=False)


async def test_a_draw_is_announced_frozen_seeded_drawn_and_repeated_by_anybody(
    cpd: Cpd, tmp_path: Path
) -> None:
    await professionals(cpd, 8)
    await professionals(cpd, 6, association="ACEG", first=5)
    audit_id = await drawn(cpd, *TWO)
    audit = (await cpd.http.get(f"/v1/audits/{audit_id}")).json()
    assert {each["association"]: (each["population"], each["size"]) for each in audit["strata"]} == {
        "ICG": (8, 4),
        "ACEG": (6, 3),
    }
    proof = (await cpd.http.get(f"/v1/audits/{audit_id}/proof")).json()
    assert len(proof["people"]) == audit["people"] == 10
    assert draw_again.list_hash(proof["people"]) == audit["list_hash"]
    sizes = {association: each["size"] for association, each in proof["strata"].items()}
    expected = draw_again.drawn(proof["people"], sizes, SEED)
    numbers = {
        row["salted_id"]: row["number"]
        for row in await cpd.db.fetch("SELECT salted_id, number FROM audit_people")
    }
    samples = await cpd.db.fetch("SELECT association, number FROM audit_samples ORDER BY association, place")
    assert [(row["association"], row["number"]) for row in samples] == [
        (association, numbers[each]) for association in sorted(expected) for each in expected[association]
    ]
    # One hash for each person: whoever is in both samples has one case, which says so.
    opened = await cases(cpd)
    assert sorted(each["number"] for each in opened) == sorted({row["number"] for row in samples})
    assert (await events(cpd))[-4:] == ["audit.announced", "audit.frozen", "audit.seeded", "audit.drawn"]
    # Without our code: the script of the guide.
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(proof))
    told = verified(file)
    assert told.returncode == 0
    assert [each for each in expected["ICG"] if each not in told.stdout] == []
    file.write_text(json.dumps(proof | {"people": dict(list(proof["people"].items())[1:])}))
    assert verified(file).returncode == 1
    assert await integrity.check(cpd.db) == []


async def test_nobody_is_drawn_who_is_excluded_and_everybody_can_see_why(cpd: Cpd) -> None:
    ann, bea, cim, dee, eva, fay = await professionals(cpd, 6)
    pause = cpd_make.post
    await pause(
        cpd,
        "/v1/pauses",
        {"number": bea, "kind": "deferral", "reason": "illness", "note": "x"}
        | {"valid_from": "2026-11-01", "valid_to": "2027-03-31"},
        cpd_make.AUDITOR,
    )
    new = await member(cpd, number(20), since="2026-01-10", entered="2026-02-01")
    unregistered = await member(cpd, number(21), entered=None)
    await member(cpd, number(22), level="associate", since="2019-01-01")
    await tell(cpd, "people.merged", number(23), kept_number=fay)
    await sent(cpd, "/v1/audit-cases", {"number": cim, "reason": "Follow-up."})
    audit_id = await drawn(cpd, {"association": "ICG", "size": 4})
    audit = (await cpd.http.get(f"/v1/audits/{audit_id}")).json()
    assert audit["excluded"] == {
        "deferred": 1, "audit_open": 1, "newly_registered": 1, "not_on_register": 1,
    }  # fmt: skip
    shown = {}
    for who in (ann, bea, cim, new, unregistered, number(23)):
        answer = await cpd.http.get(f"/v1/audits/{audit_id}/people/{who}", headers=cpd_system())
        shown[who] = answer.json()
    assert [shown[who]["exclusion"] for who in (bea, cim, new, unregistered)] == [
        "deferred", "audit_open", "newly_registered", "not_on_register",
    ]  # fmt: skip
    told = shown[ann]
    assert rules.salted_id(bytes.fromhex(told["salt"]), ann) == told["salted_id"]
    assert draw_again.place_of(SEED, told["salted_id"]) == told["hash"]
    (stratum,) = told["strata"]
    assert stratum["drawn"] is (told["hash"] <= stratum["last_drawn"])
    assert shown[number(23)]["number"] == fay
    assert {each["number"] for each in await cases(cpd, audit_id=str(audit_id))} == {ann, dee, eva, fay}
    theirs = await cpd.http.get(f"/v1/audits/{audit_id}/people/{ann}", headers=cpd_system("ACEG"))
    assert theirs.status_code == 404
    # Whoever was drawn is not drawn again soon; a targeted case does not count as one.
    again = await frozen(cpd)
    assert (await cpd.http.get(f"/v1/audits/{again}")).json()["excluded"]["audit_open"] == 5


async def test_a_seed_that_could_be_known_before_the_freeze_is_refused_by_rule_and_database(cpd: Cpd) -> None:
    await professionals(cpd, 2)
    audit_id = await frozen(cpd)
    seed = f"/v1/audits/{audit_id}/seed"
    early = {"seed": SEED, "born_at": rfc3339(cpd.clock())}
    assert (await send(cpd, seed, early)).json()["code"] == "seed-not-after-the-freeze"
    later = {"seed": SEED, "born_at": rfc3339(cpd.clock() + timedelta(minutes=90))}
    assert (await send(cpd, seed, later)).json()["code"] == "seed-not-yet-there"
    cpd.clock.now += timedelta(hours=2)
    assert (await send(cpd, seed, later | {"seed": "short"})).json()["code"] == "seed-not-readable"
    running = await asyncpg.connect(asyncpg_dsn(cpd.urls.app))
    with pytest.raises(asyncpg.CheckViolationError, match="not frozen before"):
        await running.execute(
            "INSERT INTO audit_seeds (audit_id, seed, born_at, entered_by, entered_at)"
            " SELECT audit_id, 'x', frozen_at, 'x', now() FROM audit_freezes"
        )
    with pytest.raises(asyncpg.CheckViolationError, match="frozen"):
        await running.execute(
            "INSERT INTO audit_people (audit_id, number, associations, exclusion)"
            " VALUES ($1, 'CR99', '{ICG}', 'exempt')",
            audit_id,
        )
    await running.close()
    await sent(cpd, seed, later)
    assert (await send(cpd, seed, later)).json()["code"] == "audit-not-in-that-state"
    draw = f"/v1/audits/{audit_id}/draw"
    assert (await send(cpd, draw)).json()["code"] == "seed-drawn-by-who-entered-it"
    assert (await send(cpd, f"/v1/audits/{audit_id}/results")).status_code == 405
    await sent(cpd, f"/v1/audits/{audit_id}/cancellation", {"reason": "Rehearsed."})
    assert (await send(cpd, draw, headers=auditor("auditor-two"))).json()["code"] == "audit-not-in-that-state"


async def test_an_announcement_that_cannot_be_is_refused(cpd: Cpd) -> None:
    await professionals(cpd, 1)
    good = announcement(cpd)
    for changes, code in (
        ({"seed_expected_at": rfc3339(cpd.clock())}, "seed-expected-too-early"),
        ({"strata": [{"association": "ICG"}, {"association": "ICG"}]}, "association-twice"),
        ({"strata": [{"association": "NOBODY"}]}, "association-not-audited"),
        ({"strata": [{"association": "ICG", "rate": 0.1, "size": 2}]}, "one-way-to-set-the-size"),
        ({"strata": [{"association": "ICG", "confidence": 0.95}]}, "one-way-to-set-the-size"),
        ({"strata": []}, "input-not-valid"),
        ({"strata": [{"association": "ICG", "rate": 1e-9}]}, "input-not-valid"),
        ({"strata": [{"association": "ICG", "rate": -4.591397676558578e93}]}, "input-not-valid"),
        ({"strata": [{"association": "ICG", "size": 10**30}]}, "input-not-valid"),
        ({"seed_expected_at": "2026-11-31T00:00:00Z"}, "input-not-valid"),
        ({"title": "\x00"}, "input-not-valid"),
    ):
        answer = await send(cpd, "/v1/audits", good | changes)
        assert answer.json()["code"] == code, (changes, answer.text)
    late = (await sent(cpd, "/v1/audits", good))["id"]
    assert (await cpd.http.get(f"/v1/audits/{late}/proof")).json()["code"] == "list-not-frozen"
    cpd.clock.now += timedelta(hours=1)
    assert (await send(cpd, f"/v1/audits/{late}/freeze")).json()["code"] == "frozen-too-late"
    # With a beacon it has to be over before the beacon’s round, however long it takes.
    near = announcement(cpd, born_at=cpd.clock() + timedelta(minutes=30)) | {"seed_source": "beacon"}
    near_id = (await sent(cpd, "/v1/audits", near))["id"]
    assert (await send(cpd, f"/v1/audits/{near_id}/freeze")).json()["code"] == "frozen-too-late"
    assert (await send(cpd, "/v1/audits/999999/freeze")).json()["code"] == "no-such-audit"


async def test_whoever_joins_while_a_list_is_frozen_is_on_it_wholly_or_not_at_all(cpd: Cpd) -> None:
    await professionals(cpd, 3)
    audit_id = (await sent(cpd, "/v1/audits", announcement(cpd)))["id"]
    freezes = [send(cpd, f"/v1/audits/{audit_id}/freeze") for _ in range(3)]
    *done, _ = await asyncio.gather(*freezes, professionals(cpd, 4, first=50))
    assert sorted(each.status_code for each in done) == [201, 409, 409]
    position = (await cpd.http.get(f"/v1/audits/{audit_id}")).json()["register_position"]
    rows = await cpd.db.fetch(
        "SELECT number FROM memberships WHERE position <= $1 AND number IN"
        " (SELECT number FROM register_moves WHERE position <= $1)",
        position,
    )
    listed = await cpd.db.fetch("SELECT number FROM audit_people WHERE exclusion IS NULL")
    assert {row["number"] for row in listed} == {row["number"] for row in rows}
    proof = (await cpd.http.get(f"/v1/audits/{audit_id}/proof")).json()
    await member(cpd, number(60), **LONG_SINCE)
    assert (await cpd.http.get(f"/v1/audits/{audit_id}/proof")).json() == proof


LIST = "a list that is not the one whose digest was published"
SEED_EARLY = "a seed that was there before the list was frozen"
SAMPLE = "a sample that is not of its size or not the first by hash"
CASES = "somebody drawn without a case, or a case that nobody was drawn for"
TABLES = ("audit_people", "audit_freezes", "audit_seeds", "audit_samples", "audit_cases", "audit_steps")
STEERED = {
    "UPDATE audit_people SET associations = '{ACEG}' WHERE number LIKE 'CR0000001%'": LIST,
    "UPDATE audit_people SET exclusion = 'exempt', salt = NULL, salted_id = NULL"
    " WHERE number LIKE 'CR0000001%'": LIST,
    "UPDATE audit_freezes SET list_hash = 'another'": LIST,
    "UPDATE audit_seeds SET born_at = (SELECT frozen_at FROM audit_freezes)": SEED_EARLY,
    "DELETE FROM audit_samples WHERE place = 1": SAMPLE,
    "UPDATE audit_samples SET hash = 'z' WHERE place = 1": SAMPLE,
    "DELETE FROM audit_cases WHERE id = (SELECT max(id) FROM audit_cases)": CASES,
}


async def test_whatever_steers_a_draw_in_the_tables_is_seen(cpd: Cpd) -> None:
    await professionals(cpd, 6)
    await drawn(cpd, {"association": "ICG", "size": 3})
    assert await integrity.check(cpd.db) == []
    owner = await asyncpg.connect(asyncpg_dsn(cpd.urls.owner))
    for table in TABLES:
        await owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for fault, name in STEERED.items():
        async with seeded(owner, fault):
            seen = {
                question.name for question in audit.QUESTIONS if await owner.fetch(f"{question.sql} LIMIT 1")
            }
        assert name in seen, fault
    await owner.close()
    assert await integrity.check(cpd.db) == []


@asynccontextmanager
async def seeded(owner: asyncpg.Connection, fault: str) -> AsyncIterator[None]:
    """Break something for as long as the block lasts."""
    broken = owner.transaction()
    await broken.start()
    try:
        await owner.execute(fault)
        yield
    finally:
        await broken.rollback()
