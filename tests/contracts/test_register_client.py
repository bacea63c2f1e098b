"""The gateway's client against the real register: questions are understood, refusals cross intact."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import get_args

import httpx
import pytest

from services.gateway.clients import answers
from services.gateway.clients.caller import Caller
from services.gateway.clients.register import RegisterClient
from services.gateway.clients.upstream import Service
from services.register.domain.policy import MembershipLevel, Scope
from services.register.domain.sanction import SanctionKind
from services.register.domain.verdict import VerdictCode
from shared.errors import Malformed, TooLarge, Unauthenticated
from shared.http import Neighbour
from tests.callers import bearer
from tests.register import make, make_licences
from tests.register.conftest import Register

ANYONE = Caller()
NEVER_ISSUED = "CR12345672"


@pytest.fixture
async def client(register: Register) -> AsyncIterator[RegisterClient]:
    """The gateway's client, connected to the register of this test."""
    transport = httpx.ASGITransport(app=register.app, raise_app_exceptions=False)
    made = RegisterClient(Service(Neighbour("register", "http://register.test", transport=transport)))
    yield made
    await made.close()


def test_both_speak_the_same_words() -> None:
    assert get_args(answers.VerdictWord) == tuple(VerdictCode)
    assert get_args(answers.ScopeWord) == tuple(Scope)
    assert get_args(answers.LevelWord) == tuple(MembershipLevel)
    assert get_args(answers.SanctionWord) == tuple(SanctionKind)


async def test_a_licence_is_read_as_it_is_told(register: Register, client: RegisterClient) -> None:
    number = await make_licences.licensed(register)
    found = await client.licence(f" {number[:2].lower()} {number[2:]} ", caller=ANYONE)
    told = (await register.http.get(f"/v1/licences/{number}")).json()
    assert found.verdict == "licensed"
    assert found.may_give_personal_guidance is True
    assert found.valid_at == date(2026, 11, 21)
    assert found.known_at == register.clock()
    assert found.model_dump(mode="json", by_alias=True) == told


async def test_a_suspension_shows_in_the_next_answer(register: Register, client: RegisterClient) -> None:
    number = await make_licences.licensed(register)
    before = register.clock() + timedelta(seconds=30)
    register.clock.now += timedelta(minutes=1)
    assert (await make_licences.impose(register, number)).status_code == 201
    now, then = (
        await client.licence(number, caller=ANYONE),
        await client.licence(number, caller=ANYONE, valid_at=date(2026, 11, 21), known_at=before),
    )
    assert (now.verdict, then.verdict) == ("suspended", "licensed")
    (sanction,) = now.sanctions
    assert (sanction.kind, sanction.public_reason) == ("suspension", "A complaint is upheld.")


async def test_many_come_back_in_the_order_asked(register: Register, client: RegisterClient) -> None:
    licensed = await make_licences.licensed(register)
    known = await make.member(register, member_id="2")
    numbers = ["nonsense", licensed, NEVER_ISSUED, known, licensed, "\x00", ""]
    words = ["malformed", "licensed", "never_issued", "not_licensed", "licensed", "malformed", "malformed"]
    assert [each.verdict for each in await client.licences(numbers, caller=ANYONE)] == words
    people = await client.practitioners(numbers, caller=ANYONE)
    assert [each.licence.verdict for each in people] == words
    assert [each.number for each in people] == [None, licensed, NEVER_ISSUED, known, licensed, None, None]


async def test_the_public_sees_the_name_of_those_on_the_register_and_of_nobody_else(
    register: Register, client: RegisterClient
) -> None:
    licensed = await client.practitioner(await make_licences.licensed(register), caller=ANYONE)
    known = await client.practitioner(await make.member(register, member_id="2"), caller=ANYONE)
    assert (licensed.given_names, known.given_names, known.family_name) == ("Siân", None, None)


@pytest.mark.parametrize("text", ["x" * 65, "a\nb", "\x00", "\u202e", "\U0010ffff", "x" * 5_000])
async def test_text_that_is_no_number_is_a_verdict_and_spoils_no_batch(
    register: Register, client: RegisterClient, text: str
) -> None:
    numbers = [text, NEVER_ISSUED]
    people = await client.practitioners(numbers, caller=ANYONE)
    licences = await client.licences(numbers, caller=ANYONE)
    assert [each.licence.verdict for each in people] == ["malformed", "never_issued"]
    assert [each.verdict for each in licences] == ["malformed", "never_issued"]


async def test_a_thousand_practitioners_are_answered(register: Register, client: RegisterClient) -> None:
    assert len(await client.practitioners([NEVER_ISSUED] * 1000, caller=ANYONE)) == 1000


async def test_a_refusal_crosses_with_its_code_and_words(register: Register, client: RegisterClient) -> None:
    with pytest.raises(TooLarge) as refused:
        await client.licences([NEVER_ISSUED] * 101, caller=ANYONE)
    rows = {"rows": [{"number": NEVER_ISSUED}] * 101}
    told = (await register.http.post("/v1/verifications", json=rows)).json()
    assert (refused.value.code, refused.value.detail) == (told["code"], told["detail"])


async def test_the_callers_token_counts_there(register: Register, client: RegisterClient) -> None:
    known = Caller(authorization=bearer("checks:write")["Authorization"])
    assert len(await client.licences([NEVER_ISSUED] * 101, caller=known)) == 101
    with pytest.raises(Unauthenticated) as refused:
        await client.licences([NEVER_ISSUED], caller=Caller(authorization="Bearer nonsense"))
    assert refused.value.code == "token-not-valid"


async def test_an_instant_to_come_is_said_to_be_one(register: Register, client: RegisterClient) -> None:
    number = await make_licences.licensed(register)
    found = await client.licence(number, caller=ANYONE, known_at=datetime(2027, 1, 1, tzinfo=UTC))
    assert "known-at-is-in-the-future" in found.reasons
    later = await client.licence(number, caller=ANYONE, valid_at=date(2026, 12, 1))
    assert "valid-at-is-in-the-future" in later.reasons


async def test_the_description_is_had_and_what_is_tried_is_passed_on(
    register: Register,
) -> None:
    transport = httpx.ASGITransport(app=register.app, raise_app_exceptions=False)
    service = Service(Neighbour("register", "http://register.test", transport=transport))
    assert "/v1/licences/{number}" in (await service.description(caller=ANYONE))["paths"]
    number = await make_licences.licensed(register)
    answer = await service.forward(
        "GET", f"/v1/licences/{number}", caller=ANYONE, headers=[], query="valid_at=2026-11-21", body=b""
    )
    assert answer.json()["verdict"] == "licensed"
    with pytest.raises(Malformed):
        await service.forward("GET", "/v1/licences/x", caller=ANYONE, headers=[], query="", body=b"")
