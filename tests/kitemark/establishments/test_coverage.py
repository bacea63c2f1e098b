"""How far the mark has come, as of any day: counted by place and kind, and listed."""

from datetime import date
from typing import Any

from tests.kitemark.awards.test_awards import CSW, put
from tests.kitemark.conftest import Kitemark
from tests.kitemark.establishments.test_loading import get, load


async def two_awards(kitemark: Kitemark) -> None:
    await load(kitemark)
    await put(kitemark, school="999901")
    committed = {"stage": "commitment", "valid_to": "2027-01-31"}
    await put(kitemark, "/v1/awards/by-external-id/CSW/2", CSW, school="999902", **committed)


async def test_open_schools_are_counted_by_what_they_hold(kitemark: Kitemark) -> None:
    await two_awards(kitemark)
    found = await get(kitemark, "/v1/reports/mark-coverage", by="region")
    lines = {row[0]: dict(zip(found["columns"], row, strict=True)) for row in found["rows"]}
    assert (lines["D"]["fully_meets"], lines["D"]["committed"], lines["D"]["none"]) == (1, 1, 7)
    assert (lines["D"]["schools"], lines["W"]["schools"]) == (9, 1)
    before = await get(kitemark, "/v1/reports/mark-coverage", by="type", valid_at="2024-08-31")
    assert {row[0]: row[-1] for row in before["rows"]} == {"Community school": 9, "Further education": 1}
    as_csv = await kitemark.http.get("/v1/reports/mark-coverage?by=phase&format=csv")
    assert as_csv.text.lstrip("\ufeff").splitlines()[0].startswith("phase,fully_meets,progressing,committed")


async def test_schools_with_a_mark_are_listed_and_those_that_soon_end(kitemark: Kitemark) -> None:
    await two_awards(kitemark)

    async def numbers(**params: Any) -> list[str]:
        return [row[0] for row in (await get(kitemark, "/v1/reports/schools-by-mark", **params))["rows"]]

    assert await numbers(mark="committed") == ["999902"]
    assert await numbers(mark="committed", ends_by=date(2027, 1, 30).isoformat()) == []
    assert await numbers(mark="committed", ends_by=date(2027, 1, 31).isoformat()) == ["999902"]
    first = await get(kitemark, "/v1/reports/schools-by-mark", mark="none", limit=5)
    rest = await get(kitemark, "/v1/reports/schools-by-mark", mark="none", limit=5, after=first["next"])
    found = [row[0] for row in (*first["rows"], *rest["rows"])]
    assert len(found) == 8 == len(set(found))
    assert rest["next"] is None
    for wrong in (
        "/v1/reports/schools-by-mark",
        "/v1/reports/schools-by-mark?mark=golden",
        "/v1/reports/mark-coverage?by=x",
    ):
        assert (await kitemark.http.get(wrong)).status_code == 422
