"""From a member file to a licence that a stranger sees on the page, and back."""

import time
from typing import Any

import httpx
import pytest

from tests.journeys.conftest import System

pytestmark = pytest.mark.slow
SOON = 1.0


class Caller:
    """Someone with a token of their own, at the real addresses."""

    def __init__(self, system: System, kind: str) -> None:
        client = system.sample["clients"][kind]
        addresses = system.sample["addresses"]
        answer = httpx.post(
            f"{addresses['gateway']}/oauth/token",
            auth=(client["id"], client["secret"]),
            data={"grant_type": "client_credentials"},
        )
        token = answer.raise_for_status().json()["access_token"]
        self._base = addresses["register"]
        self._headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str) -> Any:
        """Read something."""
        return self._call("GET", path)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """Do something."""
        return self._call("POST", path, json=body)

    def put(self, path: str, body: dict[str, Any]) -> Any:
        """Record something."""
        return self._call("PUT", path, json=body)

    def _call(self, method: str, path: str, **request: Any) -> Any:
        answer = httpx.request(method, f"{self._base}{path}", headers=self._headers, **request)
        return answer.raise_for_status().json()


def page(system: System, number: str) -> str:
    """Return the public page on a number, as a stranger sees it."""
    answer = httpx.get(f"{system.sample['addresses']['gateway']}/check", params={"number": number})
    return answer.raise_for_status().text


def graph(system: System, number: str) -> str:
    """Return the verdict as the graph gives it."""
    answer = httpx.post(
        f"{system.sample['addresses']['gateway']}/graphql",
        json={
            "query": "query ($n: String!) { licence(number: $n) { verdict } }",
            "variables": {"n": number},
        },
    )
    verdict: str = answer.json()["data"]["licence"]["verdict"]
    return verdict


def applied(system: System, member_id: str, family_name: str) -> tuple[str, int]:
    """Bring somebody as far as an application for admission; return the number and the application."""
    association, one = Caller(system, "association"), Caller(system, "registrar")
    member = association.put(
        f"/v1/members/by-external-id/ICG/{member_id}",
        {
            "given_names": "Jo",
            "family_name": family_name,
            "date_of_birth": "1980-01-01",
            "membership": {"level": "professional", "valid_from": "2020-01-01"},
        },
    )
    holding = association.post(
        "/v1/holdings",
        {
            "member_id": member_id,
            "title": "A Diploma",
            "framework": "QCF",
            "level": "6",
            "credits": 60,
            "subject": "career_development",
            "awarded_on": "2015-07-01",
        },
    )
    one.post(
        f"/v1/holdings/{holding['id']}/authentications",
        {
            "method": "original_certificate",
            "evidence_reference": "1",
            "reason": "Seen.",
            "relevant": True,
        },
    )
    association.post(
        "/v1/code-acceptances",
        {"member_id": member_id, "code_version": "cdi-2019-01-01", "accepted_on": "2026-01-01"},
    )
    application = association.post(
        "/v1/applications", {"member_id": member_id, "scopes": ["personal_guidance"]}
    )
    return member["registration_number"], application["id"]


def test_a_decision_shows_everywhere_within_a_second(system: System) -> None:
    association, two = Caller(system, "association"), Caller(system, "registrar_two")
    number, application = applied(system, "J-1", "Journey")
    assert graph(system, number) == "not_licensed"

    decided = time.monotonic()
    two.post(f"/v1/applications/{application}/decisions", {"outcome": "admitted", "reasons": ["Met."]})
    assert graph(system, number) == "licensed"
    assert "licensed to practise" in page(system, number)
    assert time.monotonic() - decided < SOON
    admitted_at = association.get(f"/v1/licences/{number}")["known_at"]

    decided = time.monotonic()
    two.post(
        "/v1/sanctions",
        {"number": number, "kind": "suspension", "public_reason": "A finding.", "internal_reason": "1"},
    )
    assert graph(system, number) == "suspended"
    assert "suspended" in page(system, number).lower()
    assert time.monotonic() - decided < SOON

    assert association.get(f"/v1/licences/{number}?known_at={admitted_at}")["verdict"] == "licensed"
    assert system.type("make job service=register do=integrity").stdout == ""
