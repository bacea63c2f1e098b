"""Evidence of a school's staff, taken from the real register and the real CPD service; and with them away."""

from typing import Any

import httpx

from services.kitemark.app import create_app
from tests.callers import bearer, issuer_transport, token
from tests.cpd.conftest import Cpd, cpd
from tests.cpd.people import member
from tests.kitemark.conftest import Kitemark, kitemark, settings
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


async def take(
    kitemark: Kitemark, register: httpx.AsyncBaseTransport, cpd: httpx.AsyncBaseTransport
) -> dict[str, Any]:
    """Take evidence in a service put together as it always is, with these neighbours."""
    neighbours = {"register": register, "cpd": cpd, "gateway": gives_tokens(), "issuers": issuer_transport()}
    app = create_app(settings(kitemark.urls.app), clock=kitemark.clock, transports=neighbours)
    try:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://kitemark.test") as http:
            answer = await http.post("/v1/staff-evidence", json={"for_body": "a-body"}, headers=SCHOOL)
    finally:
        await app.state.db.close()
    assert answer.status_code == 201, answer.text
    read: dict[str, Any] = answer.json()
    return read


async def test_a_licensed_adviser_with_cpd_in_order_is_evidence_and_whoever_is_away_leaves_it_unknown(
    kitemark: Kitemark, register: Register, cpd: Cpd
) -> None:
    ours = httpx.ASGITransport(app=register.app), httpx.ASGITransport(app=cpd.app)
    nobody = await take(kitemark, *ours)
    assert (nobody["benchmark_8"], nobody["competent_staff"]) == ("not_shown", "not_shown")
    number = await make_licences.licensed(register)
    await attested(register, number, await organisation(register))
    unheard = await take(kitemark, *ours)
    assert (unheard["benchmark_8"], unheard["competent_staff"]) == ("shown", "unknown")
    await member(cpd, number)
    shown = await take(kitemark, *ours)
    assert (shown["benchmark_8"], shown["competent_staff"]) == ("shown", "shown")
    assert shown["cpd"] == {"in_order": 1, "not_in_order": 0, "unknown": 0}
    assert number not in str(shown)
    half = await take(kitemark, ours[0], fails())
    assert (half["benchmark_8"], half["competent_staff"]) == ("shown", "unknown")
    none = await take(kitemark, fails(), ours[1])
    assert (none["benchmark_8"], none["competent_staff"], none["advisers"]) == ("unknown", "unknown", None)
    said = [(each["source"], each["answered"]) for each in half["provenance"]]
    assert said == [("register", True), ("cpd", False)]
    lines = await kitemark.db.fetch(
        "SELECT subject, facts::text FROM journal WHERE event = 'staff-evidence.taken'"
    )
    assert len(lines) == 5
    assert {line["subject"] for line in lines} == {f"school:{URN}"}
    assert not any(number in line["facts"] or "competent" in line["facts"] for line in lines)


async def test_evidence_is_read_by_its_school_the_body_it_named_and_the_panel(kitemark: Kitemark) -> None:
    path = f"/v1/staff-evidence/{(await take(kitemark, fails(), fails()))['id']}"
    told = [(await kitemark.http.get(path, headers=each)).status_code for each in (SCHOOL, BODY, PANEL)]
    others = [(await kitemark.http.get(path, headers=each)).status_code for each in (OTHER, {})]
    assert (told, others) == ([200, 200, 200], [404, 401])
    unclaimed = bearer("checks:write", subject="no-claim")
    refused = await kitemark.http.post("/v1/staff-evidence", json={}, headers=unclaimed)
    assert (refused.status_code, refused.json()["code"]) == (403, "school-missing")
