"""Audits for tests: announced, frozen, seeded, drawn and assessed as auditors do it."""

from datetime import datetime, timedelta
from typing import Any

import httpx

from shared.clock import rfc3339
from tests.callers import bearer
from tests.cpd.conftest import Cpd
from tests.cpd.make import cpd_system, put
from tests.cpd.people import member, number

SEED = "3c1f8f4c0f64b8a4a1c9a4b1ad3e4a6f"
LONG_SINCE = {"since": "2020-01-10", "entered": "2020-02-01"}


def auditor(name: str = "auditor-one", **more: Any) -> dict[str, str]:
    """Return the headers of somebody who audits."""
    return bearer("cpd:audit", subject=name, **more)


async def send(
    cpd: Cpd, path: str, body: Any = None, headers: dict[str, str] | None = None
) -> httpx.Response:
    """Post as the first auditor, unless somebody else is given."""
    return await cpd.http.post(path, json=body, headers=headers or auditor())


async def sent(
    cpd: Cpd, path: str, body: Any = None, headers: dict[str, str] | None = None
) -> dict[str, Any]:
    """Post, and return what was made."""
    answer = await send(cpd, path, body, headers)
    assert answer.status_code == 201, answer.text
    read: dict[str, Any] = answer.json()
    return read


async def professionals(cpd: Cpd, many: int, *, association: str = "ICG", first: int = 1) -> list[str]:
    """Make so many people who can be drawn, and return their numbers."""
    return [
        await member(cpd, number(serial), association=association, **LONG_SINCE)
        for serial in range(first, first + many)
    ]


def announcement(cpd: Cpd, *strata: dict[str, Any], born_at: datetime | None = None) -> dict[str, Any]:
    """Return an audit whose seed is given an hour from now."""
    return {
        "title": "The yearly audit",
        "seed_source": "given",
        "seed_where": "a test",
        "seed_expected_at": rfc3339(born_at or cpd.clock() + timedelta(hours=1)),
        "strata": list(strata) or [{"association": "ICG", "size": 1}],
    }


async def frozen(cpd: Cpd, *strata: dict[str, Any]) -> int:
    """Announce an audit and freeze its list."""
    audit_id = (await sent(cpd, "/v1/audits", announcement(cpd, *strata)))["id"]
    await sent(cpd, f"/v1/audits/{audit_id}/freeze")
    return int(audit_id)


async def drawn(cpd: Cpd, *strata: dict[str, Any], seed: str = SEED) -> int:
    """Announce an audit, freeze its list, enter the seed an hour later, and draw."""
    audit_id = await frozen(cpd, *strata)
    cpd.clock.now += timedelta(hours=2)
    born_at = rfc3339(cpd.clock() - timedelta(minutes=30))
    await sent(cpd, f"/v1/audits/{audit_id}/seed", {"seed": seed, "born_at": born_at})
    await sent(cpd, f"/v1/audits/{audit_id}/draw", headers=auditor("auditor-two"))
    return audit_id


async def cases(cpd: Cpd, headers: dict[str, str] | None = None, **params: str) -> list[dict[str, Any]]:
    """Return the cases that a caller sees."""
    answer = await cpd.http.get("/v1/audit-cases", headers=headers or auditor(), params=params)
    assert answer.status_code == 200, answer.text
    read: list[dict[str, Any]] = answer.json()["items"]
    return read


async def targeted(cpd: Cpd, who: str) -> int:
    """Open a case for a reason, and give notice."""
    case_id = (await sent(cpd, "/v1/audit-cases", {"number": who, "reason": "A weak record."}))["id"]
    await sent(cpd, f"/v1/audit-cases/{case_id}/steps", {"step": "notify", "words": "By letter."})
    return int(case_id)


async def pack(cpd: Cpd, who: str) -> dict[str, Any]:
    """Log an activity for every ten weeks of two years, and return a pack of four of them."""
    entries = []
    for place in range(10):
        day = (cpd.clock() - timedelta(days=30 + 70 * place)).date().isoformat()
        answer = await put(cpd, f"{who}-{place}", number=who, started_on=day, done_on=day, hours=6)
        entries.append(answer.json()["id"])
    described = {"what": "I did it.", "learned": "I learnt it.", "benefit": "Clients gain."}
    return {"activities": [{"entry_id": each, **described} for each in entries[:4]]}


async def submitted(cpd: Cpd, who: str) -> int:
    """Open a case for a reason and hand in a pack."""
    handed_in = await pack(cpd, who)
    case_id = await targeted(cpd, who)
    await sent(cpd, f"/v1/audit-cases/{case_id}/packs", handed_in, cpd_system())
    return case_id


async def name(cpd: Cpd, *subjects: str, **more: Any) -> None:
    """Name assessors."""
    for subject in subjects:
        await sent(cpd, "/v1/audit-assessors", {"subject": subject, **more})


async def assessor_of(cpd: Cpd, case_id: int) -> str:
    """Give a case out, and return to whom."""
    await sent(cpd, f"/v1/audit-cases/{case_id}/assignments")
    rows = await cpd.db.fetch(
        "SELECT subject FROM audit_assignments WHERE case_id = $1 ORDER BY place DESC LIMIT 1", case_id
    )
    return str(rows[0]["subject"])


async def found(cpd: Cpd, case_id: int, outcome: str) -> dict[str, Any]:
    """Give a case out and have it found in."""
    who = await assessor_of(cpd, case_id)
    body = {"outcome": outcome, "reasons": "As the pack shows."}
    return await sent(cpd, f"/v1/audit-cases/{case_id}/findings", body, auditor(who))


async def refused(cpd: Cpd, who: str) -> int:
    """Bring a case so far that two assessors have found against it."""
    case_id = await submitted(cpd, who)
    for _ in range(2):
        await found(cpd, case_id, "find_not_met")
    return case_id
