"""What was withdrawn on its very first day never held, and what was known of it stays readable."""

import asyncio
from datetime import UTC, datetime

import asyncpg
import pytest

from services.kitemark.operations import integrity
from shared.postgres.urls import asyncpg_dsn
from tests.kitemark.awards.test_awards import mark, put
from tests.kitemark.conftest import Kitemark
from tests.kitemark.make import PANEL, award_body, decided, events

WHY = {"reason": "The licence was withdrawn on the day on which it began."}
NEW = {"body": "STOKE", "scheme": "QICS", "valid_from": "2026-11-21", "source": "Panel 9"}
STOKE = award_body("STOKE")
PATH = "/v1/awards/by-external-id/STOKE/A-1"


async def authorised(kitemark: Kitemark, known_at: str | None = None) -> list[str]:
    params = {"known_at": known_at} if known_at else {}
    items = (await kitemark.http.get("/v1/authorities", params=params)).json()["items"]
    return [each["valid_from"] for each in items if each["body"] == "STOKE" and each["scheme"] == "QICS"]


async def test_an_authority_withdrawn_on_its_first_day_never_held(kitemark: Kitemark) -> None:
    before = await authorised(kitemark)
    id_ = (await decided(kitemark, "/v1/authorities", NEW)).json()["recorded"]
    assert (await put(kitemark, PATH, STOKE, valid_from="2026-11-21")).status_code == 201
    assert (await mark(kitemark))["mark"] == "fully_meets"
    kitemark.clock.now = datetime(2026, 11, 21, 15, tzinfo=UTC)
    proposed = await kitemark.http.post(f"/v1/authorities/{id_}/annulment", json=WHY, headers=PANEL)
    assert (proposed.json()["kind"], proposed.json()["source"]) == ("authority_annulment", WHY["reason"])
    own = await kitemark.http.post(f"{proposed.headers['location']}/confirmation", json={}, headers=PANEL)
    assert own.json()["code"] == "proposer-may-not-decide"
    assert await authorised(kitemark) == [*before, "2026-11-21"]
    done = await decided(kitemark, f"/v1/authorities/{id_}/annulment", WHY)
    assert (done.status_code, done.json()["recorded"]) == (201, id_)
    assert await authorised(kitemark) == before
    assert await authorised(kitemark, "2026-11-21T10:00:00Z") == [*before, "2026-11-21"]
    found = await mark(kitemark)
    assert (found["mark"], found["chain"][0]["reason"]) == ("none", "body-not-authorised-when-given")
    assert (await mark(kitemark, known_at="2026-11-21T10:00:00Z"))["mark"] == "fully_meets"
    assert (await put(kitemark, PATH, STOKE, valid_from="2026-11-21", certificate="C")).status_code == 422
    assert (await decided(kitemark, f"/v1/authorities/{id_}/annulment", WHY)).json()[
        "code"
    ] == "no-such-standing"
    # Its days are free for another.
    assert (await decided(kitemark, "/v1/authorities", NEW)).json()["state"] == "confirmed"
    assert "authority.annulled" in await events(kitemark)
    assert await integrity.check(kitemark.db) == []


async def test_a_validation_is_annulled_too_and_no_fact_begins_as_one_that_never_held(
    kitemark: Kitemark,
) -> None:
    wanted = {"scheme": "SHEFFIELD", "valid_from": "2026-11-21", "source": "Panel 9"}
    id_ = (await decided(kitemark, "/v1/validations", wanted)).json()["recorded"]
    kitemark.clock.now = datetime(2026, 11, 21, 15, tzinfo=UTC)
    assert (await decided(kitemark, f"/v1/validations/{id_}/annulment", WHY)).status_code == 201
    items = (await kitemark.http.get("/v1/validations")).json()["items"]
    assert "SHEFFIELD" not in {each["scheme"] for each in items}
    kitemark.clock.now = datetime(2026, 11, 21, 16, tzinfo=UTC)
    assert (await decided(kitemark, "/v1/validations", wanted)).json()["state"] == "confirmed"
    app = await asyncpg.connect(asyncpg_dsn(kitemark.urls.app))
    for statement, constraint in (
        ("'[2026-11-21,)', false", "validations_no_overlap"),
        ("'empty', false", "validations_valid_check"),
        ("'[2026-11-21,)', true", "validations_never_held"),
    ):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError, match=constraint):
            await app.execute(
                "INSERT INTO validations (subject, known, decision, source, decided_by, valid, never_held)"
                f" VALUES ('SHEFFIELD', tstzrange(now(), NULL), 'validated', 'x', 'system:x', {statement})"
            )
    await app.close()


async def test_an_award_is_told_before_its_authority_is_annulled_or_refused(kitemark: Kitemark) -> None:
    id_ = (await decided(kitemark, "/v1/authorities", NEW)).json()["recorded"]
    told, annulled = await asyncio.gather(
        put(kitemark, PATH, STOKE, valid_from="2026-11-21"),
        decided(kitemark, f"/v1/authorities/{id_}/annulment", WHY),
    )
    assert annulled.status_code == 201
    assert told.status_code in (201, 422)
    assert (await mark(kitemark))["mark"] == "none"
    assert await integrity.check(kitemark.db) == []
