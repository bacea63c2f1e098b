"""Prior learning: claimed by one, assessed by another with reasons, then in the bank (also I3, I18)."""

import asyncio
from itertools import product
from typing import Any

import asyncpg
import httpx
import pytest

from services.cpd.domain.credits.recognition import (
    MOVES,
    MayNotRecogniseOwnClaim,
    NotForYouToTake,
    Part,
    ReasonsNeeded,
    RecognitionNotInThatState,
    RecognitionState,
    RecognitionStep,
    moved,
)
from services.cpd.operations import integrity
from shared.postgres.urls import asyncpg_dsn
from tests.cpd.conftest import Cpd
from tests.cpd.credits import make
from tests.cpd.make import AUDITOR, cpd_system, post
from tests.cpd.people import ANN, member

LIST = "/v1/recognitions"
CLAIM = {
    "number": ANN, "kind": "credit", "module": "ACEG/M-3", "module_version": "2026",
    "grounds": "Ten years of leading careers work.", "reference": "portfolio 3",
}  # fmt: skip
GRANT = {"step": "grant", "reasons": "The portfolio shows every outcome."}
KEEPER, THIRD = cpd_system("ACEG"), cpd_system("NAEGA")


async def claim(cpd: Cpd, headers: Any = None, **changes: Any) -> httpx.Response:
    return await post(cpd, LIST, CLAIM | changes, headers)


async def step(cpd: Cpd, id_: int, body: Any = GRANT, headers: Any = AUDITOR) -> httpx.Response:
    return await post(cpd, f"{LIST}/{id_}/steps", body, headers)


async def ready(cpd: Cpd) -> None:
    await member(cpd)
    await make.three_modules(cpd)


@pytest.mark.parametrize(("state", "taken", "part"), [*product(RecognitionState, RecognitionStep, Part)])
def test_each_step_is_one_parts_in_one_state(
    state: RecognitionState, taken: RecognitionStep, part: Part
) -> None:
    parts = frozenset({part})
    if (state, taken) not in MOVES:
        with pytest.raises(RecognitionNotInThatState):
            moved(state, taken, parts=parts, another=True, reasons="Seen.")
        return
    to, whose = MOVES[state, taken]
    if part is not whose:
        with pytest.raises(NotForYouToTake):
            moved(state, taken, parts=parts, another=True, reasons="Seen.")
        return
    assert moved(state, taken, parts=parts, another=True, reasons="Seen.") is to
    if whose is Part.ASSESSOR:
        with pytest.raises(MayNotRecogniseOwnClaim):
            moved(state, taken, parts=parts, another=False, reasons="Seen.")
        with pytest.raises(ReasonsNeeded):
            moved(state, taken, parts=parts, another=True, reasons=None)


async def test_granted_prior_learning_is_credit_and_a_granted_exemption_says_that_it_is_one(cpd: Cpd) -> None:
    await ready(cpd)
    made = await claim(cpd)
    id_ = made.json()["id"]
    assert (made.status_code, made.headers["location"]) == (201, f"{LIST}/{id_}")
    assert await make.bank(cpd) == []
    waiting = (await cpd.http.get(LIST, params={"state": "claimed"}, headers=KEEPER)).json()["items"]
    assert [each["id"] for each in waiting] == [id_]
    granted = await step(cpd, id_, headers=KEEPER)
    assert (granted.status_code, granted.json()["state"]) == (201, "granted")
    exempted = (await claim(cpd, kind="exemption", module="ICG/M-1")).json()["id"]
    await step(cpd, exempted)
    bank = await make.bank(cpd)
    assert [(each["source"], each["module"], each["recognition_id"]) for each in bank] == [
        ("recognised", "ACEG/M-3", id_), ("exempted", "ICG/M-1", exempted),
    ]  # fmt: skip
    refused = (await claim(cpd, module="ICG/M-2")).json()["id"]
    await step(cpd, refused, {"step": "refuse", "reasons": "Nothing was shown."})
    assert len(await make.bank(cpd)) == 2
    voided = await post(cpd, f"/v1/credits/{bank[0]['id']}/voiding", {"reason": "A forged portfolio."})
    assert voided.status_code == 201
    assert (await make.events(cpd))[3:] == [
        "recognition.claimed", "recognition.granted", "credit.recognised",
        "recognition.claimed", "recognition.granted", "credit.recognised",
        "recognition.claimed", "recognition.refused", "credit.voided",
    ]  # fmt: skip
    assert await integrity.check(cpd.db) == []


async def test_whoever_has_no_part_in_it_or_may_not_judge_it_changes_nothing(cpd: Cpd) -> None:
    await ready(cpd)
    id_ = (await claim(cpd)).json()["id"]
    own = (await claim(cpd, module="ICG/M-1")).json()["id"]
    told = await make.events(cpd)
    for at, body, headers, status, code in (
        (id_, GRANT, cpd_system(), 403, "not-for-you-to-take"),
        (own, GRANT, cpd_system(), 403, "may-not-recognise-own-claim"),
        (id_, {"step": "withdraw"}, AUDITOR, 403, "not-for-you-to-take"),
        (id_, {"step": "grant"}, AUDITOR, 422, "reasons-needed"),
        (id_, GRANT, THIRD, 404, "no-such-recognition"),
        (999999, GRANT, AUDITOR, 404, "no-such-recognition"),
    ):
        refused = await step(cpd, at, body, headers)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    for changes, status, code in (
        ({"module_version": "2025"}, 404, "no-such-module"),
        ({}, 409, "recognition-open-already"),
        ({"grounds": ""}, 422, "input-not-valid"),
    ):
        refused = await claim(cpd, **changes)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert await make.events(cpd) == told
    assert (await step(cpd, id_, {"step": "withdraw"}, cpd_system())).json()["state"] == "withdrawn"
    assert (await step(cpd, id_)).json()["code"] == "recognition-not-in-that-state"


async def test_two_assessments_at_once_lead_to_credit_once(cpd: Cpd) -> None:
    await ready(cpd)
    id_ = (await claim(cpd)).json()["id"]
    refuse = {"step": "refuse", "reasons": "Nothing was shown."}
    answers = await asyncio.gather(step(cpd, id_), step(cpd, id_, headers=KEEPER), step(cpd, id_, refuse))
    assert sorted(each.status_code for each in answers) == [201, 409, 409]
    assert len(await make.bank(cpd)) <= 1
    assert await integrity.check(cpd.db) == []


async def test_the_database_lets_nobody_assess_an_own_claim_and_a_fault_is_seen(cpd: Cpd) -> None:
    await ready(cpd)
    await claim(cpd)
    assess = """
        INSERT INTO recognitions (id, corrects, number, valid, known, association, claimant, kind,
            module_association, module_id, module_version, grounds, state, claimed_by, assessed_by, reasons)
        SELECT id, row_id, number, valid, known, association, claimant, kind, module_association, module_id,
            module_version, grounds, 'granted', claimed_by, claimed_by, 'Seen.'
        FROM recognitions WHERE upper_inf(known)
    """
    owner = await asyncpg.connect(asyncpg_dsn(cpd.urls.owner))
    with pytest.raises(asyncpg.CheckViolationError, match="recognitions_by_two"):
        await owner.execute(assess)
    await owner.execute("ALTER TABLE recognitions DROP CONSTRAINT recognitions_by_two")
    await owner.execute(assess)
    await owner.close()
    found = {finding.name for finding in await integrity.check(cpd.db)}
    assert found == {
        "prior learning assessed by who claimed it", "a module, a programme or credit without a journal line",
    }  # fmt: skip
