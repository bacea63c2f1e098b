"""A body's awards are moderated by another body, and anybody can repeat which were drawn."""

import asyncio
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from services.kitemark.operations import integrity
from shared import draw as draw_again
from shared.postgres.urls import asyncpg_dsn
from tests.callers import bearer
from tests.house.source import ROOT
from tests.kitemark.conftest import Kitemark
from tests.kitemark.make import PANEL, PANEL_TWO, events
from tests.kitemark.policing.make_policing import (
    ANNOUNCED,
    AT_NOON,
    CSW,
    CSW_PANEL,
    FINDING,
    FUTURES,
    FUTURES_SYSTEM,
    SEED,
    cases,
    drawn,
    given,
    let_register_say,
    sent,
)


def verified(proof: Path) -> str:
    """Run the script of the guide on a proof."""
    typed = [sys.executable, str(ROOT / "examples/verify_draw.py"), str(proof)]
    return subprocess.run(typed, capture_output=True, text=True, check=True).stdout


async def test_a_sample_is_frozen_seeded_drawn_by_another_and_repeated_by_anybody(
    kitemark: Kitemark, tmp_path: Path
) -> None:
    await given(kitemark, 8)
    made = await sent(kitemark, "/v1/moderations", ANNOUNCED)
    frozen, place = made.json(), made.headers["location"]
    assert (frozen["population"], frozen["size"], frozen["state"]) == (8, 3, "frozen")
    (line,) = await kitemark.db.fetch("SELECT facts FROM journal WHERE event = 'moderation.frozen'")
    assert frozen["list_hash"] in str(line["facts"])
    early = {"seed": SEED, "born_at": "2026-11-21T09:00:00Z"}
    assert (await sent(kitemark, f"{place}/seed", early)).json()["code"] == "seed-not-after-the-freeze"
    kitemark.clock.now = AT_NOON
    seed = {"seed": SEED, "born_at": "2026-11-21T12:00:00Z"}
    assert (await sent(kitemark, f"{place}/seed", seed)).status_code == 201
    own = await sent(kitemark, f"{place}/draw")
    assert (own.status_code, own.json()["code"]) == (409, "seed-drawn-by-who-entered-it")
    assert (await sent(kitemark, f"{place}/draw", headers=PANEL_TWO)).json()["state"] == "drawn"
    proof = await kitemark.http.get(f"{place}/proof")
    listed = proof.json()["awards"]
    assert draw_again.list_hash(listed) == frozen["list_hash"]
    expected = draw_again.drawn(listed, {"CSW": 3}, SEED)["CSW"]
    assert [each["award"] for each in sorted(await cases(kitemark), key=lambda e: e["place"])] == expected
    (tmp_path / "proof.json").write_bytes(proof.content)
    assert f"CSW: 3 of 8\n  {expected[0]}" in verified(tmp_path / "proof.json")
    assert [each for each in await events(kitemark) if each.startswith("moderation")] == [
        "moderation.frozen", "moderation.seeded", "moderation.drawn",
    ]  # fmt: skip
    assert await integrity.check(kitemark.db) == []


async def test_what_cannot_be_moderated_is_refused(kitemark: Kitemark) -> None:
    async def refused(headers: dict[str, str] = PANEL, **changes: object) -> str:
        code: str = (await sent(kitemark, "/v1/moderations", ANNOUNCED | changes, headers)).json()["code"]
        return code

    assert await refused() == "nothing-to-moderate"
    await given(kitemark, 2)
    for moderator in ("CSW", "CONSORTIUM"):
        assert await refused(moderator=moderator) == "moderator-tied"
    assert await refused(moderator="NOBODY") == "body-not-known"
    assert await refused(body="PROSPECTS", moderator="IXION") == "moderator-tied"
    assert await refused(headers=CSW_PANEL) == "moderates-another"
    source = ANNOUNCED["seed_source"]
    assert isinstance(source, dict)
    past = source | {"expected_at": "2026-11-21T09:00:00Z"}
    assert await refused(seed_source=past) == "seed-expected-too-early"
    soon = source | {"expected_at": "2026-11-21T09:45:00Z"}
    assert await refused(seed_source=soon) == "frozen-too-late"
    place = (await sent(kitemark, "/v1/moderations", ANNOUNCED)).headers["location"]
    assert await refused() == "moderated-already"
    assert (await sent(kitemark, f"{place}/draw")).json()["code"] == "moderation-not-in-that-state"
    cancelled = await sent(kitemark, f"{place}/cancellation", {"reason": "The beacon has failed."})
    assert cancelled.json()["cancel_reason"] == "The beacon has failed."
    assert (await sent(kitemark, "/v1/moderations", ANNOUNCED)).status_code == 201
    assert (await kitemark.http.get("/v1/moderations/9999999")).json()["code"] == "no-such-moderation"


async def test_assessors_of_the_moderator_find_and_the_body_responds(kitemark: Kitemark) -> None:
    await drawn(kitemark, 3)
    first, second, third = [f"/v1/moderation-cases/{each['id']}" for each in await cases(kitemark)]
    assert await cases(kitemark, CSW) == await cases(kitemark, FUTURES_SYSTEM) == await cases(kitemark)
    other = bearer("awards:write", subject="STOKE-system", body="STOKE")
    assert await cases(kitemark, other) == []
    assert (await kitemark.http.get(first, headers=other)).status_code == 404

    async def find(path: str, finding: str, headers: dict[str, str] = FUTURES) -> tuple[int, str]:
        answer = await sent(kitemark, f"{path}/findings", FINDING | {"finding": finding}, headers)
        return answer.status_code, answer.json().get("code", answer.json().get("state"))

    async def respond(path: str, headers: dict[str, str] = CSW) -> tuple[int, str]:
        answer = await sent(kitemark, f"{path}/responses", {"response": "See file 7."}, headers)
        return answer.status_code, answer.json().get("code", answer.json().get("state"))

    assert await find(first, "agree") == (503, "neighbour-unavailable")
    let_register_say(kitemark, "lapsed")
    assert await find(first, "agree") == (403, "moderator-not-licensed")
    let_register_say(kitemark, "licensed")
    assert await find(first, "agree", PANEL) == (403, "not-the-moderator")
    assert await find(first, "agree", bearer("validations:decide", body="CSW")) == (403, "not-the-moderator")
    assert await find(first, "agree") == (201, "agreed")
    assert await find(first, "disagree") == (409, "case-moves-otherwise")
    assert await find(second, "more_evidence") == (201, "evidence_asked")
    assert await respond(second, FUTURES_SYSTEM) == (404, "no-such-moderation-case")
    assert await respond(second) == (201, "evidence_given")
    assert await find(second, "disagree") == (201, "disagreed")
    assert await respond(second) == (201, "answered")
    assert await find(second, "disagree") == (201, "upheld")
    assert await find(third, "disagree") == (201, "disagreed")
    assert await find(third, "no_response") == (409, "response-still-possible")
    kitemark.clock.now = datetime(2027, 1, 4, 12, tzinfo=UTC)
    assert await find(third, "no_response") == (201, "upheld")
    told = [each for each in await events(kitemark) if each.startswith("moderation-case")]
    assert (told[0], told[-1], len(told)) == ("moderation-case.agreed", "moderation-case.upheld", 8)
    lines = await kitemark.db.fetch("SELECT facts::text AS facts FROM journal")
    assert not any("file 7" in line["facts"] or "CR1234567X" in line["facts"] for line in lines)
    assert await integrity.check(kitemark.db) == []


async def test_of_many_who_find_at_once_one_counts(kitemark: Kitemark) -> None:
    await drawn(kitemark, 3)
    let_register_say(kitemark, "licensed")
    path = f"/v1/moderation-cases/{(await cases(kitemark))[0]['id']}/findings"
    answers = await asyncio.gather(*(sent(kitemark, path, FINDING, FUTURES) for _ in range(6)))
    assert sorted(each.status_code for each in answers) == [201] + [409] * 5


async def test_the_database_holds_it_and_a_fault_is_found(kitemark: Kitemark) -> None:
    place = await drawn(kitemark, 4)
    id_ = int(place.rpartition("/")[2])
    app = await asyncpg.connect(asyncpg_dsn(kitemark.urls.app))
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="takes nothing more"):
        await app.execute("INSERT INTO moderation_entries VALUES ($1, 'award:CSW/late')", id_)
    await app.close()
    owner = await asyncpg.connect(asyncpg_dsn(kitemark.urls.owner))
    await owner.execute("ALTER TABLE moderation_cases DISABLE TRIGGER USER")
    await owner.execute("ALTER TABLE moderations DISABLE TRIGGER USER")
    for spoil, constraint in (
        ("UPDATE moderation_cases SET moderator = 'CSW'", "moderation_cases_by_another"),
        (
            "UPDATE moderation_cases SET found_for = 'CSW', found_by = 'x', number = 'x', state = 'agreed',"
            " closed_on = now()",
            "moderation_cases_of_the_moderator",
        ),
        ("UPDATE moderations SET moderator = 'CONSORTIUM'", "moderations_by_another"),
        (
            "UPDATE moderations SET seed_born_at = frozen_at WHERE seed IS NOT NULL",
            "moderations_seed_after_freeze",
        ),
        ("UPDATE moderations SET drawn_by = seed_entered_by WHERE state = 'drawn'", "moderations_two_draw"),
    ):
        with pytest.raises(asyncpg.CheckViolationError, match=constraint):
            await owner.execute(spoil)
    await owner.execute("ALTER TABLE moderation_cases DROP CONSTRAINT moderation_cases_by_another")
    await owner.execute("UPDATE moderation_cases SET moderator = 'CSW'")
    await owner.execute("UPDATE moderations SET population = 5, size = 5 WHERE state = 'drawn'")
    await owner.execute("ALTER TABLE moderation_entries DISABLE TRIGGER USER")
    await owner.execute(
        "DELETE FROM moderation_entries WHERE award = (SELECT min(award) FROM moderation_entries)"
    )
    await owner.close()
    named = {each.name for each in await integrity.check(kitemark.db) if each.invariant in ("I17", "I18")}
    assert named == {
        "an award moderated by its own body, by one tied to it, or by somebody who speaks for another",
        "a moderation that was changed after it was frozen",
        "a frozen list that is not the one whose digest was published",
        "a sample of another size, or of awards that were not listed",
    }
