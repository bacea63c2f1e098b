"""The scale and nature of CPD over HTTP: as of a day, exact for some, without small counts for all."""

from datetime import timedelta
from typing import Any

from shared.clock import rfc3339
from tests.cpd import make
from tests.cpd.conftest import Cpd
from tests.cpd.make import AUDITOR, cpd_system
from tests.cpd.people import ANN, DEE, member, number, tell

SIX = [number(serial) for serial in range(11, 17)]
SCALE, PARTICIPATION = "/v1/reports/scale-and-nature", "/v1/reports/participation"


async def lines(
    cpd: Cpd, path: str = SCALE, headers: dict[str, str] | None = None, **params: str
) -> list[tuple[Any, ...]]:
    """Return the lines of a report."""
    answer = await cpd.http.get(path, params=params, headers=headers)
    assert answer.status_code == 200, answer.text
    return [tuple(line.values()) for line in answer.json()["lines"]]


async def a_year(cpd: Cpd) -> None:
    """Let six professionals and one associate do something in one association, and one in another."""
    for place, who in enumerate(SIX):
        await member(cpd, who)
        await make.put(cpd, f"S-{place}", number=who, hours=2.25, approaches=["course"], specialisms=[])
    await member(cpd, level="associate")
    await make.put(cpd, "A-1", hours=3, approaches=["course", "reading"], specialisms=["stem"])
    await member(cpd, DEE, association="ACEG")
    await make.put(
        cpd, "D-1", association="ACEG", number=DEE, hours=1, approaches=["mentoring"], kind="informal"
    )


async def test_what_was_done_is_counted_by_everything_that_cpd_knows(cpd: Cpd) -> None:
    await a_year(cpd)
    # Planned, voided and older entries are no part of it.
    await make.put(cpd, "P-1", status="planned", title="To come")
    await make.put(cpd, "O-1", started_on="2025-11-21", done_on="2025-11-21", title="Old")
    voided = await make.put(cpd, "V-1", title="Wrong")
    await make.post(cpd, f"/v1/entries/{voided.json()['id']}/voiding", {"reason": "Wrong."})
    expected = {
        "association": [("ACEG", 1, 1, 1), ("ICG", 7, 7, 16.5)],
        "level": [("associate", 1, 1, 3), ("professional", 7, 7, 14.5)],
        "kind": [("formal", 7, 7, 16.5), ("informal", 1, 1, 1)],
        "approach": [("course", 7, 7, 16.5), ("mentoring", 1, 1, 1), ("reading", 1, 1, 3)],
        "standard": [("NOS02", 8, 8, 17.5)],
        "specialism": [("lmi", 1, 1, 1), ("stem", 1, 1, 3), ("unknown", 6, 6, 13.5)],
    }
    for by, counted in expected.items():
        assert await lines(cpd, headers=AUDITOR, by=by) == counted, by
    # Two numbers of one person are one person, and were two before that was known.
    cpd.clock.now += timedelta(hours=1)
    known_at = rfc3339(cpd.clock())
    cpd.clock.now += timedelta(hours=1)
    await tell(cpd, "people.merged", DEE, kept_number=ANN)
    assert await lines(cpd, headers=AUDITOR, by="standard") == [("NOS02", 7, 8, 17.5)]
    assert await lines(cpd, headers=AUDITOR, by="standard", known_at=known_at) == expected["standard"]
    assert await lines(cpd, headers=AUDITOR, by="kind", valid_at="2026-05-05") == [("formal", 1, 1, 12.5)]


async def test_the_public_sees_no_small_counts_and_an_association_its_own_log(cpd: Cpd) -> None:
    await a_year(cpd)
    hidden = (None, None, None)
    assert await lines(cpd, by="approach") == [
        ("course", *hidden),
        ("mentoring", *hidden),
        ("reading", *hidden),
    ]
    assert await lines(cpd, by="standard") == [("NOS02", 8, 8, 18)]
    for headers in (None, cpd_system()):
        assert await lines(cpd, by="association", headers=headers) == [("ACEG", *hidden), ("ICG", *hidden)]
    own = await lines(cpd, by="approach", own="true", headers=cpd_system())
    assert own == [("course", 7, 7, 16.5), ("reading", 1, 1, 3)]
    refused = await cpd.http.get(SCALE, params={"own": "true"}, headers=AUDITOR)
    assert (refused.status_code, refused.json()["code"]) == (403, "association-missing")
    wrong = await cpd.http.get(SCALE, params={"by": "region"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "input-not-valid")
    # As a file for a spreadsheet, and not again where nothing has changed.
    table = await cpd.http.get(SCALE, params={"by": "standard", "format": "csv"})
    assert table.text.splitlines() == [
        "standard,people,entries,hours,first,last",
        "NOS02,8,8,18.0,2025-11-22,2026-11-21",
    ]
    again = await cpd.http.get(
        SCALE, params={"by": "standard", "format": "csv"}, headers={"If-None-Match": table.headers["ETag"]}
    )
    assert again.status_code == 304


async def test_who_takes_part_is_counted_by_association_and_level(cpd: Cpd) -> None:
    await a_year(cpd)
    for serial in range(31, 36):
        await member(cpd, number(serial))
    exact = [("ACEG", "professional", 1, 1), ("ICG", "associate", 1, 1), ("ICG", "professional", 11, 6)]
    assert await lines(cpd, PARTICIPATION, AUDITOR) == exact
    hidden = [("ACEG", "professional", None, None), ("ICG", "associate", None, None)]
    assert await lines(cpd, PARTICIPATION) == [*hidden, exact[2]]
    assert await lines(cpd, PARTICIPATION, cpd_system("ACEG")) == [exact[0], hidden[1], exact[2]]
    assert await lines(cpd, PARTICIPATION, AUDITOR, valid_at="2025-12-31") == []
