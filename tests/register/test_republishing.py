"""Every public entry can be computed anew, and comes out as the facts have it."""

from services.register.operations.public_entries import republish_everybody
from tests.register import make_licences
from tests.register.conftest import Register
from tests.register.make_licences import verdict


async def test_entries_that_were_spoilt_are_put_right(register: Register) -> None:
    number = await make_licences.licensed(register)
    await register.db.fetch(
        "UPDATE public_entries SET bodies = array_fill('{}'::text, ARRAY[cardinality(bodies)])"
    )
    assert await republish_everybody(register.db, now=register.clock()) == 1
    assert await verdict(register, number) == "licensed"
