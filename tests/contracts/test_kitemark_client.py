"""The gateway's client of the kite mark against the real one, and of posts against the real register."""

import httpx

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
