"""Evidence that is found false: the licence that rests on it moves in the same step."""

from typing import Any

from tests.callers import registrar
from tests.register import make, make_licences
from tests.register.conftest import Register

PUBLIC_REASON = "The evidence of qualification is being examined again."


async def _withdraw(register: Register, holding: int, by: str = "registrar-three") -> Any:
    return await register.http.post(
        f"/v1/holdings/{holding}/authentication-withdrawals",
        json={"reason": "The certificate was made up."},
        headers=registrar(by),
    )


async def _holding_of(register: Register) -> int:
    listed = await register.http.get("/v1/holdings?status=authenticated", headers=registrar())
    first: int = listed.json()["items"][0]["id"]
    return first


async def test_a_licence_left_without_evidence_is_suspended_in_the_same_step(register: Register) -> None:
    number = await make_licences.licensed(register)
    assert await make_licences.verdict(register, number) == "licensed"
    answer = await _withdraw(register, await _holding_of(register))
    assert (answer.status_code, answer.json()["status"]) == (201, "withdrawn")
    licence = (await register.http.get(f"/v1/licences/{number}")).json()
    assert licence["verdict"] == "suspended"
    assert licence["sanctions"][0]["kind"] == "interim_suspension"
    assert licence["sanctions"][0]["public_reason"] == PUBLIC_REASON
    assert "made up" not in str(licence)
    assert (await make.journal(register))[-3:-1] == [
        ("holding.authentication-withdrawn", number),
        ("sanction.imposed", number),
    ]
    transactions = await register.db.fetch(
        "SELECT DISTINCT txid FROM journal WHERE position > (SELECT max(position) - 2 FROM journal)"
    )
    assert len(transactions) == 1


async def test_a_licence_that_other_evidence_bears_stands_and_rests_on_that(register: Register) -> None:
    number = await make_licences.licensed(register)
    first = await _holding_of(register)
    second = await make.authenticated_holding(register, title="Another Level 6 Diploma")
    assert (await _withdraw(register, first)).status_code == 201
    assert await make_licences.verdict(register, number) == "licensed"
    assert (await make.events(register))[-1] == "licence.evidence-changed"
    rows = await register.db.fetch("SELECT holding_id FROM licences WHERE upper_inf(known)")
    assert [row["holding_id"] for row in rows] == [second]
    assert (await _withdraw(register, second)).status_code == 201
    assert await make_licences.verdict(register, number) == "suspended"


async def test_evidence_for_one_scope_does_not_bear_another(register: Register) -> None:
    number = await make_licences.licensed(register)
    await make.authenticated_holding(
        register, title="Certificate in Careers Leadership", subject="careers_leadership", credits=20
    )
    assert (await _withdraw(register, await _holding_of(register))).status_code == 201
    assert await make_licences.verdict(register, number) == "suspended"


async def test_without_a_licence_only_the_holding_moves(register: Register) -> None:
    number = await make.member(register)
    holding = await make.authenticated_holding(register)
    assert (await _withdraw(register, holding)).status_code == 201
    assert (await make.journal(register))[-1] == ("holding.authentication-withdrawn", number)
    assert await make_licences.verdict(register, number) == "not_licensed"


async def test_what_was_never_authenticated_cannot_be_taken_back(register: Register) -> None:
    await make.member(register)
    holding = await make.holding(register)
    before = await make.journal(register)
    answer = await _withdraw(register, holding)
    assert (answer.status_code, answer.json()["code"]) == (409, "holding-not-authenticated")
    assert await make.journal(register) == before


async def test_yesterday_still_says_licensed_as_it_was_known(register: Register) -> None:
    number = await make_licences.licensed(register)
    before = "2026-11-21T12:00:00Z"
    register.clock.now = register.clock.now.replace(hour=15)
    assert (await _withdraw(register, await _holding_of(register))).status_code == 201
    known = await make_licences.verdict(register, number, known_at=before)
    assert (known, await make_licences.verdict(register, number)) == ("licensed", "suspended")


async def test_a_suspension_for_false_evidence_stands_until_other_evidence_bears_the_licence(
    register: Register,
) -> None:
    number = await make_licences.licensed(register)
    await _withdraw(register, await _holding_of(register))
    listed = await register.http.get("/v1/sanctions", headers=registrar())
    sanction = listed.json()["items"][0]["id"]
    before = await make.journal(register)
    refused = await make_licences.lift(register, sanction)
    assert (refused.status_code, refused.json()["code"]) == (409, "evidence-still-missing")
    assert await make.journal(register) == before
    assert await make_licences.verdict(register, number) == "suspended"
    other = await make.authenticated_holding(register, title="Another Level 6 Diploma")
    assert (await make_licences.lift(register, sanction)).status_code == 201
    assert await make_licences.verdict(register, number) == "licensed"
    assert (await make.events(register))[-3:] == [
        "sanction.lifted",
        "licence.evidence-changed",
        "alert.raised",
    ]
    rows = await register.db.fetch("SELECT holding_id FROM licences WHERE upper_inf(known)")
    assert [row["holding_id"] for row in rows] == [other]


async def test_another_suspension_can_be_lifted_while_that_for_false_evidence_stands(
    register: Register,
) -> None:
    number = await make_licences.licensed(register)
    other = (await make_licences.impose(register, number)).json()["id"]
    await _withdraw(register, await _holding_of(register))
    assert (await make_licences.lift(register, other)).status_code == 201
    assert await make_licences.verdict(register, number) == "suspended"
