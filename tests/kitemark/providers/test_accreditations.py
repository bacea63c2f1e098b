"""Accreditations over HTTP: told one by one, in batches and as a file that is refreshed."""

import asyncio

from tests.kitemark.conftest import Kitemark
from tests.kitemark.providers.make_providers import (
    ACCREDITATION,
    BODY,
    KEEPER,
    OTHER,
    OTHER_BODY,
    PANEL,
    UKPRN,
    accredit,
    answer,
    events,
    provider,
    send_file,
)


async def test_an_accreditation_is_told_changed_withdrawn_and_answers_as_it_was_known(
    kitemark: Kitemark,
) -> None:
    await provider(kitemark)
    assert await answer(kitemark) == ("not_compliant", ["required-and-missing"])
    first = await accredit(kitemark)
    again = await accredit(kitemark)
    repeated = await send_file(kitemark, f"M-1,{UKPRN},,matrix,,2025-01-01,2027-12-31,")
    assert repeated.json()["rows"][0]["outcome"] == "unchanged"
    before = kitemark.clock.now.isoformat()
    assert await answer(kitemark) == ("compliant", ["held"])
    kitemark.clock.now = kitemark.clock.now.replace(hour=12)
    withdrawn = await accredit(kitemark, withdrawn_on="2026-11-21")
    assert [each.status_code for each in (first, again, withdrawn)] == [201, 200, 200]
    assert await answer(kitemark) == ("not_compliant", ["required-and-missing"])
    assert await answer(kitemark, valid_at="2026-11-20") == ("compliant", ["held"])
    assert await answer(kitemark, known_at=before) == ("compliant", ["held"])
    read = await kitemark.http.get(
        first.headers["location"], headers={"If-None-Match": withdrawn.headers["etag"]}
    )
    assert read.status_code == 304
    subject = f"provider:{UKPRN}"
    assert await events(kitemark) == [
        ("provider.recorded", subject),
        ("accreditation.recorded", subject),
        ("accreditation-file.read", f"accreditation-file:{KEEPER}:2026-11-20"),
        ("accreditation.changed", subject),
    ]


async def test_an_accreditation_that_cannot_be_or_is_not_yours_is_refused(kitemark: Kitemark) -> None:
    await provider(kitemark)
    await provider(kitemark, OTHER)
    held = await accredit(kitemark)
    answers = [
        await accredit(kitemark, headers=OTHER_BODY),
        await accredit(kitemark, keeper="other-body", headers=OTHER_BODY),
        await accredit(kitemark, "M-2", standard="none"),
        await accredit(kitemark, "M-2", ukprn="99990199"),
        await accredit(kitemark, "M-2", ukprn="1"),
        await accredit(kitemark, ukprn=OTHER),
        await accredit(kitemark, "M-2", valid_from="2002-01-31"),
        await accredit(kitemark, "M-2", valid_from="2026-02-31"),
        await accredit(kitemark, "M-2", source=""),
        await accredit(kitemark, headers={**BODY, "If-Match": '"old"'}, source="X"),
        await kitemark.http.get(f"/v1/accreditations/by-external-id/{KEEPER}/M-2"),
    ]
    assert held.status_code == 201
    assert [(each.status_code, each.json()["code"]) for each in answers] == [
        (404, "no-such-accreditation"),
        (403, "standard-not-yours"),
        (422, "standard-not-known"),
        (422, "provider-not-known"),
        (422, "ukprn-malformed"),
        (409, "accreditation-of-another-provider"),
        (422, "accreditation-not-plausible"),
        (422, "input-not-valid"),
        (422, "input-not-valid"),
        (412, "changed-since-read"),
        (404, "no-such-accreditation"),
    ]
    assert [event for event, _ in await events(kitemark)].count("accreditation.recorded") == 1


async def test_a_batch_answers_item_by_item_and_all_or_nothing_means_it(kitemark: Kitemark) -> None:
    await provider(kitemark)
    good = ACCREDITATION | {"accreditation_id": "M-1"}
    items = [good, good, good | {"accreditation_id": "M-2", "ukprn": "99990199"}, {"accreditation_id": 7}]
    body = {"keeper": KEEPER, "items": items}
    path = "/v1/accreditations/batch"
    nothing = await kitemark.http.post(path, json=body | {"all_or_nothing": True}, headers=BODY)
    assert (nothing.status_code, nothing.json()["code"]) == (422, "batch-not-written")
    assert [each["pointer"] for each in nothing.json()["errors"]] == ["/items/1", "/items/2", "/items/3"]
    key = {**BODY, "Idempotency-Key": "one"}
    some = await kitemark.http.post(path, json=body, headers=key)
    again = await kitemark.http.post(path, json=body, headers=key)
    assert [each["status"] for each in some.json()["results"]] == [201, 422, 422, 422]
    assert again.content == some.content
    assert [event for event, _ in await events(kitemark)].count("accreditation.recorded") == 1


async def test_a_file_is_tried_read_refreshed_and_what_is_missing_is_reported_not_ended(
    kitemark: Kitemark,
) -> None:
    await provider(kitemark)
    one = f"M-1,{UKPRN},,matrix,matrix-2021,01-01-2025,31-12-2027,"
    two = "M-2,99990103,Named by the file,matrix,,2025-01-01,,"
    bad = "M-3,99990104,,matrix,,31-02-2026,,"
    unknown = "M-4,99990105,,matrix,,2025-01-01,,"
    tried = await send_file(kitemark, one, two, bad, unknown, dry_run="true")
    assert await events(kitemark) == [("provider.recorded", f"provider:{UKPRN}")]
    done = await send_file(kitemark, one, two, bad, unknown)
    assert tried.json() | {"dry_run": False} == done.json()
    assert [each["outcome"] for each in done.json()["rows"]] == ["recorded", "recorded", "refused", "refused"]
    assert "no day of the calendar" in done.json()["rows"][2]["problem"]
    named = (await kitemark.http.get("/v1/providers/99990103")).json()
    assert (named["name"], named["sector"], named["publicly_funded"]) == ("Named by the file", None, None)
    assert await answer(kitemark, "99990103", valid_at="2026-11-20") == ("compliant", ["held"])
    assert (await answer(kitemark, "99990103"))[0] == "unknown"
    before = await events(kitemark)
    again = await send_file(kitemark, one, two, bad, unknown)
    assert (again.json()["counts"]["unchanged"], await events(kitemark)) == (2, before)
    refreshed = await send_file(kitemark, two, as_of="2026-11-21")
    assert refreshed.json()["counts"] == {
        "recorded": 0, "changed": 1, "unchanged": 0, "refused": 0, "missing": 1
    }  # fmt: skip
    assert refreshed.json()["missing"] == [{"accreditation_id": "M-1", "ukprn": UKPRN, "standard": "matrix"}]
    assert await answer(kitemark) == ("compliant", ["held"])
    kept = await kitemark.http.get(f"/v1/accreditation-files/{KEEPER}/2026-11-21", headers=BODY)
    assert kept.json() == refreshed.json()
    assert (await events(kitemark))[-1] == (
        "accreditation-file.read",
        f"accreditation-file:{KEEPER}:2026-11-21",
    )


async def test_a_file_that_cannot_be_read_or_is_not_yours_changes_nothing(kitemark: Kitemark) -> None:
    row = f"M-1,{UKPRN},A,matrix,,2025-01-01,2027-12-31,"
    await send_file(kitemark, row)
    before = await events(kitemark)
    plain = {**BODY, "Content-Type": "application/json"}
    answers = [
        await send_file(kitemark, row, as_of="2026-11-19"),
        await send_file(kitemark, row, as_of="2026-11-22"),
        await send_file(kitemark, row, as_of="2026-02-31"),
        await send_file(kitemark, row, headers=OTHER_BODY),
        await send_file(kitemark, 'M-1,"cut in ha'),
        await kitemark.http.put(f"/v1/accreditation-files/{KEEPER}/2026-11-20", content=b"x", headers=plain),
        await kitemark.http.get(f"/v1/accreditation-files/{KEEPER}/2026-11-01", headers=PANEL),
    ]
    assert [(each.status_code, each.json()["code"]) for each in answers] == [
        (409, "accreditation-file-older"),
        (422, "accreditation-file-of-the-future"),
        (422, "input-not-valid"),
        (404, "no-such-accreditation"),
        (422, "accreditation-file-not-readable"),
        (400, "file-not-csv"),
        (404, "no-such-accreditation"),
    ]
    assert await events(kitemark) == before


async def test_one_told_at_the_same_moment_by_file_and_by_hand_is_recorded_once(kitemark: Kitemark) -> None:
    """The race: a list has one writer at a time."""
    await provider(kitemark)
    row = f"M-1,{UKPRN},,matrix,,2025-01-01,2027-12-31,"
    answers = await asyncio.gather(
        *(accredit(kitemark, headers=PANEL, source=f"list of {KEEPER}") for _ in range(4)),
        *(send_file(kitemark, row) for _ in range(4)),
    )
    assert {each.status_code for each in answers} <= {200, 201}
    told = [event for event, _ in await events(kitemark)]
    assert (told.count("accreditation.recorded"), told.count("accreditation.changed")) == (1, 0)
    rows = await kitemark.db.fetch("SELECT count(*) AS n FROM accreditations")
    assert rows[0]["n"] == 1
