"""The gateway's client of the kite mark against the real one, and of posts against the real register."""

import httpx
import pytest

from services.gateway.clients import reference, schemes
from services.gateway.clients.caller import Caller
from services.gateway.clients.kitemark import KitemarkClient
from services.gateway.clients.register import RegisterClient
from services.gateway.clients.upstream import Service
from services.kitemark.operations.awards import sample
from shared.http import Neighbour
from tests.kitemark.conftest import Kitemark
from tests.register.conftest import Register

ANYONE = Caller()


async def test_marks_and_compliance_are_read_in_order(kitemark: Kitemark) -> None:
    await sample.load_sample(kitemark.db, now=kitemark.clock())
    transport = httpx.ASGITransport(app=kitemark.app, raise_app_exceptions=False)
    client = KitemarkClient(Service(Neighbour("kitemark", "http://kitemark.test", transport=transport)))
    marks = await client.marks([sample.FULL, "nonsense", "999907"], caller=ANYONE)
    assert [each.mark for each in marks] == ["fully_meets", None, "none"]
    assert marks[1].problem is not None
    assert marks[0].journal_position
    before = await client.marks([sample.FULL], caller=ANYONE, valid_at=sample.FIRST)
    assert before[0].mark == "none"
    (nobody,) = await client.compliances(["10000001"], caller=ANYONE)
    assert (nobody.answer, nobody.name) == ("unknown", None)


async def test_what_is_published_of_the_awards_is_read_whole(
    kitemark: Kitemark, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reference, "MOST_AT_ONCE", 5)
    transport = httpx.ASGITransport(app=kitemark.app, raise_app_exceptions=False)
    service = Service(Neighbour("kitemark", "http://kitemark.test", transport=transport))
    found = await schemes.published(service, caller=ANYONE)
    assert found.schemes["QICS"].owner == "CONSORTIUM"
    assert {each.owner for each in found.schemes.values()} <= found.bodies.keys()
    assert {each.scheme for each in (*found.validations, *found.authorities)} <= found.schemes.keys()
    assert found.sources["W7"].title
    assert found.policies[0].lapse == "awards_last"


async def test_posts_are_read_of_numbers_and_schools(register: Register) -> None:
    transport = httpx.ASGITransport(app=register.app, raise_app_exceptions=False)
    client = RegisterClient(Service(Neighbour("register", "http://register.test", transport=transport)))
    found = await client.posts(
        caller=ANYONE,
        numbers=["CR00000001"],
        urns=["100001"],
        known_at=register.clock(),
        valid_at=register.clock().date(),
    )
    assert found == ((), ())
