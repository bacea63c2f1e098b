"""Providers and accreditations for tests, sent as a body and the panel send them."""

from typing import Any

import httpx

from tests.callers import bearer
from tests.kitemark.conftest import Kitemark

UKPRN = "99990101"
OTHER = "99990102"
KEEPER = "growth-company"
PANEL = bearer("validations:decide", subject="panel")
BODY = bearer("awards:write", subject="growth", body=KEEPER)
OTHER_BODY = bearer("awards:write", subject="other", body="other-body")

PROVIDER: dict[str, Any] = {
    "name": "Invented Guidance Ltd",
    "trade_name": "Invented Careers",
    "sector": "private",
    "sole_trader": False,
    "publicly_funded": True,
    "local_authorities": ["301"],
    "circumstances": [],
}
ACCREDITATION: dict[str, Any] = {
    "ukprn": UKPRN,
    "standard": "matrix",
    "valid_from": "2025-01-01",
    "valid_to": "2027-12-31",
    "source": "a test",
}
HEADER = "id,ukprn,name,standard,edition,valid_from,valid_to,withdrawn_on"


async def provider(
    kitemark: Kitemark, ukprn: str = UKPRN, *, headers: dict[str, str] = PANEL, **changes: Any
) -> httpx.Response:
    """Tell of a provider and return the answer, whatever it is."""
    return await kitemark.http.put(f"/v1/providers/{ukprn}", json=PROVIDER | changes, headers=headers)


async def accredit(
    kitemark: Kitemark,
    own_id: str = "M-1",
    *,
    keeper: str = KEEPER,
    headers: dict[str, str] = BODY,
    **changes: Any,
) -> httpx.Response:
    """Tell of an accreditation and return the answer, whatever it is; None leaves a field out."""
    told = {name: value for name, value in (ACCREDITATION | changes).items() if value is not None}
    path = f"/v1/accreditations/by-external-id/{keeper}/{own_id}"
    return await kitemark.http.put(path, json=told, headers=headers)


async def send_file(
    kitemark: Kitemark,
    *rows: str,
    as_of: str = "2026-11-20",
    headers: dict[str, str] = BODY,
    keeper: str = KEEPER,
    **params: str,
) -> httpx.Response:
    """Send a file with the usual first line and return the answer, whatever it is."""
    return await kitemark.http.put(
        f"/v1/accreditation-files/{keeper}/{as_of}",
        content="\n".join([HEADER, *rows, ""]),
        headers={**headers, "Content-Type": "text/csv; charset=utf-8"},
        params=params,
    )


async def answer(kitemark: Kitemark, ukprn: str = UKPRN, **params: str) -> tuple[str, list[str]]:
    """Return what a provider's compliance is, and the codes of the reasons."""
    asked = await kitemark.http.get(f"/v1/providers/{ukprn}/compliance", params=params)
    assert asked.status_code == 200, asked.text
    read = asked.json()
    return read["answer"], [each["code"] for each in read["reasons"]]


async def events(kitemark: Kitemark) -> list[tuple[str, str]]:
    """Return event and subject of every line about providers, in order."""
    rows = await kitemark.db.fetch(
        "SELECT event, subject FROM journal WHERE event ~ '^(provider|accreditation|requirement-rule)'"
        " ORDER BY position"
    )
    return [(row["event"], row["subject"]) for row in rows]
