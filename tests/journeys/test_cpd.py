"""A year of a member, over running processes: what the register is told, CPD knows within a second."""

import time
from datetime import timedelta
from typing import Any

import httpx
import pytest

from shared.clock import london_day, utc_now
from tests.journeys.conftest import System
from tests.journeys.test_first_licence import SOON, Caller

pytestmark = pytest.mark.slow


class CpdCaller(Caller):
    """Someone with a token of their own, at the real address of CPD."""

    def __init__(self, system: System, kind: str) -> None:
        super().__init__(system, kind)
        self._base = system.sample["addresses"]["cpd"]

    def send(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """Ask CPD and return the answer, whatever it is."""
        return httpx.request(method, self._base + path, json=body, headers=self._headers)


def test_a_member_told_to_the_register_has_a_standing_within_a_second_and_a_return_declares_it(
    system: System,
) -> None:
    register = Caller(system, "association")
    cpd = CpdCaller(system, "association")
    since = (london_day(utc_now()) - timedelta(days=30)).isoformat()
    member = {
        "given_names": "Mair",
        "family_name": "Continuing-Example",
        "membership": {"level": "associate", "valid_from": since},
    }
    first = system.sample["people"]["licensed"]["number"]  # after the very first start, hearing takes longer
    deadline = time.monotonic() + 60
    while cpd.send("GET", f"/v1/standing/{first}").status_code == 404 and time.monotonic() < deadline:
        time.sleep(0.1)
    told = register.put("/v1/members/by-external-id/ICG/CPD-1", member)
    number = told["registration_number"]
    began = time.monotonic()
    while (answer := cpd.send("GET", f"/v1/standing/{number}")).status_code == 404:
        assert time.monotonic() - began < SOON
        time.sleep(0.02)
    assert answer.json()["standing"] == "on_track"
    commitment = {"number": number, "wording_version": "commitment-1", "committed_on": since}
    assert cpd.send("POST", "/v1/commitments", commitment).status_code == 201
    entry = {"number": number, "title": "Reading", "kind": "informal", "done_on": since, "hours": 2}
    assert cpd.send("PUT", "/v1/entries/by-external-id/ICG/J-1", entry).status_code == 201
    assert cpd.send("POST", "/v1/returns", {"number": number, "nature": "Reading."}).status_code == 201
    assert cpd.send("GET", f"/v1/standing/{number}").json()["standing"] == "declared"
    assert CpdCaller(system, "association_two").send("GET", f"/v1/standing/{number}").status_code == 404
