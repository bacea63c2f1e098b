"""A sanction reaches every association of the person; it is acknowledged, or escalates."""

import asyncio

import asyncpg
import pytest

from services.register.operations import integrity
from services.register.operations.alerts import acknowledgements
from services.register.storage.conduct import alerts
from shared.actor import Actor
from shared.journal import Record
from tests.callers import association, registrar
from tests.register import make
from tests.register.conduct import make as conduct
from tests.register.conftest import Register
from tests.register.make_licences import apply, impose, licensed, lift

BORN = {"given_names": "Siân", "date_of_birth": "1980-02-29"}
FAMILY = make.family_name("ICG", "1")
ACEG = association("ACEG")


async def join(register: Register, number: str, body: str = "ACEG", **membership: str) -> None:
    """Make somebody on the register a member of another association too."""
    answer = await make.put_member(
        register, body, "2", family_name=FAMILY, registration_number=number, membership=membership
    )
    assert answer.status_code == 201, answer.text


async def told(register: Register, headers: dict[str, str], **query: str) -> list[tuple[str, str]]:
    """Return the occasion and kind of the alerts that a caller sees."""
    answer = await register.http.get("/v1/alerts", params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    return [(each["occasion"], each["kind"]) for each in answer.json()["items"]]


async def acknowledge(register: Register, alert_id: int, headers: dict[str, str]) -> tuple[int, str | None]:
    """Acknowledge an alert and return status and code."""
    answer = await register.http.post(f"/v1/alerts/{alert_id}/acknowledgements", headers=headers)
    return answer.status_code, answer.json().get("code")


async def test_a_sanction_alerts_each_association_once_and_so_does_its_lifting(register: Register) -> None:
    number = await licensed(register)
    await join(register, number)
    await join(register, number, "NAEGA", valid_to="2025-01-01")
    sanction = (await impose(register, number, "interim_suspension")).json()
    assert (
        await told(register, conduct.ICG) == await told(register, ACEG) == [("imposed", "interim_suspension")]
    )
    assert await told(register, association("NAEGA")) == []
    (alert,) = (await register.http.get("/v1/alerts", headers=ACEG)).json()["items"]
    assert (alert["number"], alert["due_on"], alert["valid_to"]) == (number, "2026-11-28", None)
    assert "Case 4711" not in str(alert)
    assert await acknowledge(register, alert["id"], conduct.ICG) == (404, "no-such-alert")
    assert await acknowledge(register, alert["id"], ACEG) == (201, None)
    assert await acknowledge(register, alert["id"], ACEG) == (409, "alert-already-acknowledged")
    assert (await make.journal(register))[-1] == ("alert.acknowledged", f"alert:{alert['id']}")
    assert (await lift(register, sanction["id"])).status_code == 201
    assert await told(register, ACEG, acknowledged="false") == [("lifted", "interim_suspension")]
    assert len(await told(register, registrar())) == 4
    assert {number} & {
        subject for event, subject in await make.journal(register) if "alert" in event
    } == set()
    assert await integrity.check(register.db, now=register.clock.now) == []


async def test_an_alert_that_nobody_acknowledges_escalates_once(register: Register) -> None:
    number = await licensed(register)
    await impose(register, number, "suspension")
    conduct.pass_days(register, 7)
    assert await acknowledgements.escalate(register.db, now=register.clock.now) == 0
    conduct.pass_days(register, 1)
    runs = [acknowledgements.escalate(register.db, now=register.clock.now) for _ in range(3)]
    alert = (await register.http.get("/v1/alerts", headers=conduct.ICG)).json()["items"][0]["id"]
    *escalated, acknowledged = await asyncio.gather(*runs, acknowledge(register, alert, conduct.ICG))
    assert acknowledged == (201, None)
    events = await make.events(register)
    assert sum(escalated) == events.count("alert.escalated") <= 1
    assert len(await told(register, registrar(), escalated="true")) == sum(escalated)
    assert await integrity.check(register.db, now=register.clock.now) == []


async def test_whoever_is_barred_alerts_a_new_association_at_once_and_is_not_admitted_by_it(
    register: Register,
) -> None:
    number = await licensed(register)
    await impose(register, number, "suspension")
    await join(register, number)
    assert await told(register, ACEG) == [("imposed", "suspension")]
    conduct.pass_days(register, 400)
    for member in ("1", "2"):
        body = "ICG" if member == "1" else "ACEG"
        answer = await apply(register, member, association=body)
        assert (answer.status_code, answer.json()["code"]) == (409, "suspension-stands")


@pytest.mark.parametrize("kind", ["interim_suspension", "suspension"])
async def test_a_suspension_after_the_application_refuses_the_admission(
    register: Register, kind: str
) -> None:
    number = await licensed(register)
    conduct.pass_days(register, 400)
    application = await apply(register)
    assert application.status_code == 201
    assert (await impose(register, number, kind)).status_code == 201
    answer = await register.http.post(
        f"/v1/applications/{application.json()['id']}/decisions",
        json={"outcome": "admitted", "reasons": ["Seen."]},
        headers=registrar("registrar-two"),
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "suspension-stands")


async def test_a_merge_alerts_the_associations_of_both_records(register: Register) -> None:
    same = {**BORN, "family_name": "Twice"}
    number = await licensed(register, **same)
    await make.member(register, "ACEG", "2", **same)
    await impose(register, number, "removal")
    assert await told(register, ACEG) == []
    (found,) = (await register.http.get("/v1/possible-duplicates", headers=registrar())).json()["items"]
    answer = await register.http.post(
        f"/v1/possible-duplicates/{found['id']}/decisions",
        json={"outcome": "same_person", "reason": "One certificate."},
        headers=registrar("registrar-two"),
    )
    assert answer.status_code == 201
    assert await told(register, ACEG) == [("imposed", "removal")]
    assert await told(register, conduct.ICG) == [("imposed", "removal")]


async def test_the_database_itself_refuses_an_acknowledgement_for_another_association(
    register: Register,
) -> None:
    """The service's own check is left out here; without the policy, the fault goes through."""
    await impose(register, await licensed(register))

    async def acknowledge_as(actor: Actor) -> int:
        record = Record(actor=actor, at=register.clock.now, event="alert.acknowledged", subject="x", facts={})
        async with register.db.transaction(actor) as tx:
            await alerts.acknowledge(tx, 1, record=record)
        rows = await register.db.fetch("SELECT count(acknowledged_at) FROM alerts")
        return int(rows[0][0])

    stranger = Actor(subject="aceg-system", client_id="aceg", association="ACEG")
    assert await acknowledge_as(stranger) == 0
    owner = await asyncpg.connect(register.urls.owner.replace("+asyncpg", ""))
    await owner.execute("ALTER TABLE alerts DISABLE ROW LEVEL SECURITY")
    await owner.close()
    assert await acknowledge_as(stranger) == 1
