"""Reports over HTTP: exact for a registrar and an association's own rows, suppressed for the public."""

from typing import Any

from tests.callers import association, registrar
from tests.register import make, make_licences
from tests.register.conftest import Register


async def _rows(register: Register, name: str, **given: Any) -> dict[tuple[str, ...], int | None]:
    answer = await register.http.get(f"/v1/reports/{name}", **given)
    assert answer.status_code == 200, answer.text
    return {tuple(row["codes"]): row["count"] for row in answer.json()["rows"]}


async def test_the_qualification_map_is_exact_for_those_whose_members_it_counts(register: Register) -> None:
    await make_licences.licensed(register, "1")
    for member in range(2, 8):
        await make.member(register, "ICG", str(member))
    await make.member(register, "ACEG", "1")
    exact = await _rows(register, "qualification-map", headers=registrar())
    assert exact == {
        ("ACEG", "unknown", "unknown", "unknown"): 1,
        ("ACEG", "total", "total", "total"): 1,
        ("ICG", "QCF", "6", "unknown"): 1,
        ("ICG", "unknown", "unknown", "unknown"): 6,
        ("ICG", "total", "total", "total"): 7,
    }
    public = await _rows(register, "qualification-map")
    assert public == {
        ("ACEG", "total", "total", "total"): None,
        ("ICG", "QCF", "6", "unknown"): None,
        ("ICG", "unknown", "unknown", "unknown"): None,
        ("ICG", "total", "total", "total"): 7,
    }
    own = await _rows(register, "qualification-map", headers=association("ACEG"))
    assert own == public | {key: count for key, count in exact.items() if key[0] == "ACEG"}
    before = {"valid_at": "2019-12-31"}
    assert await _rows(register, "qualification-map", headers=registrar(), params=before) == {}


async def test_months_overlaps_and_numbers_are_counted_as_of_a_day(register: Register) -> None:
    number = await make_licences.licensed(register, "1")
    await make_licences.impose(register, number, "conditions", conditions="Supervised.")
    await make.member(register, "ACEG", "1", registration_number=number, family_name="Example Icg bb")
    headers = registrar()
    licences = await _rows(register, "licences-by-month", headers=headers)
    assert (licences["2026-11", "issued"], licences["2026-11", "ended"], len(licences)) == (1, 0, 48)
    public = await _rows(register, "licences-by-month")
    assert (public["2026-11", "issued"], public["2026-11", "ended"]) == (None, None)
    assert (await _rows(register, "sanctions-by-month", headers=headers))["2026-11", "conditions"] == 1
    numbers = await _rows(register, "register-in-numbers", headers=headers)
    assert numbers["licences", "in_force"] == 1
    assert numbers["members", "ICG"] == 1
    before = {"known_at": "2026-11-21T00:00:00Z"}
    assert (await _rows(register, "register-in-numbers", headers=headers, params=before))[
        "licences", "in_force"
    ] == 0


async def test_a_report_is_cached_written_as_csv_and_refuses_what_it_cannot_tell(register: Register) -> None:
    path = "/v1/reports/register-in-numbers"
    first = await register.http.get(path)
    again = await register.http.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, first.headers["cache-control"]) == (304, "public, max-age=300")
    written = await register.http.get(path, params={"format": "csv"})
    assert written.headers["content-type"] == "text/csv; charset=utf-8"
    assert written.text.splitlines()[0] == "measure,of,count,suppressed,valid_at"
    early = await register.http.get(path, params={"valid_at": "2011-02-28"})
    assert (early.status_code, early.json()["code"]) == (404, "no-report-policy-in-force")
    assert (await register.http.get(path, params={"valid-at": "2026-01-01"})).status_code == 400 + 22
    assert (await register.http.get(path, params={"format": "xml"})).status_code == 422
