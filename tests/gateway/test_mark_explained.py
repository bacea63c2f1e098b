"""What the mark means: in plain words, with what is published and where that comes from, unknowns said so."""

import httpx

from tests.gateway.front import FakeRegister, client_of, make_app
from tests.gateway.neighbours import FakeKitemark
from tests.gateway.test_pages import words

PATH = "/what-the-mark-means"


async def get(path: str, kitemark: FakeKitemark | None = None) -> httpx.Response:
    app = make_app(FakeRegister(), kitemark=httpx.MockTransport(kitemark or FakeKitemark()))
    async with client_of(app) as http:
        return await http.get(path, headers={"Accept": "text/html"})


async def test_it_tells_who_stands_behind_the_mark_today_and_where_that_is_written() -> None:
    answer = await get(PATH)
    said = words(answer)
    assert answer.status_code == 200
    assert "The edition in force is Revision of 2025 , since 1 September 2025" in said
    assert "The list is not complete. Personal guidance" in said
    assert "One scheme is nationally validated today, of 3 that sources name" in said
    assert "The Standard Validated since 13 March 2017. Kept by The Keeper." in said
    assert (
        "Northern Careers 31 March 2017 Area: North West and beyond. Whether it is still held is not" in said
    )
    assert 'href="#source-W2"' in answer.text
    assert 'id="source-W2"' in answer.text
    assert "A document that nothing here names" not in said


async def test_what_was_chosen_here_is_said_to_be_no_fact_of_a_source() -> None:
    said = words(await get(PATH))
    assert "An award goes on counting until its own last day" in said
    assert "Default of this service." in said


async def test_invented_schemes_stand_behind_nothing() -> None:
    said = words(await get(PATH))
    assert "Sample award" not in said
    assert "1 invented scheme" in said


async def test_every_word_of_the_mark_is_explained_and_told_apart() -> None:
    text = (await get(PATH)).text
    terms = [part.partition("</dt>")[0] for part in text.split("<dt>")[1:8]]
    assert len(set(terms)) == 7


async def test_without_the_kite_mark_the_words_stand_and_the_facts_are_said_to_be_missing() -> None:
    answer = await get(PATH, FakeKitemark(status=500))
    said = words(answer)
    assert answer.status_code == 200
    assert "What it does not tell you" in said
    assert "This cannot be said just now" in said
    assert "The edition in force" not in said


async def test_it_is_led_to_from_home_and_from_the_page_of_a_school() -> None:
    for path in ("/", "/school?urn=100001"):
        assert f'href="{PATH}"' in (await get(path)).text.partition("<main")[2].partition("</main>")[0]
