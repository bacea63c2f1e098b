"""What is declared of the outcomes of CPD audits."""

from typing import Any

from tests.register import make_licences
from tests.register.authorisation.row import Row, at, public
from tests.register.authorisation.world import World
from tests.register.conftest import Register
from tests.register.cpd_outcomes.make import follow, line
from tests.register.cpd_outcomes.test_outcomes import by_policy

ROWS: dict[str, Row] = {
    "listCpdOutcomePolicies": public(),
    "listCpdOutcomes": Row(told={"registrar": 200}),
    "getCpdOutcome": Row(told={"registrar": 200}, **at("/v1/cpd-outcomes/{}", "outcome")),
    "decideCpdOutcome": Row(
        told={"registrar": 201},
        body=lambda _: {"ruling": "no_action", "reasons": "A first time."},
        **at("/v1/cpd-outcomes/{}/decisions", "outcome"),
    ),
}


async def build(register: Register, world: World) -> dict[str, Any]:
    """Have CPD find against somebody, where policy only proposes what follows."""
    number = await make_licences.licensed(register, "cpd-outcome")
    await by_policy(register, consequence="proposal")
    await follow(register, line(1, "audit.failed", number))
    return {"outcome": 1}
