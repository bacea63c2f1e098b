"""What looks like one award told twice is listed until one of both is withdrawn."""

from typing import Any

from tests.kitemark.awards.test_awards import CSW, put
from tests.kitemark.conftest import Kitemark

AWARDS = "/v1/awards/by-external-id/CSW"


async def listed(kitemark: Kitemark, **params: Any) -> list[tuple[str, str]]:
    answer = await kitemark.http.get("/v1/awards/duplicates", params=params)
    assert answer.status_code == 200, answer.text
    return [(e["earlier"]["external_id"], e["later"]["external_id"]) for e in answer.json()["items"]]


async def test_one_award_under_two_ids_is_listed_and_what_differs_is_not(kitemark: Kitemark) -> None:
    awards: dict[str, dict[str, str]] = {
        "A-1": {},
        "A-2": {"valid_from": "2026-03-01"},
        "A-3": {"valid_from": "2022-03-01", "valid_to": "2025-02-28"},
        "A-4": {"school": "100002"},
        "A-5": {"reassessment_of": "A-1", "valid_from": "2026-06-01", "valid_to": "2029-05-31"},
    }
    for award_id, told in awards.items():
        assert (await put(kitemark, f"{AWARDS}/{award_id}", **told)).status_code == 201
    assert await listed(kitemark) == [("A-1", "A-2"), ("A-2", "A-5")]
    assert await listed(kitemark, body="other") == []
    first = (await kitemark.http.get("/v1/awards/duplicates", params={"limit": 1})).json()
    assert await listed(kitemark, limit=1, after=first["next"]) == [("A-2", "A-5")]
    gone = await kitemark.http.post(
        f"{AWARDS}/A-2/withdrawal",
        json={"reason": "It was told twice."},
        headers=CSW | {"Idempotency-Key": "twice"},
    )
    assert gone.status_code == 201, gone.text
    assert await listed(kitemark) == []
