"""A browser from Taiwan meets the words of Taiwan everywhere, without choosing anything."""

import pytest
from playwright.async_api import Locator, expect

from chatserver.web.languages import VISITORS, direction
from tests.support.browser import DESKTOP, Browsers, open_person
from tests.support.browser_agent import Console
from tests.support.browser_visitor import Widget
from tests.support.browser_words import Words
from tests.support.running import Running

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TAIWAN = {**DESKTOP, "locale": "zh-TW"}


async def test_the_panel_speaks_as_the_page_around_it(browsers: Browsers, demo: Running) -> None:
    async with open_person(browsers.blocking, **TAIWAN) as vera:
        widget = Widget(await vera.page(), "zh-TW")
        await widget.page.goto(demo.shop)
        await has_language(widget.page.locator("html"), "zh-TW")
        await expect(widget.launcher).to_have_accessible_name(widget.open_label)
        await widget.open()
        await has_language(widget.panel.locator("html"), "zh-TW")
        await expect(widget.panel.get_by_role("button", name=widget.t("send"))).to_be_attached()


@pytest.mark.parametrize("language", VISITORS)
async def test_a_visitor_of_every_language_is_served_in_it(
    browsers: Browsers, demo: Running, language: str
) -> None:
    async with open_person(browsers.blocking, **{**DESKTOP, "locale": language}) as vera:
        widget = Widget(await vera.page(), language)
        await widget.page.goto(demo.shop)  # which speaks three, and so must not be asked
        key = await widget.page.locator("script[data-site]").get_attribute("data-site")
        await widget.page.goto(f"{demo.origin}/frame?site={key}")
        html = widget.page.locator("html")
        await has_language(html, language)
        await expect(html).to_have_attribute("dir", direction(language))
        panel = widget.page.get_by_role("main")
        field = panel.get_by_role("textbox", name=widget.t("compose"))
        await expect(field).to_have_attribute("placeholder", widget.t("compose.hint"))
        await expect(panel.get_by_role("button", name=widget.t("send"))).to_be_visible()


async def test_pages_and_console_speak_as_the_browser_and_then_as_chosen(
    browsers: Browsers, demo: Running
) -> None:
    async with open_person(browsers.blocking, **TAIWAN) as sam:
        console = Console(await sam.page(), demo.origin, "zh-TW")
        page, pages = console.page, Words("pages", "zh-TW")
        await page.goto(f"{demo.origin}/agent/")
        await has_language(page.locator("html"), "zh-TW")
        await expect(page.get_by_role("heading", name=pages("sign_in.title"))).to_be_visible()
        await expect(page.get_by_label(pages("label.email"))).to_be_visible()
        await console.sign_in("sam@teahouse.example")
        await has_language(page.locator("html"), "zh-TW")
        await console.go("profile")
        chooser = page.get_by_role("combobox", name=console.t("profile.locale"))
        await expect(chooser).to_have_value("zh-TW")
        await chooser.select_option("en")  # which is what Sam reads in the other tests, too
        await page.get_by_role("button", name=console.t("common.save"), exact=True).click()
        await has_language(page.locator("html"), "en")
        await Console(page, demo.origin).go("profile")


async def has_language(html: Locator, language: str) -> None:
    await expect(html).to_have_attribute("lang", language)
