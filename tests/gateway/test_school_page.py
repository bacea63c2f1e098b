"""The page of a school: all three strands, what is not known said so, silence held against nobody."""

import httpx
import pytest

from tests.gateway.front import NUMBER, FakeRegister, client_of, make_app, verdict
from tests.gateway.neighbours import FakeKitemark
from tests.gateway.test_assurance import SCHOOL, post

PAGE = {"Accept": "text/html"}


async def get(
    path: str, register: FakeRegister | None = None, kitemark: FakeKitemark | None = None
) -> httpx.Response:
    app = make_app(register or FakeRegister(), kitemark=httpx.MockTransport(kitemark or FakeKitemark()))
    async with client_of(app) as http:
        return await http.get(path, headers=PAGE)


async def test_a_school_is_shown_with_its_mark_its_advisers_and_their_employers() -> None:
    register = FakeRegister({NUMBER: verdict()})
    register.posts[SCHOOL] = [post()]
    answer = await get(f"/school?urn={SCHOOL}", register)
    assert answer.status_code == 200
    for part in ("All three strands hold", f"Ann Lee ({NUMBER})", f"/check?number={NUMBER}", "It is held."):
        assert part in answer.text
    assert "script-src" not in answer.headers["content-security-policy"]


async def test_a_strand_of_which_nothing_was_asked_is_not_said_to_hold() -> None:
    register = FakeRegister({NUMBER: verdict()})
    register.posts[SCHOOL] = [post(ukprn=None)]
    answer = await get(f"/school?urn={SCHOOL}", register)
    assert "What was asked about holds" in answer.text
    assert "nothing is said of one" in answer.text
    assert "All three strands" not in answer.text


async def test_what_is_missing_and_what_is_not_known_are_told_apart() -> None:
    answer = await get(f"/school?urn={SCHOOL}", kitemark=FakeKitemark("expired"))
    assert "Something is missing" in answer.text
    assert "Not met: the school’s mark. Not known: advisers." in answer.text


async def test_a_service_that_is_away_is_not_held_against_the_school() -> None:
    answer = await get(f"/school?urn={SCHOOL}", kitemark=FakeKitemark(status=500))
    assert answer.status_code == 200
    assert "Not everything is known" in answer.text


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("", "Check a school’s careers guidance"),
        ("?urn=100001&on=31/02/2026", "The day must be a real one"),
        (f"?urn={'1' * 50}", "A URN has six digits"),
    ],
)
async def test_what_cannot_be_asked_is_asked_for_again(query: str, says: str) -> None:
    answer = await get(f"/school{query}")
    assert says in answer.text
    assert answer.status_code == (400 if query else 200)


async def test_another_day_is_said_to_be_one() -> None:
    kitemark = FakeKitemark()
    answer = await get(f"/school?urn={SCHOOL}&on=1 March 2026", kitemark=kitemark)
    assert "This is the answer for <strong>1 March 2026</strong>" in answer.text
    assert b'"valid_at":"2026-03-01"' in kitemark.asked[0].content.replace(b" ", b"")


async def test_what_was_typed_cannot_write_the_page() -> None:
    answer = await get("/school?urn=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in answer.text
