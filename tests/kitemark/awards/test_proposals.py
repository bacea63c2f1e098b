"""What the panel decides is proposed by one person and confirmed by another, neither of whom has a tie."""

import asyncio
from itertools import product
from typing import Any

import asyncpg
import httpx
import pytest

from services.kitemark.domain.awards.proposal import (
    TRANSITIONS,
    OwnCase,
    Part,
    Proposal,
    ProposalEvent,
    ProposalKind,
    ProposalState,
    Wanted,
    move,
    propose,
    ties_of,
)
from services.kitemark.operations import integrity
from shared.errors import Refusal
from shared.postgres.urls import asyncpg_dsn
from tests.callers import bearer
from tests.kitemark.conftest import Kitemark
from tests.kitemark.make import PANEL, PANEL_TWO, decided, events

WANTED = {
    "scheme": "SHEFFIELD",
    "valid_from": "2015-01-01",
    "conditions": ["Publish fees by May."],
    "source": "Panel 9",
}
AUTHORITY = {"body": "SHEFFIELD", "scheme": "SHEFFIELD", "valid_from": "2015-01-01", "source": "Owns it"}
OWNER = bearer("validations:decide", subject="owner", body="SHEFFIELD")


def made(state: ProposalState = ProposalState.PROPOSED, speaking_for: str | None = None) -> Proposal:
    wanted = Wanted(
        kind=ProposalKind.VALIDATION, scheme="S", body=None, standing=None, first=None,  # type: ignore[arg-type]
        last=None, decision="validated", conditions=(), source="x",
    )  # fmt: skip
    return Proposal(wanted=wanted, ties=("A",), proposed_by="one", proposed_for=speaking_for, state=state)


@pytest.mark.parametrize(("state", "event", "part"), [*product(ProposalState, ProposalEvent, Part)])
def test_a_proposal_moves_along_its_table_only(
    state: ProposalState, event: ProposalEvent, part: Part
) -> None:
    by = "one" if part is Part.PROPOSER else "two"
    target = TRANSITIONS.get((state, event, part))
    if target is None:
        with pytest.raises(Refusal):
            move(made(state), event, ties=("A",), by=by, speaking_for=None)
    else:
        assert move(made(state), event, ties=("A",), by=by, speaking_for=None).state is target


def test_nobody_with_a_tie_takes_part_also_where_the_tie_came_later() -> None:
    with pytest.raises(OwnCase):
        propose(made().wanted, ties=("A", "B"), by="one", speaking_for="B")
    for event in (ProposalEvent.CONFIRM, ProposalEvent.REFUSE):
        with pytest.raises(OwnCase):
            move(made(), event, ties=("A",), by="two", speaking_for="a")
    proposed = made(speaking_for="B")
    with pytest.raises(OwnCase):
        move(proposed, ProposalEvent.CONFIRM, ties=("A", "B"), by="two", speaking_for=None)
    assert move(proposed, ProposalEvent.REFUSE, ties=("A", "B"), by="two", speaking_for=None)
    assert ties_of({"body": "A", "owner": "C"}, "B") == ("A", "B", "C")


async def stand(kitemark: Kitemark, what: str) -> set[str]:
    return {each["scheme"] for each in (await kitemark.http.get(f"/v1/{what}")).json()["items"]}


async def test_what_is_proposed_stands_once_another_confirms_it(kitemark: Kitemark) -> None:
    proposed = await kitemark.http.post("/v1/validations", json=WANTED, headers=PANEL)
    assert (proposed.status_code, proposed.json()["state"]) == (201, "proposed")
    place = proposed.headers["location"]
    assert "SHEFFIELD" not in await stand(kitemark, "validations")
    own = await kitemark.http.post(f"{place}/confirmation", json={}, headers=PANEL)
    assert (own.status_code, own.json()["code"]) == (403, "proposer-may-not-decide")
    confirmed = await kitemark.http.post(f"{place}/confirmation", json={}, headers=PANEL_TWO)
    assert (confirmed.status_code, confirmed.json()["state"]) == (201, "confirmed")
    (held,) = [
        each
        for each in (await kitemark.http.get("/v1/validations")).json()["items"]
        if each["id"] == confirmed.json()["recorded"]
    ]
    assert (held["decision"], held["decided_by"]) == ("validated_with_conditions", "another-panel-member")
    ended = await decided(kitemark, f"/v1/validations/{held['id']}/ending", {"last_day": "2016-01-01"})
    assert ended.json()["recorded"] == held["id"]
    assert (await events(kitemark))[-6:] == [
        "proposal.made", "validation.recorded", "proposal.confirmed",
        "proposal.made", "validation.ended", "proposal.confirmed",
    ]  # fmt: skip
    listed = (await kitemark.http.get("/v1/proposals?state=confirmed", headers=PANEL)).json()["items"]
    assert [each["kind"] for each in listed] == ["validation", "validation_ending"]
    before = (await kitemark.http.get("/v1/validations", params={"known_at": "2026-11-21T09:29:00Z"})).json()
    assert "SHEFFIELD" not in {each["scheme"] for each in before["items"]}
    assert await integrity.check(kitemark.db) == []


async def test_what_cannot_stand_is_refused(kitemark: Kitemark) -> None:
    id_ = (await decided(kitemark, "/v1/validations", WANTED)).json()["recorded"]
    assert (await decided(kitemark, "/v1/authorities", AUTHORITY)).status_code == 201
    for path, body, code in (
        ("/v1/validations", WANTED, "validations-overlap"),
        ("/v1/authorities", AUTHORITY, "authorities-overlap"),
        ("/v1/authorities", AUTHORITY | {"body": "NOBODY"}, "body-not-known"),
        ("/v1/validations", WANTED | {"scheme": "NOTHING"}, "scheme-not-known"),
        ("/v1/validations", WANTED | {"scheme": "CEIAG-PLUS", "valid_to": "2014-12-31"}, "days-not-in-order"),
        (f"/v1/validations/{id_}/ending", {"last_day": "2014-01-01"}, "days-not-in-order"),
        ("/v1/validations/999/ending", {}, "no-such-standing"),
        ("/v1/proposals/999/confirmation", {}, "no-such-proposal"),
    ):
        assert (await decided(kitemark, path, body)).json()["code"] == code, path
    assert (await decided(kitemark, f"/v1/validations/{id_}/ending", {"last_day": "2016-01-01"})).json()[
        "recorded"
    ]
    again = await decided(kitemark, f"/v1/validations/{id_}/ending", {"last_day": "2016-01-01"})
    assert again.json()["code"] == "ended-already"


async def test_the_owner_takes_no_part_and_what_is_refused_or_withdrawn_stays_so(kitemark: Kitemark) -> None:
    own = await kitemark.http.post("/v1/validations", json=WANTED, headers=OWNER)
    assert (own.status_code, own.json()["code"]) == (403, "own-case")
    place = (await kitemark.http.post("/v1/validations", json=WANTED, headers=PANEL)).headers["location"]

    async def moved(event: str, headers: dict[str, str]) -> tuple[int, str]:
        body = {"reason": "Not shown."} if event == "refusal" else {}
        answer = await kitemark.http.post(f"{place}/{event}", json=body, headers=headers)
        return answer.status_code, answer.json().get("code", answer.json().get("state"))

    assert await moved("confirmation", OWNER) == (403, "own-case")
    assert await moved("withdrawal", PANEL_TWO) == (403, "only-the-proposer-withdraws")
    assert await moved("refusal", PANEL_TWO) == (201, "refused")
    assert await moved("confirmation", PANEL_TWO) == (409, "proposal-decided-already")
    place = (await kitemark.http.post("/v1/authorities", json=AUTHORITY, headers=PANEL)).headers["location"]
    assert await moved("withdrawal", PANEL) == (201, "withdrawn")
    for what in ("validations", "authorities"):
        assert "SHEFFIELD" not in await stand(kitemark, what)


async def test_of_many_who_decide_at_once_one_counts(kitemark: Kitemark) -> None:
    place = (await kitemark.http.post("/v1/validations", json=WANTED, headers=PANEL)).headers["location"]

    async def decide(number: int) -> httpx.Response:
        event, body = ("confirmation", {}) if number % 2 else ("refusal", {"reason": "No."})
        other = bearer("validations:decide", subject=f"member-{number}")
        return await kitemark.http.post(f"{place}/{event}", json=body, headers=other)

    answers = await asyncio.gather(*(decide(each) for each in range(8)))
    assert sorted(each.status_code for each in answers) == [201] + [409] * 7
    (one,) = [each.json() for each in answers if each.status_code == 201]
    assert ("SHEFFIELD" in await stand(kitemark, "validations")) == (one["state"] == "confirmed")


@pytest.mark.parametrize(
    ("change", "column", "value"),
    [
        ("standing_proposals_four_eyes", "decided_by", "panel-member"),
        ("standing_proposals_own_case", "decided_for", "SHEFFIELD"),
    ],
)
async def test_the_database_holds_it_and_a_fault_is_found(
    kitemark: Kitemark, change: str, column: str, value: str
) -> None:
    await decided(kitemark, "/v1/validations", WANTED)
    owner = await asyncpg.connect(asyncpg_dsn(kitemark.urls.owner))
    spoil: Any = f"UPDATE standing_proposals SET {column} = '{value}' WHERE state = 'confirmed'"
    await owner.execute("ALTER TABLE standing_proposals DISABLE TRIGGER USER")
    with pytest.raises(asyncpg.CheckViolationError, match=change):
        await owner.execute(spoil)
    await owner.execute(f"ALTER TABLE standing_proposals DROP CONSTRAINT {change}")
    await owner.execute(spoil)
    await owner.close()
    assert "I18" in {each.invariant for each in await integrity.check(kitemark.db)}


async def test_the_database_takes_no_standing_that_no_two_people_decided(kitemark: Kitemark) -> None:
    app = await asyncpg.connect(asyncpg_dsn(kitemark.urls.app))
    for statement in (
        "INSERT INTO validations (subject, valid, known, decision, source, decided_by)"
        " VALUES ('SHEFFIELD', '[2015-01-01,)', tstzrange(now(), NULL), 'validated', 'x', 'one')",
        "INSERT INTO authorities (subject, valid, known, scheme, basis, source, decided_by)"
        " VALUES ('SHEFFIELD', '[2015-01-01,)', tstzrange(now(), NULL), 'SHEFFIELD', 'licence', 'x', 'one')",
        # The end of what a source tells of is decided by people like any other.
        "INSERT INTO validations (id, corrects, subject, valid, known, decision, source, decided_by)"
        " SELECT id, row_id, subject, daterange(lower(valid), lower(valid) + 1), tstzrange(now(), NULL),"
        " decision, source, decided_by FROM validations WHERE upper_inf(known) LIMIT 1",
    ):
        with pytest.raises(asyncpg.CheckViolationError, match="one person alone"):
            await app.execute(statement)
    await app.close()
