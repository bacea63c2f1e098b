"""What people do with the public page, in a real browser: with keys only, without scripts, on a phone."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from tests.gateway.browser.states import NUMBERS, PAGES

pytestmark = pytest.mark.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
MODES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
}
# One state for each colour and each part of a page; the others differ from these in words alone.
DISTINCT = ("form", "three mistakes", "licensed", "conditions", "suspended", "merged", "down", "another day",
            "school", "school mistake", "people found", "provider",
            "what the mark means", "offers found", "offers mistake", "career map",
            "figures")  # fmt: skip


@asynccontextmanager
async def tab(browser: Browser, site: str, **options: Any) -> AsyncIterator[Page]:
    """Open a window of its own, which fails when anything is asked of another place."""
    context = await browser.new_context(base_url=site, **options)
    outside: list[str] = []
    page = await context.new_page()
    page.on("request", lambda request: _note(request.url, site, outside))
    try:
        yield page
        assert outside == []
    finally:
        await context.close()


def _note(url: str, site: str, outside: list[str]) -> None:
    if not url.startswith((site, "data:", "blob:")):
        outside.append(url)


@pytest.mark.parametrize("mode", MODES)
async def test_no_state_breaks_the_rules_of_accessibility(browser: Browser, site: str, mode: str) -> None:
    found: dict[str, list[str]] = {}
    async with tab(browser, site, **MODES[mode]) as page:
        for state in PAGES if mode == "light" else DISTINCT:
            await page.goto(PAGES[state])
            result = await Axe().run(page, options=RULES)
            violations = [
                f"{each['id']}: {each['nodes'][0]['html']}" for each in result.response["violations"]
            ]
            if violations:
                found[state] = violations
    assert found == {}


@pytest.mark.parametrize("path", ["/graphiql", "/docs"])
async def test_the_head_of_the_tools_keeps_the_rules_too(browser: Browser, site: str, path: str) -> None:
    async with tab(browser, site) as page:
        await page.goto(path)
        result = await Axe().run(page, context=".tools-head", options=RULES)
    assert result.violations_count == 0, result.generate_report()


@pytest.mark.parametrize("width", [320, 390])
async def test_on_a_phone_nothing_has_to_be_scrolled_sideways(
    browser: Browser, site: str, width: int
) -> None:
    async with tab(browser, site, viewport={"width": width, "height": 700}, has_touch=True) as page:
        for path in PAGES.values():
            await page.goto(path)
            wide = await page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, path


async def test_at_four_times_the_size_nothing_has_to_be_scrolled_sideways(
    browser: Browser, site: str
) -> None:
    async with tab(browser, site, viewport={"width": 320, "height": 256}, device_scale_factor=4) as page:
        await page.goto(PAGES["conditions"])
        assert await page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_number_is_checked_by_keys_alone(browser: Browser, site: str, scripts: bool) -> None:
    async with tab(browser, site, java_script_enabled=scripts) as page:
        await page.goto("/")
        press, text = page.keyboard.press, page.keyboard.type
        await _tab_to(press, page, "Skip to main content")
        await press("Enter")
        await press("Tab")
        await text(NUMBERS["suspended"])
        await press("Enter")
        await page.wait_for_url("**/check**")
        assert await page.get_by_role("heading", level=1).inner_text() == "Suspended"


async def _tab_to(press: Callable[[str], Awaitable[None]], page: Page, name: str) -> None:
    await press("Tab")
    assert await page.locator(":focus").inner_text() == name


async def test_without_scripts_a_number_typed_is_answered(browser: Browser, site: str) -> None:
    async with tab(browser, site, java_script_enabled=False) as page:
        await page.goto("/")
        await page.get_by_label("Registration number").fill(NUMBERS["licensed"])
        await page.get_by_role("button", name="Check this number").click()
        assert await page.get_by_role("heading", level=1).inner_text() == "Licensed"
        assert await page.title() == (f"Licensed: {NUMBERS['licensed']} – Register of careers professionals")
        await page.get_by_role("link", name="Check another number").click()
        assert page.url == f"{site}/"


async def test_without_scripts_another_day_can_be_asked_for(browser: Browser, site: str) -> None:
    async with tab(browser, site, java_script_enabled=False) as page:
        await page.goto("/")
        await page.get_by_label("Registration number").fill(NUMBERS["licensed"])
        await page.get_by_text("Check another day than today").click()
        await page.get_by_label("On what day?").fill("30 March 2026")
        await page.get_by_role("button", name="Check this number").click()
        assert "This is the answer for 30 March 2026" in await page.locator("main").inner_text()


async def test_a_mistake_is_led_to_from_the_top_and_read_out_with_its_field(
    browser: Browser, site: str
) -> None:
    async with tab(browser, site) as page:
        await page.goto(PAGES["three mistakes"])
        assert (await page.title()).startswith("Error: ")
        await page.get_by_role("alert").get_by_role("link").nth(1).click()
        field = page.get_by_label("On what day?")
        assert await field.evaluate("each => each === document.activeElement")
        assert await field.get_attribute("aria-invalid") == "true"
        described = (await field.get_attribute("aria-describedby") or "").split()
        said = [await page.locator(f"#{each}").inner_text() for each in described]
        assert "must be a real day" in " ".join(said)


async def test_every_stop_of_the_tab_key_can_be_seen(browser: Browser, site: str) -> None:
    async with tab(browser, site) as page:
        for path in (PAGES["three mistakes"], PAGES["licensed"]):
            await page.goto(path)
            stops = await page.locator("a, button, input:not([type=hidden]), summary").count()
            for _ in range(stops):
                await page.keyboard.press("Tab")
                outline = await page.locator(":focus").evaluate("each => getComputedStyle(each).outlineStyle")
                assert outline != "none"


async def test_a_page_has_its_landmarks_and_one_heading(browser: Browser, site: str) -> None:
    async with tab(browser, site) as page:
        for path in PAGES.values():
            await page.goto(path)
            for role in ("banner", "main", "contentinfo"):
                assert await page.get_by_role(role).count() == 1, path  # type: ignore[arg-type]
            assert await page.get_by_role("heading", level=1).count() == 1, path


async def test_no_page_keeps_anything_in_the_browser(browser: Browser, site: str) -> None:
    async with tab(browser, site) as page:
        for path in (*PAGES.values(), "/graphiql", "/docs"):
            await page.goto(path)
            assert await page.context.cookies() == []
            assert await page.evaluate("localStorage.length + sessionStorage.length") == 0


async def test_when_the_register_is_down_it_can_be_tried_again(browser: Browser, site: str) -> None:
    async with tab(browser, site) as page:
        await page.goto(PAGES["down"])
        assert await page.get_by_role("heading", level=1).inner_text() == "We cannot say just now"
        await page.get_by_role("button", name="Try again").click()
        assert page.url == f"{site}/check?number={NUMBERS['down']}"


async def test_a_printed_verdict_keeps_what_matters(browser: Browser, site: str) -> None:
    async with tab(browser, site) as page:
        await page.goto(PAGES["licensed"])
        await page.emulate_media(media="print")
        assert await page.get_by_role("heading", level=1).is_visible()
        assert await page.locator("#checked").is_visible()
        assert not await page.get_by_role("link", name="Check another number").is_visible()
        sheets = re.findall(rb"/Type\s*/Page[^s]", await page.pdf(format="A4"))
        assert len(sheets) == 1
