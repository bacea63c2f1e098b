"""The gateway's client of CPD against the real CPD."""

import httpx
import pytest

from services.gateway.clients.caller import Caller
from services.gateway.clients.cpd import CpdClient
from services.gateway.clients.upstream import Service
from shared.errors import Unauthenticated
from shared.http import Neighbour
from tests.callers import bearer
from tests.cpd.conftest import Cpd
from tests.cpd.people import ANN, member, number

READER = Caller(authorization=bearer("people:read")["Authorization"])


def client(cpd: Cpd) -> CpdClient:
    transport = httpx.ASGITransport(app=cpd.app, raise_app_exceptions=False)
    return CpdClient(Service(Neighbour("cpd", "http://cpd.test", transport=transport)))


async def test_standings_are_read_in_order_with_both_axes(cpd: Cpd) -> None:
    await member(cpd)
    asked = [number(999), ANN]
    nobody, ann = await client(cpd).standings(asked, caller=READER)
    assert nobody.problem is not None
    assert nobody.problem.code == "no-such-member"
    assert ann.standing is not None
    assert ann.problem is None
    before = await client(cpd).standings([ANN], caller=READER, known_at=cpd.clock().replace(year=2020))
    assert before[0].problem is not None


async def test_a_standing_is_kept_from_who_has_no_token(cpd: Cpd) -> None:
    with pytest.raises(Unauthenticated):
        await client(cpd).standings([ANN], caller=Caller())
