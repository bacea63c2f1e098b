"""The sample of a development machine: every kind of person shows a standing, and it is made once."""

from services.cpd.operations.sample import load_sample
from tests.cpd import make
from tests.cpd.conftest import Cpd
from tests.cpd.people import ANN, BEA, CIM, DEE, member


async def test_the_sample_waits_for_the_people_is_made_once_and_shows_the_standings(cpd: Cpd) -> None:
    for who in (ANN, BEA, CIM):
        await member(cpd, who)
    await load_sample(cpd.db, now=cpd.clock())
    assert await make.events(cpd) == []
    await member(cpd, DEE, level="associate")
    await load_sample(cpd.db, now=cpd.clock())
    written = await make.events(cpd)
    await load_sample(cpd.db, now=cpd.clock())
    assert await make.events(cpd) == written
    shown = [(await make.standing(cpd, who))["standing"] for who in (ANN, BEA, CIM, DEE)]
    assert shown == ["met", "on_track", "deferred", "declared"]
