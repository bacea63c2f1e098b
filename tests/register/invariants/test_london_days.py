"""I15: a day is a day in London, to its last instant, wherever the answer is read."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from services.register.operations import verdicts
from tests.register.conftest import Register
from tests.register.make_standing import licensee

ZULU = "%Y-%m-%dT%H:%M:%S.%fZ"
INSTANT = timedelta(microseconds=1)
# The last day of a licence, and the first instant in UTC at which it is over.
DAYS = {
    date(2026, 3, 28): datetime(2026, 3, 29, 0, tzinfo=UTC),
    date(2026, 3, 29): datetime(2026, 3, 29, 23, tzinfo=UTC),
    date(2026, 3, 31): datetime(2026, 3, 31, 23, tzinfo=UTC),
    date(2026, 10, 24): datetime(2026, 10, 24, 23, tzinfo=UTC),
    date(2026, 10, 25): datetime(2026, 10, 26, 0, tzinfo=UTC),
    date(2028, 2, 29): datetime(2028, 3, 1, 0, tzinfo=UTC),
}


async def said(register: Register, number: str) -> dict[str, str]:
    """Return what each way of asking says now, and what is said of this instant later on."""
    now = register.clock.now
    get, post = register.http.get, register.http.post
    rows, numbers = {"rows": [{"number": number}]}, {"numbers": [number]}
    known_at = {"known_at": now.strftime(ZULU)}
    found = {
        "licence": (await get(f"/v1/licences/{number}")).json()["verdict"],
        "verification": (await post("/v1/verifications", json=rows)).json()["items"][0]["verdict"],
        "practitioner": (await get(f"/v1/practitioners/{number}")).json()["practitioner"]["licence"][
            "verdict"
        ],
        "practitioners": (await post("/v1/practitioners/batch", json=numbers)).json()["items"][0]["licence"][
            "verdict"
        ],
    }
    register.clock.now += timedelta(days=400)
    later = await get(f"/v1/licences/{number}", params=known_at)
    register.clock.now = now
    return found | {"licence, known later": later.json()["verdict"]}


async def wrong_days(register: Register) -> set[date]:
    """Return the days whose end is not where London has it, in any way of asking."""
    wrong = set()
    for serial, (last, over) in enumerate(DAYS.items(), start=1):
        number = await licensee(register, serial, first=date(2026, 1, 1), last=last)
        for instant, verdict in ((over - INSTANT, "licensed"), (over, "lapsed")):
            register.clock.now = instant
            if set((await said(register, number)).values()) != {verdict}:
                wrong.add(last)
    return wrong


async def test_a_licence_holds_to_the_last_instant_in_every_way_of_asking(register: Register) -> None:
    assert await wrong_days(register) == set()


@pytest.mark.parametrize(
    ("day", "seen_on"),
    [
        (
            lambda instant: instant.astimezone(UTC).date(),
            {date(2026, 3, 29), date(2026, 3, 31), date(2026, 10, 24)},
        ),
        (
            lambda instant: instant.astimezone(timezone(timedelta(hours=1))).date(),
            {date(2026, 3, 28), date(2026, 10, 25), date(2028, 2, 29)},
        ),
    ],
    ids=["the day of UTC", "summer time all the year"],
)
async def test_another_day_than_londons_would_be_seen(
    register: Register,
    monkeypatch: pytest.MonkeyPatch,
    day: Callable[[datetime], date],
    seen_on: set[date],
) -> None:
    """The faults that show that the comparison above can fail."""
    monkeypatch.setattr(verdicts, "london_day", day)
    assert await wrong_days(register) == seen_on
