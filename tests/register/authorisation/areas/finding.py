"""What is declared of the routes by which people are found, or not."""

from typing import Any

from tests.callers import registrar
from tests.register.authorisation.callers import EVERYONE
from tests.register.authorisation.row import REGISTRAR, Row, all_of, at, public, reason
from tests.register.authorisation.world import World
from tests.register.conftest import Register

ROWS: dict[str, Row] = {
    "listLanguages": public(),
    "listClientGroups": public(),
    "findPractitioners": Row(told=all_of(EVERYONE, 200), params={"q": "Example"}),
    "unlistEntry": Row(
        told={"registrar": 201}, body=lambda w: {"number": w["number"], "reason": "Somebody follows them."}
    ),
    "getUnlisting": Row(told={"registrar": 200}, **at("/v1/unlistings/{}", "unlisting")),
    "listUnlistings": Row(told=all_of(REGISTRAR, 200)),
    "liftUnlisting": Row(
        told={"registrar": 201}, body=reason, **at("/v1/unlistings/{}/lifting", "unlisting")
    ),
}


async def build(register: Register, world: World) -> dict[str, Any]:
    """Make an unlisting."""
    answer = await register.http.post(
        "/v1/unlistings",
        json={"number": world["leaver"], "reason": "Somebody follows them."},
        headers=registrar(),
    )
    assert answer.status_code == 201, answer.text
    return {"unlisting": answer.json()["id"]}
