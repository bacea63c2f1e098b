"""Whom to check is found by name, one provider is shown rule by rule, and the profession is counted."""

import httpx
import pytest

from tests.gateway.front import NUMBER, FakeRegister, client_of, make_app, verdict
from tests.gateway.neighbours import FakeKitemark, refusal

ANN = {NUMBER: ("Ann", "Lee")}


async def get(
    path: str, *, register: FakeRegister | None = None, kitemark: FakeKitemark | None = None
) -> httpx.Response:
    known = register or FakeRegister({NUMBER: verdict(word="suspended")}, names=ANN)
    app = make_app(known, kitemark=httpx.MockTransport(kitemark or FakeKitemark()))
    async with client_of(app) as http:
        return await http.get(path, headers={"Accept": "text/html"})


async def test_somebody_is_found_by_name_with_how_they_stand() -> None:
    answer = await get("/find?q=lee")
    assert answer.status_code == 200
    for part in ("1 found for “lee”", f"/check?number={NUMBER}", "Ann Lee", "Suspended", "an earlier name"):
        assert part in answer.text
    assert "Nothing found for “zz”" in (await get("/find?q=zz")).text


@pytest.mark.parametrize(
    ("q", "asked"),
    [
        ("exampleton", "q=exampleton"), ("AB1 2CD", "postcode=AB1"), ("10000001", "ukprn=10000001"),
        ("301/4001", "laestab=301"),
    ],
)  # fmt: skip
async def test_a_school_is_found_by_whatever_is_known_of_it(q: str, asked: str) -> None:
    kitemark = FakeKitemark()
    answer = await get(f"/schools?q={q}", kitemark=kitemark)
    assert "Exampleton Academy" in answer.text
    assert "The first 1 found" in answer.text
    assert asked in str(kitemark.asked[0].url)


async def test_a_number_leads_straight_to_whom_it_names() -> None:
    assert "/school?urn=100001" in (await get("/schools?q=100001")).text
    assert "/provider?ukprn=10000001" in (await get("/providers?q=10000001")).text
    assert "/provider?ukprn=10000001" in (await get("/providers?q=inv")).text


@pytest.mark.parametrize(
    ("word", "heading"),
    [
        ("compliant", "Accredited as it has to be"), ("not_required", "Nothing is required"),
        ("recommended_and_missing", "Recommended, and missing"), ("unknown", "Not everything is known"),
        ("not_compliant", "Not accredited as it has to be"),
    ],
)  # fmt: skip
async def test_a_provider_is_shown_with_what_is_asked_of_it(word: str, heading: str) -> None:
    answer = await get("/provider?ukprn=10000001", kitemark=FakeKitemark(answer=word))
    assert f">{heading}</h1>" in answer.text
    assert "Rules that ask nothing of it" in answer.text
    assert "/provider?ukprn=10000002" in answer.text


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/find", 200, "Find a careers adviser by name"),
        (f"/find?q={'x' * 201}", 400, "Type fewer words"),
        ("/find?q=a%00b", 400, "without special characters"),
        ("/provider?ukprn=1", 400, "A UKPRN has eight digits"),
        ("/provider?ukprn=99999999", 404, "No provider is recorded"),
        ("/schools?q=%3Cscript%3Ealert(1)%3C/script%3E", 200, "&lt;script&gt;"),
    ],
)
async def test_what_cannot_be_asked_is_asked_for_again(path: str, status: int, says: str) -> None:
    answer = await get(path)
    assert answer.status_code == status
    assert says in answer.text
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("path", ["/schools?q=a", "/providers?q=a", "/provider?ukprn=10000001"])
async def test_a_service_that_is_away_finds_nobody_and_says_so(path: str) -> None:
    answer = await get(path, kitemark=FakeKitemark(status=500))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "This says nothing about anybody" in answer.text


async def test_what_the_register_refuses_is_said_beside_the_field() -> None:
    register = FakeRegister(instead=lambda _: refusal(422, "name-too-short", "Give two letters."))
    answer = await get("/find?q=x", register=register)
    assert answer.status_code == 400
    assert "Give two letters." in answer.text


async def test_the_profession_is_counted_and_a_service_that_is_away_costs_its_own_charts() -> None:
    whole = await get("/figures")
    for part in ("1,200", "too few to tell", "October 2026", "North East", "format=csv"):
        assert part in whole.text
    without = await get("/figures", kitemark=FakeKitemark(status=500))
    assert without.status_code == 200
    assert "1,200" in without.text
    assert "does not answer" in without.text
