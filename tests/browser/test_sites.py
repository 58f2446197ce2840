"""The owner makes a site; its colour, corner and greeting arrive, and only where it may stand."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import expect

from tests.support.browser import Browsers, Person, open_person
from tests.support.browser_agent import Console
from tests.support.browser_visitor import Widget
from tests.support.running import Running
from tests.support.website import Website, run_website

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

OWNER = "olivia@teahouse.example"
# How long the loader gives a frame before it says that there will be none.
LOADER_MS = 10_000


@pytest.fixture
def website() -> Iterator[Website]:
    with run_website() as opened:
        yield opened


@asynccontextmanager
async def at_home(browsers: Browsers, demo: Running) -> AsyncIterator[Console]:
    async with open_person(browsers.blocking) as owner:
        console = Console(await owner.page(), demo.origin)
        await console.sign_in(OWNER)
        yield console


async def make_site(console: Console, name: str, website: Website) -> None:
    """It may stand on `lamps` only; the website carries its snippet from now on."""
    page, t = console.page, console.t
    await console.go("sites")
    await page.get_by_role("link", name=t("site.new")).click()
    await page.get_by_label(t("site.name"), exact=True).fill(name)
    await page.get_by_label(t("site.greeting"), exact=True).fill("Shine on! 欢迎")
    await page.get_by_label(t("site.color"), exact=True).fill("#7a1f5c")
    await page.get_by_text(t("site.position.left"), exact=True).click()
    await page.get_by_role("combobox", name=t("site.origins")).fill(website.origin("lamps"))
    await page.get_by_role("combobox", name=t("site.origins")).press("Enter")
    await page.get_by_role("button", name=t("site.create")).click()
    await expect(page.get_by_role("heading", name=t("site.install"))).to_be_visible()
    website.snippet = await page.locator("code").first.inner_text()


async def save(console: Console) -> None:
    """What was said of the making is dismissed first."""
    page, t = console.page, console.t
    told = page.get_by_text(t("common.saved"))
    await page.get_by_role("button", name=t("common.dismiss")).click()
    await expect(told).to_have_count(0)
    await page.get_by_role("button", name=t("common.save"), exact=True).click()
    await expect(told).to_be_visible()


async def visit(person: Person, origin: str) -> Widget:
    page = await person.page()
    await page.goto(origin)
    return Widget(page)


async def test_a_new_site_looks_as_it_was_made(
    browsers: Browsers, demo: Running, website: Website
) -> None:
    async with (
        at_home(browsers, demo) as console,
        open_person(browsers.blocking) as visitor,
    ):
        await make_site(console, "Lamps", website)
        widget = await visit(visitor, website.origin("lamps"))
        await expect(widget.launcher).to_have_css("background-color", "rgb(122, 31, 92)")
        assert await corner(widget) == "left"
        await widget.open()
        await expect(widget.panel.get_by_role("heading", name="Lamps")).to_be_visible()
        await expect(widget.log).to_contain_text("Shine on! 欢迎")
        await widget.say("Do you ship lamps?")
        await expect(widget.status()).to_have_text(widget.t("sent"))
        await console.go("inbox")
        await console.open("Do you ship lamps?")
        await expect(console.thread).to_contain_text("Lamps")


async def test_changes_reach_the_next_page_view(
    browsers: Browsers, demo: Running, website: Website
) -> None:
    async with (
        at_home(browsers, demo) as console,
        open_person(browsers.blocking) as visitor,
    ):
        page, t = console.page, console.t
        await make_site(console, "Shades", website)
        await page.get_by_role("link", name=t("widget.open"), exact=True).click()
        await page.get_by_role("textbox", name=t("site.color"), exact=True).fill("#b9f2d0")
        await page.keyboard.press("Tab")
        await page.get_by_role("button", name=t("widget.welcome")).click()
        await page.get_by_label(t("site.greeting"), exact=True).fill("Less light, more peace.")
        await page.get_by_role("button", name=t("widget.launcher")).click()
        await page.get_by_text(t("site.position.right"), exact=True).click()
        await save(console)
        widget = await visit(visitor, website.origin("lamps"))
        await expect(widget.launcher).to_have_css("background-color", "rgb(185, 242, 208)")
        assert await corner(widget) == "right"
        await widget.open()
        await expect(widget.log).to_contain_text("Less light, more peace.")


async def test_a_website_that_is_not_allowed_gets_no_frame(
    browsers: Browsers, demo: Running, website: Website
) -> None:
    refusal = ("frame-ancestors", "ERR_BLOCKED_BY_RESPONSE", "postMessage")
    async with (
        at_home(browsers, demo) as console,
        open_person(browsers.blocking, forgives=refusal) as visitor,
    ):
        await make_site(console, "Kept lamps", website)
        page = await visitor.page()
        await page.clock.install()
        await page.goto(website.origin("stolen"))
        widget = Widget(page)
        await widget.launcher.click()
        await expect(page.locator("chat-widget iframe")).to_be_visible()
        await page.clock.fast_forward(LOADER_MS)
        await expect(page.locator("chat-widget a")).to_be_visible()
        await expect(widget.page.locator("chat-widget iframe")).to_have_count(0)
        assert widget.sockets == []
        await expect(widget.page.get_by_role("heading", name="Lamps")).to_be_visible()


async def test_a_disabled_site_shows_nothing(
    browsers: Browsers, demo: Running, website: Website
) -> None:
    async with (
        at_home(browsers, demo) as console,
        open_person(browsers.blocking, forgives=("404",)) as visitor,
    ):
        page, t = console.page, console.t
        await make_site(console, "Dark lamps", website)
        await page.get_by_role("switch", name=t("site.enabled")).click()
        await save(console)
        async with visitor.context.expect_event(
            "response", lambda response: "/widget/config" in response.url
        ) as asked:
            widget = await visit(visitor, website.origin("lamps"))
        assert (await asked.value).status == 404
        await expect(widget.page.locator("chat-widget")).to_have_count(0)


async def test_what_is_wrong_is_said_beside_its_field(browsers: Browsers, demo: Running) -> None:
    async with open_person(browsers.blocking, forgives=("400",)) as owner:
        console = Console(await owner.page(), demo.origin)
        await console.sign_in(OWNER)
        page, t = console.page, console.t
        await console.go("sites/new")
        await page.get_by_label(t("site.name"), exact=True).fill("Odd lamps")
        await page.get_by_role("combobox", name=t("site.origins")).fill("lamps.example/shop")
        await page.get_by_role("combobox", name=t("site.origins")).press("Enter")
        await page.get_by_role("button", name=t("site.create")).click()
        await expect(page.get_by_text(t("field.not_an_origin"))).to_be_visible()


async def corner(widget: Widget) -> str:
    """Where the launcher is."""
    box = await widget.launcher.bounding_box()
    assert box is not None
    return "left" if box["x"] < 100 else "right"


async def test_the_owner_copies_a_line_with_one_loader_and_no_other(
    browsers: Browsers, demo: Running, website: Website
) -> None:
    async with at_home(browsers, demo) as console:
        await make_site(console, "Pinned lamps", website)
        page, t = console.page, console.t
        await page.get_by_role("switch", name=t("site.pinned")).click()
        line = page.locator("code", has_text="integrity=")
        await expect(line).to_contain_text('crossorigin="anonymous"')
        website.snippet = await line.inner_text()
    async with open_person(browsers.blocking) as visitor:
        widget = Widget(await visitor.page())
        await widget.page.goto(website.origin("lamps"))
        await widget.open()


async def test_a_site_that_may_stand_nowhere_says_so_until_it_may(
    browsers: Browsers, demo: Running, website: Website
) -> None:
    async with at_home(browsers, demo) as console:
        page, t = console.page, console.t
        await console.go("sites/new")
        await page.get_by_label(t("site.name"), exact=True).fill("Nowhere")
        await page.get_by_role("button", name=t("site.create")).click()
        await expect(page.get_by_text(t("site.install.nowhere"))).to_be_visible()
        await page.get_by_role("combobox", name=t("site.origins")).fill(website.origin("lamps"))
        await page.get_by_role("combobox", name=t("site.origins")).press("Enter")
        await save(console)
        await expect(page.get_by_text(t("site.install.nowhere"))).to_have_count(0)
