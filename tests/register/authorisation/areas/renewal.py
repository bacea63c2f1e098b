"""Who may call the routes of standing over time."""

from datetime import timedelta
from typing import Any

from tests.callers import association, registrar
from tests.register import make_licences
from tests.register.authorisation.row import ASSOCIATIONS, Row, all_of, at, own, public
from tests.register.authorisation.world import NOBODY, World
from tests.register.conftest import Register

CHANGE = {
    "given_names": "Siân",
    "family_name": "Example-Newly",
    "changed_on": "2026-11-20",
    "evidence_reference": "scan 18",
}

ROWS: dict[str, Row] = {
    "listSchemes": public(),
    "renewLicence": Row(
        told=own(201),
        body=lambda _: {"member_id": "renewable"},
        missing_body=lambda _: {"member_id": "nobody"},
    ),
    "listRenewalReminders": Row(told=all_of(ASSOCIATIONS, 200)),
    "getRenewal": Row(told=own(200, registrar=200), **at("/v1/renewals/{}", "renewal")),
    "explainRenewal": Row(
        told=own(200, registrar=200),
        place=lambda world: f"/v1/practitioners/{world['number']}/renewal",
        missing=f"/v1/practitioners/{NOBODY}/renewal",
    ),
    "proposeRestoration": Row(
        told={"registrar": 409},
        body=lambda world: {
            "number": world["number"],
            "application_reference": "letter 1",
            "grounds": "They have changed.",
        },
    ),
    "getRestoration": Row(told={"registrar": 200}, **at("/v1/restorations/{}", "restoration")),
    "decideRestoration": Row(
        told={"registrar": 201},
        body=lambda _: {"decision": "refuse", "reason": "Too early."},
        **at("/v1/restorations/{}/decisions", "restoration"),
    ),
    "recordDeath": Row(
        told={"registrar": 201},
        body=lambda world: {
            "number": world["dying"],
            "died_on": "2026-11-01",
            "evidence_reference": "certificate 1",
        },
    ),
    "proposeDeathCorrection": Row(
        told={"registrar": 409},
        body=lambda world: {
            "number": world["number"],
            "died_on": None,
            "evidence_reference": "letter 3",
            "grounds": "They are alive.",
        },
    ),
    "getDeathCorrection": Row(told={"registrar": 200}, **at("/v1/death-corrections/{}", "correction")),
    "decideDeathCorrection": Row(
        told={"registrar": 201},
        body=lambda _: {"decision": "refuse", "reason": "The certificate is genuine."},
        **at("/v1/death-corrections/{}/decisions", "correction"),
    ),
    "changeName": Row(
        told=own(201, registrar=201),
        body=lambda world: {"number": world["number"], **CHANGE},
        missing_body=lambda _: {"number": NOBODY, **CHANGE},
    ),
}


async def build(register: Register, world: World) -> dict[str, Any]:
    """Make a licence that is due for renewal, one that was renewed, and somebody who is to die.

    Another person's death is recorded, and its correction proposed.
    """
    now = register.clock.now
    register.clock.now = now - timedelta(days=6 * 365)
    removed = await make_licences.licensed(register, "removed")
    await make_licences.impose(register, removed, "removal")
    register.clock.now = now - timedelta(days=340)
    await make_licences.licensed(register, "renewable")
    await make_licences.licensed(register, "renewed")
    dying = await make_licences.licensed(register, "dying")
    dead = await make_licences.licensed(register, "dead")
    register.clock.now = now
    renewed = await register.http.post("/v1/renewals", json={"member_id": "renewed"}, headers=association())
    assert renewed.status_code == 201, renewed.text
    proposed = await register.http.post(
        "/v1/restorations",
        json={"number": removed, "application_reference": "letter 2", "grounds": "Time has passed."},
        headers=registrar("another-registrar"),
    )
    assert proposed.status_code == 201, proposed.text
    death = {"number": dead, "died_on": "2026-11-02", "evidence_reference": "certificate 2"}
    recorded = await register.http.post("/v1/deaths", json=death, headers=registrar())
    assert recorded.status_code == 201, recorded.text
    corrected = await register.http.post(
        "/v1/death-corrections",
        json=death | {"died_on": None, "grounds": "They are alive."},
        headers=registrar("another-registrar"),
    )
    assert corrected.status_code == 201, corrected.text
    return {
        "renewal": renewed.json()["id"],
        "restoration": proposed.json()["id"],
        "dying": dying,
        "correction": corrected.json()["id"],
    }
