"""Equivalence of offers: proposed by one association, decided by the other, shown once agreed."""

import asyncio
from datetime import timedelta
from itertools import product
from typing import Any

import asyncpg
import httpx
import pytest

from services.cpd.domain.catalogue.equivalence import (
    MOVES,
    EquivalenceNotInThatState,
    EquivalenceState,
    EquivalenceStep,
    NotYourSide,
    Side,
    moved,
)
from services.cpd.operations import integrity
from services.cpd.operations.catalogue import offers
from shared.clock import rfc3339
from shared.postgres.urls import asyncpg_dsn
from tests.cpd import make
from tests.cpd.catalogue.test_offers import put
from tests.cpd.conftest import Cpd
from tests.cpd.make import cpd_system

OURS, THEIRS, THIRD = cpd_system("ICG"), cpd_system("ACEG"), cpd_system("NAEGA")
LIST = "/v1/offer-equivalences"
OFFER, OTHER = "/v1/offers/by-external-id/ICG/O-1", "/v1/offers/by-external-id/ACEG/C-3"
PROPOSAL = {"offer_id": "O-1", "other_association": "ACEG", "other_offer_id": "C-3"}


async def two_offers(cpd: Cpd) -> None:
    await put(cpd)
    await put(cpd, OTHER, "ACEG", title="Local jobs, local talk")


async def propose(cpd: Cpd, headers: Any = OURS, **changes: Any) -> httpx.Response:
    return await make.post(cpd, LIST, PROPOSAL | changes, headers)


async def step(cpd: Cpd, id_: int, taken: str, headers: Any) -> httpx.Response:
    return await make.post(cpd, f"{LIST}/{id_}/steps", {"step": taken}, headers)


async def equivalents(cpd: Cpd, path: str) -> list[tuple[str, bool]]:
    items = (await cpd.http.get(f"{path}/equivalents")).json()["items"]
    return [
        (f"{each['offer']['association']}/{each['offer']['offer_id']}", each["amended_since"])
        for each in items
    ]


@pytest.mark.parametrize(
    ("state", "taken", "side"), [*product(EquivalenceState, EquivalenceStep, (Side.PROPOSER, Side.OTHER))]
)
def test_each_step_is_one_sides_in_one_state(
    state: EquivalenceState, taken: EquivalenceStep, side: Side
) -> None:
    move = MOVES.get((state, taken))
    if move is None:
        with pytest.raises(EquivalenceNotInThatState):
            moved(state, taken, by=side)
    elif move.by in {side, Side.EITHER}:
        assert moved(state, taken, by=side) is move.to
    else:
        with pytest.raises(NotYourSide):
            moved(state, taken, by=side)


async def test_offers_are_equivalent_once_the_other_association_agrees_until_one_ends_it(cpd: Cpd) -> None:
    await two_offers(cpd)
    made = await propose(cpd)
    id_ = made.json()["id"]
    assert (made.status_code, made.headers["location"]) == (201, f"{LIST}/{id_}")
    before = cpd.clock()
    assert await equivalents(cpd, OFFER) == []
    waiting = await cpd.http.get(LIST, params={"state": "proposed"}, headers=THEIRS)
    assert [each["id"] for each in waiting.json()["items"]] == [id_]
    cpd.clock.now += timedelta(minutes=1)
    assert (await step(cpd, id_, "accept", THEIRS)).json()["state"] == "accepted"
    assert await equivalents(cpd, OFFER) == [("ACEG/C-3", False)]
    assert await equivalents(cpd, OTHER) == [("ICG/O-1", False)]
    then = await cpd.http.get(f"{LIST}/{id_}", params={"known_at": rfc3339(before)}, headers=OURS)
    assert then.json()["state"] == "proposed"
    cpd.clock.now += timedelta(minutes=1)
    await put(cpd, OTHER, "ACEG", title="Local jobs, local talk", hours=7)
    assert await equivalents(cpd, OFFER) == [("ACEG/C-3", True)]
    await put(cpd, OTHER, "ACEG", title="Local jobs, local talk", withdrawn=True)
    assert await equivalents(cpd, OFFER) == await equivalents(cpd, OTHER) == []
    assert (await step(cpd, id_, "end", OURS)).json()["state"] == "ended"
    assert (await make.events(cpd))[2:] == [
        "equivalence.proposed", "equivalence.accepted", "offer.amended", "offer.amended", "equivalence.ended",
    ]  # fmt: skip
    assert await integrity.check(cpd.db) == []


async def test_what_nobody_else_can_agree_to_is_not_proposed(cpd: Cpd) -> None:
    await two_offers(cpd)
    await put(cpd, "/v1/offers/by-external-id/ACEG/C-4", "ACEG", withdrawn=True)
    await offers.load_shipped(cpd.db, now=cpd.clock())
    told = await make.events(cpd)
    for changes, status, code in (
        ({"other_association": "ICG", "other_offer_id": "O-2"}, 422, "equivalence-needs-another"),
        ({"other_association": "alliance", "other_offer_id": "lmi-module"}, 422, "equivalence-needs-another"),
        ({"other_offer_id": "C-9"}, 404, "no-such-offer"),
        ({"offer_id": "O-9"}, 404, "no-such-offer"),
        ({"other_offer_id": "C-4"}, 409, "offer-is-over"),
        ({"offer_id": "a\x00b"}, 422, "input-not-valid"),
    ):
        refused = await propose(cpd, **changes)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert await make.events(cpd) == told


async def test_nobody_takes_the_other_sides_step_and_a_third_sees_nothing(cpd: Cpd) -> None:
    await two_offers(cpd)
    id_ = (await propose(cpd)).json()["id"]
    told = await make.events(cpd)
    for taken, headers, status, code in (
        ("accept", OURS, 403, "not-your-side"),
        ("withdraw", THEIRS, 403, "not-your-side"),
        ("end", THEIRS, 409, "equivalence-not-in-that-state"),
        ("accept", THIRD, 404, "no-such-equivalence"),
    ):
        refused = await step(cpd, id_, taken, headers)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    foreign = await cpd.http.get(f"{LIST}/{id_}", headers=THIRD)
    missing = await cpd.http.get(f"{LIST}/999999", headers=THIRD)
    assert {**foreign.json(), "instance": ""} == {**missing.json(), "instance": ""}
    assert (await cpd.http.get(LIST, headers=THIRD)).json()["items"] == []
    assert await make.events(cpd) == told


async def test_two_offers_proposed_at_once_from_both_sides_are_proposed_once(cpd: Cpd) -> None:
    await two_offers(cpd)
    back = {"offer_id": "C-3", "other_association": "ICG", "other_offer_id": "O-1"}
    answers = await asyncio.gather(*(propose(cpd) for _ in range(2)), propose(cpd, THEIRS, **back))
    assert sorted(each.status_code for each in answers) == [201, 409, 409]
    assert {each.json().get("code") for each in answers} == {None, "equivalence-open-already"}


async def test_the_database_lets_no_association_accept_its_own_and_a_fault_is_seen(cpd: Cpd) -> None:
    await two_offers(cpd)
    await propose(cpd)
    accept = """
        INSERT INTO equivalences (id, corrects, association, proposer, offer_id, other, other_offer_id, state,
            known)
        SELECT id, row_id, proposer, proposer, offer_id, other, other_offer_id, 'accepted', known
        FROM equivalences WHERE upper_inf(known)
    """
    owner = await asyncpg.connect(asyncpg_dsn(cpd.urls.owner))
    with pytest.raises(asyncpg.CheckViolationError, match="equivalences_by_their_side"):
        await owner.execute(accept)
    await owner.execute("ALTER TABLE equivalences DROP CONSTRAINT equivalences_by_their_side")
    await owner.execute(accept)
    await owner.close()
    found = {finding.name for finding in await integrity.check(cpd.db)}
    assert found == {
        "an equivalence accepted by who proposed it", "a part of the catalogue without a journal line",
    }  # fmt: skip
