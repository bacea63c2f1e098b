"""The documentation in a real browser, with nothing to be had from elsewhere."""

import pytest
from playwright.async_api import Browser, Page

from tests.gateway.browser.test_public_page import tab

pytestmark = pytest.mark.browser


def listen(page: Page) -> list[str]:
    """Return the list into which every complaint of the page goes, those about its policy included."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    return complaints


@pytest.mark.parametrize("example", ["1-licence-today", "2-licence-on-a-day", "3-many-practitioners"])
async def test_the_explorer_runs_each_example(browser: Browser, site: str, example: str) -> None:
    async with tab(browser, site, viewport={"width": 1280, "height": 900}) as page:
        complaints = listen(page)
        await page.goto(f"/graphiql?example={example}")
        await page.get_by_role("button", name="Execute query").click()
        result = page.get_by_role("region", name="Result Window")
        await result.get_by_text("never_issued").first.wait_for()
    assert complaints == []


async def test_the_explorer_shows_the_schema(browser: Browser, site: str) -> None:
    async with tab(browser, site, viewport={"width": 1280, "height": 900}) as page:
        await page.goto("/graphiql")
        await page.get_by_role("button", name="Show Documentation Explorer").click()
        await (
            page.get_by_text("Questions that anyone may ask.")
            .or_(page.get_by_text("Query").first)
            .first.wait_for()
        )


@pytest.mark.parametrize("service", ["register", "gateway"])
async def test_the_documentation_is_laid_out(browser: Browser, site: str, service: str) -> None:
    async with tab(browser, site, viewport={"width": 1280, "height": 900}) as page:
        complaints = listen(page)
        await page.goto(f"/docs?service={service}")
        await page.locator("#swagger-ui .info .title", has_text=service.capitalize()).wait_for()
    assert complaints == []


async def test_an_operation_can_be_tried(browser: Browser, site: str) -> None:
    async with tab(browser, site, viewport={"width": 1280, "height": 1200}) as page:
        complaints = listen(page)
        await page.goto("/docs")
        await page.locator(".opblock-summary", has_text="/v1/things").click()
        await page.get_by_role("button", name="Try it out").click()
        await page.get_by_role("button", name="Execute").click()
        await page.locator(
            ".responses-table.live-responses-table .response-col_status", has_text="200"
        ).wait_for()
    assert complaints == []


async def test_a_client_can_authorise(browser: Browser, site: str) -> None:
    async with tab(browser, site, viewport={"width": 1280, "height": 1200}) as page:
        await page.goto("/docs")
        await page.get_by_role("button", name="Authorize").first.click()
        dialog = page.locator(".dialog-ux")
        await dialog.locator("input[data-name=clientId], #client_id_clientCredentials").first.fill("someone")
        await dialog.locator("input[data-name=clientSecret], #client_secret_clientCredentials").first.fill(
            "secret"
        )
        async with page.expect_request("**/oauth/token") as asked:
            await dialog.get_by_role("button", name="Apply given OAuth2 credentials").click()
        request = await asked.value
    assert request.url == f"{site}/oauth/token"
    assert (request.post_data or "").startswith("grant_type=client_credentials")
