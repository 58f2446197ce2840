"""Check my site, in words: a real page on this machine, under several policies."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import expect

from tests.support.browser import Browsers, open_person
from tests.support.browser_agent import Console
from tests.support.browser_axe import violations
from tests.support.running import Running
from tests.support.website import Website, run_website

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

OWNER = "olivia@teahouse.example"


@pytest.fixture
def website() -> Iterator[Website]:
    with run_website() as opened:
        yield opened


class Checker:
    def __init__(self, console: Console, website: Website) -> None:
        self.page, self.t, self.website = console.page, console.t, website
        self.found = console.page.get_by_role("listitem").filter(
            has=console.page.locator("svg[aria-label]")
        )

    async def says(self, *keys: str, **about: str) -> None:
        """Exactly these findings, in this order."""
        await self.page.get_by_role("button", name=self.t("check.do"), exact=True).click()
        known = {"address": f"{self.website.origin('lamps')}/", **about}
        for place, key in enumerate(keys):
            words = self.t(f"check.{key}", **known)
            await expect(self.found.nth(place)).to_contain_text(words)
        await expect(self.found).to_have_count(len(keys))


@asynccontextmanager
async def checking(
    browsers: Browsers, demo: Running, website: Website, **options: object
) -> AsyncIterator[Checker]:
    """A new site that may stand on `lamps`."""
    async with open_person(browsers.blocking, **options) as owner:
        language = str(options.get("locale", "en"))
        console = Console(await owner.page(), demo.origin, language)
        await console.sign_in(OWNER)
        page, t = console.page, console.t
        await console.go("sites/new")
        await page.get_by_label(t("site.name"), exact=True).fill("Checked lamps")
        await page.get_by_role("combobox", name=t("site.origins")).fill(website.origin("lamps"))
        await page.get_by_role("combobox", name=t("site.origins")).press("Enter")
        await page.get_by_role("button", name=t("site.create")).click()
        await expect(page.get_by_role("heading", name=t("check.title"))).to_be_visible()
        website.snippet = await page.locator("code").first.inner_text()
        yield Checker(console, website)


async def test_a_good_page_is_said_to_be_good(
    browsers: Browsers, demo: Running, website: Website
) -> None:
    async with checking(browsers, demo, website) as checker:
        await checker.says("page_found", "snippet_found", "csp_none")
        website.headers = {"Content-Security-Policy": f"default-src 'self' {demo.origin}"}
        await checker.says("page_found", "snippet_found", "csp_fine")
        assert await violations(checker.page) == []


async def test_a_page_without_the_line_is_told_what_to_do(
    browsers: Browsers, demo: Running, website: Website
) -> None:
    async with checking(browsers, demo, website) as checker:
        website.snippet = ""
        await checker.says("page_found", "snippet_missing", "csp_none")


async def test_a_strict_policy_is_answered_with_the_line_that_it_needs(
    browsers: Browsers, demo: Running, website: Website
) -> None:
    async with checking(browsers, demo, website) as checker:
        policy = f"default-src 'self'; script-src 'self' {demo.origin}"
        website.headers = {"Content-Security-Policy": policy}
        await checker.says("page_found", "snippet_found", "csp_frame", "csp_connect")
        await expect(checker.found.nth(2)).to_contain_text(f"frame-src 'self' {demo.origin}")
        await expect(checker.found.nth(3)).to_contain_text(f"connect-src 'self' {demo.origin}")


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW"])
async def test_it_speaks_the_owners_language(
    browsers: Browsers, demo: Running, website: Website, language: str
) -> None:
    async with checking(browsers, demo, website, locale=language) as checker:
        website.headers = {"Content-Security-Policy": "script-src 'self'"}
        await checker.says("page_found", "snippet_found", "csp_script")


async def test_another_website_is_not_visited(
    browsers: Browsers, demo: Running, website: Website
) -> None:
    async with checking(browsers, demo, website) as checker:
        other = website.origin("stolen")
        await checker.page.get_by_label(checker.t("check.address")).fill(other)
        await checker.says("origin_missing", origin=other)
