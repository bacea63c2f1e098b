"""I8: a register that gives no answer is unknown: never "not licensed", never "licensed"."""

from typing import Any, get_args

import pytest

from services.gateway.clients.answers import LicenceAnswer, VerdictWord
from services.gateway.clients.register import RegisterClient
from shared.http import NeighbourUnavailable
from tests.gateway.front import NUMBER, FakeRegister, broken_answers, client_of, make_app, verdict

QUERY = """query ($number: String!) {
  licence(number: $number) { verdict }
  practitioner(number: $number) { licence { verdict } }
}"""

each_fault = pytest.mark.parametrize("fault", broken_answers())


async def said(fault: str) -> set[str]:
    """Return every verdict that graph or page gives while the register is ill in one way."""
    app = make_app(FakeRegister(instead=broken_answers()[fault]))
    async with client_of(app) as http:
        asked = {"query": QUERY, "variables": {"number": NUMBER}}
        graph = (await http.post("/graphql", json=asked)).text
        page = (await http.get("/check", params={"number": NUMBER}, headers={"Accept": "text/html"})).text
    words = {word for word in get_args(VerdictWord) if f'"verdict":"{word}"' in graph.replace(" ", "")}
    return words | ({"verdict on the page"} if "We cannot say just now" not in page else set())


@each_fault
async def test_an_ill_register_is_no_verdict_anywhere(fault: str) -> None:
    assert await said(fault) == set()


@pytest.mark.parametrize("word", ["not_licensed", "licensed"])
async def test_a_gateway_that_made_up_a_verdict_would_be_seen(
    monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    """The fault that shows that the question above can be answered otherwise."""
    ask = RegisterClient.licences

    async def made_up(client: RegisterClient, numbers: Any, **how: Any) -> tuple[LicenceAnswer, ...]:
        try:
            return await ask(client, numbers, **how)
        except NeighbourUnavailable:
            return tuple(LicenceAnswer.model_validate(verdict(each, word)) for each in numbers)

    monkeypatch.setattr(RegisterClient, "licences", made_up)
    assert await said("lost") == {word, "verdict on the page"}
