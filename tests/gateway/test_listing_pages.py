"""Awards, CPD and courses are searched by addresses that can be shared; what is not known is said so."""

import httpx
import pytest

from tests.gateway.front import FakeRegister, client_of, make_app
from tests.gateway.neighbours import FakeCpd, FakeKitemark, refusal
from tests.gateway.test_pages import words

LOST = FakeRegister(instead=lambda _: httpx.Response(500))


async def get(
    path: str,
    *,
    register: FakeRegister | None = None,
    cpd: FakeCpd | None = None,
    kitemark: FakeKitemark | None = None,
) -> httpx.Response:
    app = make_app(
        register or FakeRegister(),
        cpd=httpx.MockTransport(cpd or FakeCpd()),
        kitemark=httpx.MockTransport(kitemark or FakeKitemark()),
    )
    async with client_of(app) as http:
        return await http.get(path, headers={"Accept": "text/html"})


def found(answer: httpx.Response) -> str:
    """Return what stands below the form."""
    return words(answer).partition("Show these")[2]


async def test_an_award_is_shown_with_what_is_known_of_it_and_what_is_not() -> None:
    answer = await get("/awards")
    said = found(answer)
    for part in (
        "4 found",
        "Given by Northern Careers Area North West and beyond",
        "Bronze: what it means for the mark is not known",
        "Full award: fully meets the standard",
        "Holds for 2 years",
        "Nationally validated From 11 July 2014 to 12 March 2017",
        "A body of no known area Area Not known",
        "Nationally validated Not on record",
        "Invented, for trying this service out",
    ):
        assert part in said
    assert "Local Award <b>" not in answer.text


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("q=northern+local", ["Local Award &lt;b&gt;"]),
        ("body=KEEPER", ["The Standard", "Sample award (invented)"]),
        ("area=not_known", ["Plain Award"]),
        ("years=2", ["Local Award &lt;b&gt;"]),
        ("years=not_known&recognised=today", ["The Standard"]),
        ("recognised=earlier", ["Local Award &lt;b&gt;"]),
        ("recognised=not_known&stages=several", ["Plain Award"]),
        ("stages=one", []),
        ("after=LOCAL", ["Plain Award", "Sample award (invented)"]),
    ],
)
async def test_an_award_is_found_by_each_thing_that_is_known_of_it(query: str, titles: list[str]) -> None:
    text = (await get(f"/awards?{query}")).text
    assert [part.partition("</h3>")[0] for part in text.split("<h3>")[1:]] == titles
    assert ("Nothing found" in text) is (titles == [])


async def test_a_long_list_of_awards_is_turned_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.gateway.pages.awards.PER_PAGE", 2)
    first = await get("/awards?body=&q=a")
    assert 'href="/awards?q=a&amp;after=LOCAL"' in first.text
    assert "first page" not in first.text
    last = await get("/awards?q=a&after=LOCAL")
    assert 'href="/awards?q=a"' in last.text
    assert "Next page" not in last.text


async def test_an_offer_is_shown_with_its_days_and_cost_and_what_nobody_told() -> None:
    cpd = FakeCpd()
    answer = await get("/cpd?specialism=stem&q=&free=true", cpd=cpd)
    said = found(answer)
    for part in (
        "Offered by Institute of Career Guidance How Workshop Where Leeds, Yorkshire and The Humber",
        "When 12 January 2027 to 13 January 2027 Hours 6.5 Cost Free",
        "Specialisms Science and engineering",
        "Nobody keeps this entry: a source names it How Online Where Not known When Not known",
    ):
        assert part in said
    assert 'href="https://offers.example/a-day"' in answer.text
    assert "javascript:" not in answer.text
    assert "&lt;b&gt;and&lt;/b&gt;" in answer.text
    assert "/cpd?specialism=stem&amp;free=true&amp;after=more%2Bof%2Fit" in answer.text
    asked = next(each.url.params for each in cpd.asked if each.url.path == "/v1/offers")
    assert dict(asked) == {"specialism": "stem", "free": "true", "limit": "20"}


async def test_without_the_register_offers_are_found_and_its_filters_are_said_to_be_missing() -> None:
    answer = await get("/cpd", register=LOST)
    assert answer.status_code == 200
    assert "Offered by ICG" in found(answer)
    assert "Some filters cannot be offered just now" in answer.text
    assert 'name="region"' not in answer.text


async def test_a_course_is_shown_as_its_directory_tells_it_with_how_near_that_comes() -> None:
    said = found(await get("/courses?region=D"))
    for part in (
        "From the edition 2008-09 of the directory",
        "Awarded by Exampleton University, Yorkshire and The Humber Leads to Certificate, Level 6",
        "How Taught at the university Open to people in Yorkshire and The Humber, through a partner there "
        "(said of courses of this sort)",
        "One of these, the source does not say which: nothing, a degree Takes Up to 24 months, part-time",
        "No source says Setting",
        "4 more courses may fit, but no source says so. Show them too",
    ):
        assert part in said
    assert "may fit" not in found(await get("/courses?possible=true"))


async def test_what_finds_nothing_tells_what_to_do() -> None:
    cpd = FakeCpd()
    cpd.instead["/v1/offers"] = httpx.Response(200, json={"items": [], "next": None})
    said = found(await get("/cpd?q=zz", cpd=cpd))
    assert "Nothing found Use fewer filters" in said
    assert "See all, without filters" in said


@pytest.mark.parametrize("path", ["/awards", "/cpd", "/courses"])
async def test_what_cannot_be_asked_is_asked_for_again(path: str) -> None:
    for wrong in ("x" * 201, "a%00b"):
        answer = await get(f"{path}?q={wrong}")
        assert answer.status_code == 400
        assert "Type fewer words" in answer.text
        assert 'aria-invalid="true"' in answer.text


async def test_what_the_service_refuses_is_said_beside_the_field() -> None:
    cpd = FakeCpd()
    error = {"pointer": "query:/delivery", "code": "enum", "detail": "There is no such way."}
    cpd.instead["/v1/offers"] = refusal(422, "input-not-valid", errors=[error])
    answer = await get("/cpd?delivery=pigeon", cpd=cpd)
    assert answer.status_code == 400
    assert 'id="delivery-error"' in answer.text
    assert 'value="pigeon" selected' in answer.text
    cpd.instead["/v1/offers"] = refusal(400, "cursor-not-readable", "This cursor was not given out here.")
    answer = await get("/cpd?after=made-up", cpd=cpd)
    assert answer.status_code == 400
    assert "This page of the list cannot be shown any more" in answer.text


async def test_a_service_that_is_away_finds_nothing_and_says_so() -> None:
    cpd = FakeCpd()
    cpd.instead["/v1/offers"] = httpx.Response(500)
    for answer in (
        await get("/awards?q=a", kitemark=FakeKitemark(status=500)),
        await get("/cpd?q=a", cpd=cpd),
        await get("/courses?q=a", register=LOST),
    ):
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert "We cannot search just now" in answer.text
        assert 'q=a">Try again' in answer.text
