"""One verdict, wherever it is asked: by REST, in a batch, in the graph and on the page."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.gateway.front import client_of, make_app
from tests.register import make, make_licences
from tests.register.conftest import Register

NEVER_ISSUED = "CR12345672"
QUERY = """query ($number: String!) {
  licence(number: $number) { verdict sentence }
  practitioner(number: $number) { licence { verdict sentence } }
}"""
HEADINGS = {
    "licensed": "Licensed",
    "suspended": "Suspended",
    "not_licensed": "Not licensed",
    "never_issued": "Nobody has this number",
}


@pytest.fixture
async def gateway(register: Register) -> AsyncIterator[httpx.AsyncClient]:
    """The front of the gateway over the register of this test."""
    transport = httpx.ASGITransport(app=register.app, raise_app_exceptions=False)
    async with client_of(make_app(transport)) as http:
        yield http


async def heard(register: Register, gateway: httpx.AsyncClient, number: str) -> dict[str, tuple[str, str]]:
    """Return the verdict and its sentence by each way of asking."""
    rest = (await register.http.get(f"/v1/licences/{number}")).json()
    batch = (await register.http.post("/v1/verifications", json={"rows": [{"number": number}]})).json()
    asked = {"query": QUERY, "variables": {"number": number}}
    graph = (await gateway.post("/graphql", json=asked)).json()["data"]
    page = (await gateway.get("/check", params={"number": number}, headers={"Accept": "text/html"})).text
    word = next(word for word, heading in HEADINGS.items() if f">{heading}</h1>" in page)
    sentence = page.partition('verdict-says">')[2].partition("</p>")[0]
    said = {
        "batch": batch["items"][0],
        "licence": graph["licence"],
        "through": graph["practitioner"]["licence"],
    }
    if "verdict" in rest:
        said["rest"] = rest
    return {way: (each["verdict"], each["sentence"]) for way, each in said.items()} | {
        "page": (word, sentence)
    }


@pytest.mark.parametrize("state", ["licensed", "suspended", "not_licensed", "never_issued"])
async def test_every_way_of_asking_gives_the_same_answer(
    register: Register, gateway: httpx.AsyncClient, state: str
) -> None:
    number = NEVER_ISSUED
    if state == "not_licensed":
        number = await make.member(register)
    elif state != "never_issued":
        number = await make_licences.licensed(register)
    if state == "suspended":
        assert (await heard(register, gateway, number))["page"][0] == "licensed"
        assert (await make_licences.impose(register, number)).status_code == 201
    ways = await heard(register, gateway, number)
    assert {word for word, _ in ways.values()} == {state}
    assert len(set(ways.values())) == 1
