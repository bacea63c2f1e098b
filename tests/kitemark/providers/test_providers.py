"""Providers over HTTP: told, told anew, merged, found; and everything that is refused of them."""

import asyncio

from tests.kitemark.conftest import Kitemark
from tests.kitemark.providers.make_providers import (
    BODY,
    OTHER,
    OTHER_BODY,
    PANEL,
    PROVIDER,
    UKPRN,
    accredit,
    answer,
    events,
    provider,
)


async def test_a_provider_is_told_told_anew_and_keeps_what_was_known(kitemark: Kitemark) -> None:
    first = await provider(kitemark, headers=BODY)
    again = await provider(kitemark, headers=OTHER_BODY)
    before = kitemark.clock.now.isoformat()
    kitemark.clock.now = kitemark.clock.now.replace(hour=12)
    foreign = await provider(kitemark, headers=OTHER_BODY, publicly_funded=False)
    changed = await provider(kitemark, publicly_funded=False)
    stale = await provider(kitemark, headers={**PANEL, "If-Match": first.headers["etag"]}, name="X")
    new = await provider(kitemark, OTHER, headers={**PANEL, "If-Match": first.headers["etag"]})
    statuses = [each.status_code for each in (first, again, foreign, changed, stale, new)]
    assert statuses == [201, 200, 409, 200, 412, 412]
    assert foreign.json()["code"] == "provider-recorded-by-another"
    path = f"/v1/providers/{UKPRN}"
    then = await kitemark.http.get(path, params={"known_at": before})
    assert (then.json()["publicly_funded"], changed.json()["publicly_funded"]) == (True, False)
    same = await kitemark.http.get(path, headers={"If-None-Match": changed.headers["etag"]})
    assert same.status_code == 304
    subject = f"provider:{UKPRN}"
    assert await events(kitemark) == [("provider.recorded", subject), ("provider.changed", subject)]
    lines = await kitemark.db.fetch("SELECT facts::text FROM journal WHERE subject = $1", subject)
    assert not any("Invented" in row["facts"] for row in lines)


async def test_what_a_merged_provider_held_is_said_of_its_successor_and_not_counted(
    kitemark: Kitemark,
) -> None:
    await provider(kitemark)
    await provider(kitemark, OTHER)
    await accredit(kitemark)
    body = {"closed_on": "2026-10-31", "outcome": "merged", "successor": OTHER}
    closed = await kitemark.http.post(f"/v1/providers/{UKPRN}/closing", json=body, headers=PANEL)
    assert closed.status_code == 201
    assert await answer(kitemark, valid_at="2026-10-31") == ("compliant", ["held"])
    assert await answer(kitemark) == ("unknown", ["provider-closed"])
    assert await answer(kitemark, OTHER, valid_at="2026-10-31") == ("not_compliant", ["required-and-missing"])
    said, reasons = await answer(kitemark, OTHER)
    assert (said, "predecessor-accredited" in reasons) == ("unknown", True)
    shown = (await kitemark.http.get(f"/v1/providers/{OTHER}")).json()
    assert shown["took_over"] == [{"ukprn": UKPRN, "closed_on": "2026-10-31", "outcome": "merged"}]
    assert (await events(kitemark))[-1] == ("provider.closed", f"provider:{UKPRN}")


async def test_two_providers_never_merge_into_each_other(kitemark: Kitemark) -> None:
    """The race: each names the other as its successor at the same moment."""
    await provider(kitemark)
    await provider(kitemark, OTHER)
    answers = await asyncio.gather(
        *(
            kitemark.http.post(
                f"/v1/providers/{one}/closing",
                json={"closed_on": "2026-10-31", "outcome": "merged", "successor": other},
                headers=PANEL,
            )
            for one, other in [(UKPRN, OTHER), (OTHER, UKPRN)] * 4
        )
    )
    assert sorted(each.status_code for each in answers)[:2] == [201, 409]
    assert [each for each, _ in await events(kitemark)].count("provider.closed") == 1


async def test_a_provider_that_cannot_be_is_refused(kitemark: Kitemark) -> None:
    await provider(kitemark)
    closing, path = {"closed_on": "2026-10-31"}, f"/v1/providers/{UKPRN}/closing"
    twice = [{"code": "traineeships", "holds": True}, {"code": "traineeships", "holds": False}]

    async def close(**more: str) -> object:
        return await kitemark.http.post(path, json=closing | more, headers=PANEL)

    answers = [
        await provider(kitemark, "1234"),
        await provider(kitemark, name=" "),
        await provider(kitemark, circumstances=twice),
        await provider(kitemark, name="A\x00"),
        await provider(kitemark, sector="charity"),
        await provider(
            kitemark, circumstances=[{"code": "traineeships", "holds": True, "valid_to": "2026-02-31"}]
        ),
        await close(outcome="merged", successor=UKPRN),
        await close(outcome="merged", successor="99990199"),
        await close(outcome="closed", successor="99990101"),
        await close(outcome="closed"),
        await close(outcome="closed"),
        await kitemark.http.get("/v1/providers/99990199"),
        await kitemark.http.get("/v1/providers/99990199/compliance"),
        await kitemark.http.post(
            "/v1/providers/99990199/closing", json=closing | {"outcome": "closed"}, headers=PANEL
        ),
        await kitemark.http.put(f"/v1/providers/{UKPRN}", json=PROVIDER | {"extra": 1}, headers=PANEL),
        await kitemark.http.get(f"/v1/providers/{UKPRN}/compliance", params={"valid": "2026-01-01"}),
    ]
    assert [(each.status_code, each.json().get("code")) for each in answers] == [  # type: ignore[attr-defined]
        (422, "ukprn-malformed"),
        (422, "provider-not-plausible"),
        (422, "provider-not-plausible"),
        (422, "input-not-valid"),
        (422, "input-not-valid"),
        (422, "input-not-valid"),
        (422, "provider-successor-not-possible"),
        (422, "provider-not-known"),
        (422, "provider-not-plausible"),
        (201, None),
        (409, "provider-closed"),
        (404, "no-such-provider"),
        (404, "no-such-provider"),
        (404, "no-such-provider"),
        (422, "input-not-valid"),
        (422, "input-not-valid"),
    ]


async def test_providers_are_found_by_name_area_and_standard_page_by_page(kitemark: Kitemark) -> None:
    await provider(kitemark)
    await provider(kitemark, OTHER, name="100% Careers_", trade_name=None, local_authorities=["302"])
    await accredit(kitemark)
    await accredit(kitemark, "M-2", ukprn=OTHER, valid_to="2026-11-20")

    async def found(**params: str) -> list[str]:
        answer = await kitemark.http.get("/v1/providers", params=params)
        assert answer.status_code == 200, answer.text
        return [each["ukprn"] for each in answer.json()["items"]]

    assert await found() == [UKPRN, OTHER]
    assert await found(name="invented  CAREERS") == [UKPRN]
    assert await found(name="100%") == [OTHER]
    assert await found(name="_") == [OTHER]
    assert await found(local_authority="302") == [OTHER]
    assert await found(accredited_to="matrix") == [UKPRN]
    page = (await kitemark.http.get("/v1/providers", params={"limit": "1"})).json()
    assert await found(after=page["next"]) == [OTHER]
    wrong = await kitemark.http.get("/v1/providers", params={"local_authority": "1"})
    assert wrong.status_code == 422
