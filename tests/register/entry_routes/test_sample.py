"""The sample's routes to entry: one in every state, made once, completed when it was interrupted."""

from services.register.domain.entry_routes.route import RouteStatus
from services.register.operations.entry_routes import sample
from tests.register import make as register_make
from tests.register.conftest import Register


async def test_the_sample_has_a_route_in_every_state_and_is_told_once(register: Register) -> None:
    await register_make.member(register, sample.ASSOCIATION, sample.MEMBER)
    for _ in range(2):
        await sample.load(register.db, now=register.clock.now)
        rows = await register.db.fetch("SELECT status FROM entry_routes ORDER BY id")
        assert len(rows) == len(sample.TALES)
        assert {row["status"] for row in rows} == set(RouteStatus)
