"""Who falls below conditions of entry to come: counted for everybody, named to their association alone."""

from datetime import date
from typing import Any

from services.register.domain.facts import LicenceFact
from services.register.domain.policy import Scope
from services.register.domain.qualification import HoldingStatus
from services.register.domain.reports.forecast import ForecastOutcome, Holder, Readiness, forecast, readiness
from tests.callers import association, registrar
from tests.register import make as members
from tests.register import make_licences
from tests.register.conftest import Register
from tests.register.renewal.test_rules import ENTRY, LEVEL_7
from tests.register.rules import make

TODAY = date(2026, 11, 21)
LEVEL = {"policy": "entry-level-7", "as_if_from": "2030-01-01"}


def holder(
    *levels: str, status: HoldingStatus = HoldingStatus.AUTHENTICATED, ends: date = date(2027, 8, 31)
) -> Holder:
    held = tuple(
        make.holding(
            holding_id=place, level=level, status=status if level == "7" else HoldingStatus.AUTHENTICATED
        )
        for place, level in enumerate(levels, start=1)
    )
    return Holder(
        number="CR12345672",
        home_country="wales",
        associations=("ICG",),
        scopes=(Scope.PERSONAL_GUIDANCE,),
        ends_on=ends,
        holdings=held,
        licensed=(LicenceFact(valid_from=date(2026, 9, 1), valid_to=ends),),
    )


def test_a_licence_is_borne_or_falls_at_the_renewal_that_the_policy_judges() -> None:
    meets = forecast(holder("6", "7"), LEVEL_7, [ENTRY, LEVEL_7], today=TODAY)
    assert (meets.outcome, meets.falls_on, meets.lacks) == (ForecastOutcome.MEETS, None, ())
    below = forecast(holder("6"), LEVEL_7, [ENTRY, LEVEL_7], today=TODAY)
    assert (below.outcome, below.falls_on) == (ForecastOutcome.BELOW, date(2030, 1, 1))
    assert below.lacks
    running = forecast(holder("6", ends=date(2030, 6, 30)), LEVEL_7, [ENTRY, LEVEL_7], today=TODAY)
    assert (running.outcome, running.falls_on) == (ForecastOutcome.GRANDFATHERED, date(2032, 1, 1))


def test_who_works_towards_it_is_on_the_way() -> None:
    found = forecast(
        holder("6", "7", status=HoldingStatus.WORKING_TOWARDS), LEVEL_7, [ENTRY, LEVEL_7], today=TODAY
    )
    assert readiness(found) is Readiness.ON_THE_WAY
    assert readiness(forecast(holder("6"), LEVEL_7, [ENTRY, LEVEL_7], today=TODAY)) is Readiness.NOT_YET
    assert readiness(forecast(holder("7"), LEVEL_7, [ENTRY, LEVEL_7], today=TODAY)) is Readiness.READY


async def rows(
    register: Register, name: str, headers: Any = None, **params: str
) -> dict[tuple[str, ...], int | None]:
    answer = await register.http.get(f"/v1/reports/{name}", params=LEVEL | params, headers=headers)
    assert answer.status_code == 200, answer.text
    return {tuple(row["codes"]): row["count"] for row in answer.json()["rows"]}


async def test_a_forecast_counts_licences_and_hides_small_counts_from_the_public(register: Register) -> None:
    await make_licences.licensed(register, "1")
    exact = await rows(register, "level-forecast", registrar())
    ((codes, count),) = exact.items()
    assert (codes[0], codes[3], codes[4], count) == ("ICG", "below", "2030", 1)
    assert await rows(register, "level-forecast") == {codes: None}
    assert await rows(register, "level-forecast", association()) == exact
    assert await rows(register, "level-forecast", association("ACEG")) == {codes: None}
    ready = await rows(register, "chartered-readiness", registrar())
    assert [codes[2] for codes in ready] == ["not_yet"]
    as_csv = await register.http.get(
        "/v1/reports/level-forecast", params=LEVEL | {"format": "csv"}, headers=registrar()
    )
    assert as_csv.text.splitlines()[0].startswith("association,home_country,qualification,outcome,year,lacks")


async def test_an_association_reads_of_its_own_members_what_each_lacks(register: Register) -> None:
    numbers = {await make_licences.licensed(register, member) for member in ("1", "2")}
    await members.member(register, "ACEG", "9")

    async def page(headers: Any, **params: Any) -> dict[str, Any]:
        answer = await register.http.get("/v1/level-forecasts", params=LEVEL | params, headers=headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    first = await page(association(), limit=1)
    second = await page(association(), limit=1, after=first["next"])
    assert {each["number"] for each in (*first["items"], *second["items"])} == numbers
    assert first["items"][0]["outcome"] == "below"
    assert first["items"][0]["lacks"]
    assert second["next"] is None
    assert (await page(association("ACEG")))["items"] == []


async def test_a_version_that_is_not_there_is_refused(register: Register) -> None:
    answer = await register.http.get("/v1/reports/level-forecast", params={"policy": "entry-1999"})
    assert (answer.status_code, answer.json()["code"]) == (404, "no-such-entry-policy")
    wrong = await register.http.get("/v1/reports/level-forecast", params=LEVEL | {"as_if_from": "2030-02-31"})
    assert wrong.status_code == 422
