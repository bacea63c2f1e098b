"""The report about providers over HTTP."""

from tests.kitemark.conftest import Kitemark
from tests.kitemark.providers.make_providers import OTHER, PANEL, UKPRN, accredit, provider

PATH = "/v1/reports/provider-compliance"


async def test_who_lacks_what_is_asked_is_listed_as_of_a_day_in_both_formats(kitemark: Kitemark) -> None:
    await provider(kitemark, name="=HYPERLINK(1)")
    await provider(kitemark, OTHER)
    await accredit(kitemark, ukprn=OTHER, valid_to="2026-11-20")

    async def rows(**params: str) -> list[list[str]]:
        answer = await kitemark.http.get(PATH, params=params, headers=PANEL)
        assert answer.status_code == 200, answer.text
        read: list[list[str]] = answer.json()["rows"]
        return read

    lacking = await rows(answer="not_compliant")
    assert [row[0] for row in lacking] == [UKPRN, OTHER]
    assert lacking[0][3:] == ["required-and-missing", "publicly-funded-2017"]
    assert [row[0] for row in await rows(answer="not_compliant", valid_at="2026-11-20")] == [UKPRN]
    first = await kitemark.http.get(PATH, params={"limit": "1"}, headers=PANEL)
    assert [row[0] for row in await rows(after=first.json()["next"])] == [OTHER]
    sheet = await kitemark.http.get(PATH, params={"format": "csv", "limit": "1"}, headers=PANEL)
    assert (len(sheet.text.splitlines()), "'=HYPERLINK(1)" in sheet.text) == (3, True)
    kitemark.clock.now = kitemark.clock.now.replace(hour=12)
    known = {**PANEL, "If-None-Match": sheet.headers["etag"]}
    again = await kitemark.http.get(PATH, params={"format": "csv", "limit": "1"}, headers=known)
    assert again.status_code == 304
    assert (await kitemark.http.get(PATH)).status_code == 401
