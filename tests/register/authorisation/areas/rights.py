"""What is declared of the rights of a person."""

from typing import Any

from tests.callers import registrar
from tests.register import make
from tests.register.authorisation.row import Row, at, own
from tests.register.authorisation.world import NOBODY, World
from tests.register.conftest import Register

ROWS: dict[str, Row] = {
    "listDisclosures": Row(
        told=own(200, registrar=200),
        place=lambda w: f"/v1/practitioners/{w['number']}/disclosures",
        missing=f"/v1/practitioners/{NOBODY}/disclosures",
    ),
    "exportSubject": Row(
        told=own(201, registrar=201),
        body=lambda w: {"number": w["number"]},
        missing_body=lambda _: {"number": NOBODY},
    ),
    "proposeErasure": Row(
        told={"registrar": 201}, body=lambda w: {"number": w["erasable"], "ground": "objection"}
    ),
    "listErasures": Row(told={"registrar": 200}),
    "getErasure": Row(told={"registrar": 200}, **at("/v1/erasures/{}", "erasure")),
    "decideErasure": Row(
        told={"registrar": 201},
        body=lambda _: {"decision": "declined"},
        **at("/v1/erasures/{}/decisions", "erasure"),
    ),
}


async def build(register: Register, world: World) -> dict[str, Any]:
    """Make two people who may be erased, and propose it of one."""
    ended = {"level": "affiliate", "valid_from": "1990-01-01", "valid_to": "1991-01-01"}
    numbers = [
        await make.member(register, member_id=each, membership=ended, level="affiliate")
        for each in ("erasable", "leaving")
    ]
    body = {"number": numbers[1], "ground": "objection"}
    proposed = await register.http.post("/v1/erasures", json=body, headers=registrar("registrar-one"))
    assert proposed.status_code == 201, proposed.text
    return {"erasable": numbers[0], "erasure": proposed.json()["id"]}
