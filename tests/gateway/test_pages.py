"""The public pages as they are sent: words, status, headers, and what is said when nothing is known."""

import re
from datetime import date
from typing import Any

import httpx
import pytest

from services.gateway.pages.questions import day_written
from tests.gateway.browser.states import NUMBERS, register
from tests.gateway.front import NUMBER, FakeRegister, broken_answers, client_of, make_app, verdict
from tests.gateway.neighbours import refusal

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


async def get(path: str, fake: FakeRegister | None = None, **params: str) -> httpx.Response:
    async with client_of(make_app(fake or register())) as http:
        return await http.get(path, params=params or None, headers=BROWSER)


def words(answer: httpx.Response) -> str:
    """Return what can be read on a page, on one line."""
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", main.partition(">")[2]).split())


async def test_the_form_is_there() -> None:
    answer = await get("/")
    assert answer.status_code == 200
    assert 'action="/check"' in answer.text
    assert "Registration number" in words(answer)


@pytest.mark.parametrize(
    ("state", "status", "heading", "guidance"),
    [
        ("licensed", 200, "Licensed", "Yes"),
        ("leadership", 200, "Licensed, but not for personal guidance", "No"),
        ("conditions", 200, "Licensed, with conditions", "Yes"),
        ("not_licensed", 200, "Not licensed", "No"),
        ("lapsed", 200, "The licence has ended", "No"),
        ("suspended", 200, "Suspended", "No"),
        ("removed", 200, "Removed from the register", "No"),
        ("retired", 200, "Retired from the register", "No"),
        ("merged", 200, "This number was joined to another", None),
        ("never_issued", 404, "Nobody has this number", None),
    ],
)
async def test_each_verdict_is_headed_in_plain_words(
    state: str, status: int, heading: str, guidance: str | None
) -> None:
    fake = register()
    answer = await get("/check", fake, number=NUMBERS[state])
    assert answer.status_code == status
    assert f'<h1 id="verdict-title">{heading}</h1>' in answer.text
    assert fake.verdicts[NUMBERS[state]]["sentence"] in answer.text
    assert NUMBERS[state] in words(answer)
    if guidance is None:
        assert "May give personal careers guidance" not in words(answer)
    else:
        assert f"May give personal careers guidance {guidance}" in words(answer)
    assert "Checked at 9:30am on 21 November 2026" in words(answer)


async def test_conditions_dates_and_decisions_are_told() -> None:
    said = words(await get("/check", number=NUMBERS["conditions"]))
    assert "Gives no guidance by telephone." in said
    assert "1 September 2026 to 31 August 2027" in said
    assert "Conditions of practice from 1 October 2026: Agreed after a complaint." in said
    suspended = words(await get("/check", number=NUMBERS["suspended"]))
    assert "from 2 November 2026 until 1 May 2027" in suspended


async def test_the_name_is_told_so_that_it_can_be_compared() -> None:
    assert "Name Siân Angharad Rhys-Okonkwo" in words(await get("/check", number=NUMBERS["licensed"]))


async def test_specialisms_are_told_in_words_and_by_their_code_where_there_are_none() -> None:
    told = words(await get("/check", number=NUMBERS["licensed"]))
    assert "Science, technology, engineering and mathematics LDD" in told


async def test_the_verdict_stands_without_the_name() -> None:
    fake = FakeRegister({NUMBER: verdict()})
    whole = fake.transport().handler

    def nameless(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/practitioners/batch":
            return httpx.Response(500)
        fake.instead = None
        try:
            return whole(request)  # type: ignore[return-value]
        finally:
            fake.instead = nameless

    fake.instead = nameless
    answer = await get("/check", fake, number=NUMBER)
    assert answer.status_code == 200
    assert "Name" not in words(answer)
    assert "Licensed" in words(answer)


@pytest.mark.parametrize("fault", broken_answers())
async def test_when_the_register_gives_no_answer_the_page_says_so_and_no_verdict(fault: str) -> None:
    answer = await get("/check", FakeRegister(instead=broken_answers()[fault]), number=NUMBER)
    said = words(answer)
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert said.startswith("We cannot say just now")
    assert "This says nothing about the person" in said
    assert "not licensed" not in said.lower()
    assert "may give" not in said.lower()


@pytest.mark.parametrize(
    ("status", "shown", "says"),
    [
        (429, 429, "Too many numbers are being checked"),
        (401, 503, "We cannot say just now"),
        (403, 503, "We cannot say just now"),
        (404, 503, "We cannot say just now"),
        (413, 503, "We cannot say just now"),
        (422, 400, "There is a problem"),
        (400, 400, "There is a problem"),
    ],
)
async def test_a_refusal_of_the_register_is_no_verdict(status: int, shown: int, says: str) -> None:
    fake = FakeRegister(instead=lambda _: refusal(status, "some-refusal", "Because of this."))
    answer = await get("/check", fake, number=NUMBER)
    assert answer.status_code == shown
    assert says in words(answer)
    assert "not licensed" not in words(answer).lower()


@pytest.mark.parametrize(
    ("params", "field", "says"),
    [
        ({"number": ""}, "number", "Enter a registration number"),
        ({"number": "   "}, "number", "Enter a registration number"),
        ({"number": "CR1234567"}, "number", "The number is too short."),
        ({"number": "9" * 300}, "number", "A registration number is 10 characters long"),
        ({"number": NUMBER, "valid_at": "31/02/2026"}, "valid_at", "must be a real day"),
        ({"number": NUMBER, "valid_at": "yesterday"}, "valid_at", "must be a real day"),
        ({"number": NUMBER, "known_at": "2026-13-01"}, "known_at", "must be a real day"),
        ({"number": NUMBER, "known_at": "22/11/2026"}, "known_at", "must be today or in the past"),
    ],
)
async def test_a_mistake_is_said_beside_its_field_and_at_the_top(
    params: dict[str, str], field: str, says: str
) -> None:
    answer = await get("/check", **params)
    assert answer.status_code == 400
    assert "<title>Error: " in answer.text
    assert f'<a href="#{field}">' in answer.text
    assert f'id="{field}-error"' in answer.text
    assert f"{field}-hint {field}-error" in answer.text
    assert words(answer).count(says) == 2


async def test_what_was_typed_is_kept_and_never_taken_for_markup() -> None:
    evil = '"><script>alert(1)</script>{{7*7}}'
    answer = await get("/check", number="", valid_at=evil)
    assert "<script>" not in answer.text
    assert "&lt;script&gt;" in answer.text


async def test_markup_from_the_register_is_shown_as_text() -> None:
    said = verdict(sentence="<img src=x onerror=alert(1)>", conditions=["<b>bold</b>"])
    answer = await get("/check", FakeRegister({NUMBER: said}), number=NUMBER)
    assert "<img" not in answer.text
    assert "<b>bold" not in answer.text


@pytest.mark.parametrize(
    "number", ["\x00", "\ud7ff", "../../etc", "a/b?c#d", "%", "𝕮𝕽", "<b>", "'; drop table people"]
)
async def test_any_text_may_be_asked_for(number: str) -> None:
    fake = FakeRegister()
    answer = await get("/check", fake, number=number)
    assert answer.status_code == 404
    assert fake.bodies()[0] == {"rows": [{"number": number}]}


async def test_broken_encoding_in_the_address_breaks_nothing() -> None:
    for query in ("number=%ff%fe", "number=%", "number=a&number=b", "%00=%00", "number[]=1"):
        answer = await get(f"/check?{query}", FakeRegister())
        assert answer.status_code in {400, 404}


async def test_the_days_asked_are_those_that_the_register_is_asked() -> None:
    fake = FakeRegister({NUMBER: verdict()})
    answer = await get("/check", fake, number=NUMBER, valid_at="30/03/2026", known_at="29 March 2026")
    assert fake.bodies()[0] == {
        "rows": [{"number": NUMBER}],
        "valid_at": "2026-03-30",
        "known_at": "2026-03-29T22:59:59.999999Z",  # the end of that day in London, in summer time
    }
    assert "This is the answer for 30 March 2026 , not for today" in words(answer)
    assert "as the register knew it at the end of 29 March 2026" in words(answer)


async def test_a_day_to_come_is_said_to_be_one() -> None:
    fake = FakeRegister({NUMBER: verdict()})
    said = words(await get("/check", fake, number=NUMBER, valid_at="2027-01-04"))
    assert "That day has not come yet" in said


async def test_what_is_known_today_is_what_is_known_now() -> None:
    fake = FakeRegister({NUMBER: verdict()})
    await get("/check", fake, number=NUMBER, known_at="21/11/2026")
    assert fake.bodies()[0] == {"rows": [{"number": NUMBER}]}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-21", date(2026, 11, 21)),
        ("21/11/2026", date(2026, 11, 21)),
        ("1.3.2026", date(2026, 3, 1)),
        (" 1st March 2026 ", date(2026, 3, 1)),
        ("29 feb 2028", date(2028, 2, 29)),
        ("29/02/2026", None),
        ("11/21/2026", None),
        ("1 Mai 2026", None),
        ("21/11/26", None),
        ("0000-00-00", None),
        ("1899-12-31", None),
        ("٢١/١١/٢٠٢٦", None),
        ("", None),
    ],
)
def test_days_are_read_as_people_write_them(text: str, day: date | None) -> None:
    assert day_written(text) == day


@pytest.mark.parametrize(
    "path", ["/", f"/check?number={NUMBER}", "/check?number=", "/errors", "/nothing-here"]
)
async def test_a_page_can_do_nothing_but_be_read(path: str) -> None:
    answer = await get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert "<script" not in answer.text
    assert " style=" not in answer.text
    assert not re.search(r'(src|href|action)="(https?:)?//', answer.text)


async def test_a_person_sees_a_page_where_there_is_nothing_and_a_program_a_problem() -> None:
    async with client_of(make_app(FakeRegister())) as http:
        for path in (
            "/nothing",
            "/static/../app.py",
            "/static/%2e%2e/app.py",
            "/errors/nothing",
            "/docs?service=x",
        ):
            page = await http.get(path, headers=BROWSER)
            assert page.status_code == 404
            assert "Page not found" in page.text
        for path, accept in (("/nothing", "application/json"), ("/v1/nothing", BROWSER["Accept"])):
            problem = await http.get(path, headers={"Accept": accept})
            assert problem.status_code == 404
            assert problem.json()["code"] == "no-such-path"


async def test_a_fault_shows_a_person_a_page_with_the_request_id_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = make_app(FakeRegister())

    async def breaks(*_: Any, **__: Any) -> None:
        raise KeyError("secret-canary")

    monkeypatch.setattr(app.state.neighbours.register, "licence", breaks)
    async with client_of(app) as http:
        page = await http.get(f"/check?number={NUMBER}", headers={**BROWSER, "X-Request-Id": "r-1"})
        problem = await http.get(f"/check?number={NUMBER}", headers={"X-Request-Id": "r-2"})
    assert (page.status_code, problem.status_code) == (500, 500)
    assert page.headers["x-request-id"] == "r-1"
    assert "r-1" in page.text
    assert "canary" not in page.text + problem.text
    assert problem.json()["instance"] == "r-2"


async def test_the_page_asks_in_nobodys_name() -> None:
    fake = FakeRegister({NUMBER: verdict()})
    async with client_of(make_app(fake)) as http:
        await http.get(f"/check?number={NUMBER}", headers={"Authorization": "Bearer stolen", **BROWSER})
    assert fake.asked
    assert all("authorization" not in request.headers for request in fake.asked)
