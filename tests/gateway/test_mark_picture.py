"""The mark of a school on its own website: today's, never stale, and a picture whatever happens."""

import httpx
import pytest

from services.gateway.pages.marks import FRESH
from tests.gateway.front import FakeRegister, client_of, make_app
from tests.gateway.neighbours import FakeKitemark


async def get(path: str, kitemark: FakeKitemark, **headers: str) -> httpx.Response:
    app = make_app(FakeRegister(), kitemark=httpx.MockTransport(kitemark))
    async with client_of(app) as http:
        return await http.get(path, headers=headers)


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        ("fully_meets", "Fully meets the standard"),
        ("expired", "No current award"),
        ("none", "No award recorded"),
    ],
)
async def test_it_shows_the_mark_of_today(mark: str, words: str) -> None:
    answer = await get("/mark/100001.svg", FakeKitemark(mark))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert answer.headers["cache-control"] == FRESH
    assert f'<title id="mark-title">Careers guidance mark of school 100001: {words}</title>' in answer.text
    again = await get("/mark/100001.svg", FakeKitemark(mark), **{"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    changed = await get(
        "/mark/100001.svg", FakeKitemark("withdrawn"), **{"If-None-Match": answer.headers["etag"]}
    )
    assert changed.status_code == (304 if mark == "expired" else 200)


async def test_while_nobody_knows_it_says_so_and_is_not_kept() -> None:
    answer = await get("/mark/100001.svg", FakeKitemark(status=500))
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert "Not known just now" in answer.text


async def test_it_can_do_nothing_but_be_looked_at() -> None:
    answer = await get("/mark/%3Cscript%3E.svg", FakeKitemark())
    assert "<script>" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "No such school number" in (await get(f"/mark/{'1' * 30}.svg", FakeKitemark())).text
