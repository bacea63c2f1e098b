"""Evidence of a school's staff, taken from the real register and the real CPD service; and with them away."""

import httpx

from services.kitemark.clients.advisers import AdvisersClient
from services.kitemark.clients.cpd import CpdClient
from services.kitemark.clients.gateway import GatewayClient, OwnClient
from shared.http import Neighbour
from tests.callers import bearer, token
from tests.cpd.conftest import Cpd, cpd
from tests.cpd.people import member
from tests.kitemark.conftest import Kitemark, kitemark
from tests.register import make_licences
from tests.register.conftest import Register
from tests.register.posts.make_posts import URN, attested, organisation

__all__ = ["cpd", "kitemark"]

SCHOOL = bearer("checks:write", subject="school", urn=URN)
BODY = bearer("awards:write", subject="body", body="a-body")
OTHER = bearer("awards:write", subject="other", body="other-body")
PANEL = bearer("validations:decide", subject="panel")


def gives_tokens() -> httpx.MockTransport:
    """Stand for the gateway: a token of the kite mark's own."""
    access = token("internal", subject="kitemark")
    return httpx.MockTransport(
        lambda _: httpx.Response(200, json={"access_token": access, "expires_in": 600})
    )


def fails() -> httpx.MockTransport:
    """Stand for a neighbour that is away."""

    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("away", request=request)

    return httpx.MockTransport(answer)


def ask(kitemark: Kitemark, register: httpx.AsyncBaseTransport, cpd: httpx.AsyncBaseTransport) -> None:
    """Let the kite mark ask these neighbours."""
    gateway = GatewayClient(
        Neighbour("gateway", "", transport=gives_tokens()),
        "http://gateway.test/oauth/token",
        lambda: OwnClient("kitemark", "a secret"),
    )
    kitemark.app.state.advisers = AdvisersClient(
        Neighbour("register", "http://register.test", transport=register)
    )
    kitemark.app.state.cpd = CpdClient(Neighbour("cpd", "http://cpd.test", transport=cpd), gateway)


async def take(kitemark: Kitemark) -> dict[str, object]:
    answer = await kitemark.http.post("/v1/staff-evidence", json={"for_body": "a-body"}, headers=SCHOOL)
    assert answer.status_code == 201, answer.text
    read: dict[str, object] = answer.json()
    return read


async def test_a_licensed_adviser_with_cpd_in_order_is_evidence_and_whoever_is_away_leaves_it_unknown(
    kitemark: Kitemark, register: Register, cpd: Cpd
) -> None:
    ours = httpx.ASGITransport(app=register.app), httpx.ASGITransport(app=cpd.app)
    ask(kitemark, *ours)
    nobody = await take(kitemark)
    assert (nobody["benchmark_8"], nobody["competent_staff"]) == ("not_shown", "not_shown")
    number = await make_licences.licensed(register)
    await attested(register, number, await organisation(register))
    unheard = await take(kitemark)
    assert (unheard["benchmark_8"], unheard["competent_staff"]) == ("shown", "unknown")
    await member(cpd, number)
    shown = await take(kitemark)
    assert (shown["benchmark_8"], shown["competent_staff"]) == ("shown", "shown")
    assert shown["cpd"] == {"in_order": 1, "not_in_order": 0, "unknown": 0}
    assert number not in str(shown)
    ask(kitemark, ours[0], fails())
    half = await take(kitemark)
    assert (half["benchmark_8"], half["competent_staff"]) == ("shown", "unknown")
    ask(kitemark, fails(), ours[1])
    none = await take(kitemark)
    assert (none["benchmark_8"], none["competent_staff"], none["advisers"]) == ("unknown", "unknown", None)
    said = [(each["source"], each["answered"]) for each in half["provenance"]]  # type: ignore[attr-defined]
    assert said == [("register", True), ("cpd", False)]
    lines = await kitemark.db.fetch(
        "SELECT subject, facts::text FROM journal WHERE event = 'staff-evidence.taken'"
    )
    assert len(lines) == 5
    assert {line["subject"] for line in lines} == {f"school:{URN}"}
    assert not any(number in line["facts"] or "competent" in line["facts"] for line in lines)


async def test_evidence_is_read_by_its_school_the_body_it_named_and_the_panel(kitemark: Kitemark) -> None:
    ask(kitemark, fails(), fails())
    path = f"/v1/staff-evidence/{(await take(kitemark))['id']}"
    told = [(await kitemark.http.get(path, headers=each)).status_code for each in (SCHOOL, BODY, PANEL)]
    others = [(await kitemark.http.get(path, headers=each)).status_code for each in (OTHER, {})]
    assert (told, others) == ([200, 200, 200], [404, 401])
    unclaimed = bearer("checks:write", subject="no-claim")
    refused = await kitemark.http.post("/v1/staff-evidence", json={}, headers=unclaimed)
    assert (refused.status_code, refused.json()["code"]) == (403, "school-missing")
