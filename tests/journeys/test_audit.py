"""A failed audit reaches the verdict within a second, and the appeal that is allowed restores it."""

import time
from datetime import date, timedelta
from typing import Any

import pytest

from shared.clock import london_day, utc_now
from tests.journeys.conftest import System
from tests.journeys.test_cpd import CpdCaller
from tests.journeys.test_first_licence import SOON, Caller, applied, graph, page

pytestmark = pytest.mark.slow

AUDITORS = ("auditor", "auditor_two", "auditor_three", "auditor_four")


def sent(caller: CpdCaller, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """Do something at CPD, and return what was made."""
    answer = caller.send("POST", path, body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def handed_in(association: CpdCaller, number: str, path: str) -> None:
    """Log four activities and hand them in, with the months before them explained."""
    today = london_day(utc_now())
    described = {"what": "I did it.", "learned": "I learnt it.", "benefit": "Clients gain."}
    activities = []
    for days in range(2, 6):
        day = (today - timedelta(days=days)).isoformat()
        entry = {"number": number, "title": "Reading", "kind": "informal", "done_on": day, "hours": 2}
        told = association.send("PUT", f"/v1/entries/by-external-id/ICG/AUDITED-{days}", entry)
        activities.append({"entry_id": told.json()["id"], **described})
    gap = {"first": date(2000, 1, 1).isoformat(), "last": today.isoformat(), "why": "Family leave."}
    sent(association, f"{path}/packs", {"activities": activities, "gaps": [gap]})


def refused(system: System, number: str) -> str:
    """Have two assessors find against somebody, and return the path of the case."""
    association, auditors = CpdCaller(system, "association"), {}
    for kind in AUDITORS:
        auditors[system.sample["clients"][kind]["id"]] = CpdCaller(system, kind)
    one, *_ = auditors.values()
    for subject in list(auditors)[1:3]:
        assert one.send("POST", "/v1/audit-assessors", {"subject": subject}).status_code in {201, 409}
    case = sent(one, "/v1/audit-cases", {"number": number, "reason": "A weak record."})
    path = f"/v1/audit-cases/{case['id']}"
    sent(one, f"{path}/steps", {"step": "notify", "words": "By letter."})
    handed_in(association, number, path)
    for _ in range(2):
        case = sent(one, f"{path}/assignments")
        done = {each["assessor"] for each in case["findings"]}
        finding = {"outcome": "find_not_met", "reasons": "No outcome is stated."}
        answers = [
            caller.send("POST", f"{path}/findings", finding)
            for subject, caller in list(auditors.items())[1:3]
            if subject not in done
        ]
        assert [each.status_code for each in answers].count(201) == 1
    return path


def until(system: System, number: str, verdict: str) -> None:
    """Wait until everybody is told a verdict, for a second at the most."""
    began = time.monotonic()
    while graph(system, number) != verdict:
        assert time.monotonic() - began < SOON
        time.sleep(0.02)


def test_a_failed_audit_reaches_the_verdict_and_an_allowed_appeal_restores_it(system: System) -> None:
    number, application = applied(system, "J-AUDIT", "Audited")
    admitted = {"outcome": "admitted", "reasons": ["Met."]}
    Caller(system, "registrar_two").post(f"/v1/applications/{application}/decisions", admitted)
    association = CpdCaller(system, "association")
    deadline = time.monotonic() + 60
    while association.send("GET", f"/v1/standing/{number}").status_code == 404:
        assert time.monotonic() < deadline
        time.sleep(0.1)

    path = refused(system, number)
    assert association.send("GET", f"/v1/standing/{number}").json()["standing"] == "under_audit"
    sent(association, f"{path}/appeals", {"words": "It does meet."})
    assert graph(system, number) == "licensed"
    dismissed = {"ruling": "dismissed", "reasons": "It does not."}
    sent(CpdCaller(system, "auditor_four"), f"{path}/appeal-decisions", dismissed)
    until(system, number, "licensed_with_conditions")
    assert "audit" in page(system, number)
    assert association.send("GET", f"/v1/standing/{number}").json()["standing"] == "failed"

    one = CpdCaller(system, "auditor")
    sent(one, f"{path}/steps", {"step": "hear_late", "words": "New evidence."})
    assert graph(system, number) == "licensed_with_conditions"
    sent(one, f"{path}/appeal-decisions", {"ruling": "allowed", "reasons": "It does meet."})
    until(system, number, "licensed")
    for service in ("register", "cpd"):
        assert system.type(f"make job service={service} do=integrity").stdout == ""
