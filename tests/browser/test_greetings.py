"""Greetings on a real website: they come when their rule holds, stay away when they should, and
lead to a chat that remembers them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.support.browser import PHONE, Browsers, open_person
from tests.support.browser_agent import Console
from tests.support.browser_axe import violations
from tests.support.browser_visitor import Widget
from tests.support.running import Running
from tests.support.website import Website, run_website

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

OWNER = "olivia@teahouse.example"
WORDS = "Questions about lamps? We are here."
# A header that is larger than the window, so that there is something to scroll.
TALL = "<div style='height:4000px'>Lamps, and more lamps</div>"


@pytest.fixture
def website() -> Iterator[Website]:
    with run_website() as opened:
        yield opened


class Desk:
    """The owner at the customiser of a new site that may stand on `lamps`."""

    def __init__(self, console: Console) -> None:
        self.console, self.page, self.t = console, console.page, console.t

    async def greet(self, **rule: int | bool) -> None:
        """Writes a greeting with this rule, and saves it."""
        page, t = self.page, self.t
        await page.get_by_role("button", name=t("greeting.title")).click()
        await page.get_by_role("button", name=t("greeting.add")).click()
        await page.get_by_label(t("greeting.text", number=1)).fill(WORDS)
        await page.get_by_label(t("greeting.seconds")).fill(str(rule.get("seconds", 0)))
        if "scroll" in rule:
            await page.get_by_label(t("greeting.scroll")).fill(str(rule["scroll"]))
        if rule.get("exit"):
            await page.get_by_role("switch", name=t("greeting.exit")).click()
        await self.console.button("common.save").click()
        await expect(self.console.button("common.save")).to_be_disabled()

    async def consent(self, mode: str) -> None:
        await self.page.get_by_role("button", name=self.t("widget.consent")).click()
        await self.page.get_by_label(self.t(f"widget.consent.{mode}"), exact=True).click()


@asynccontextmanager
async def at_desk(
    browsers: Browsers, demo: Running, website: Website, name: str
) -> AsyncIterator[Desk]:
    async with open_person(browsers.blocking, forgives=("400",)) as owner:
        console = Console(await owner.page(), demo.origin)
        await console.sign_in(OWNER)
        page, t = console.page, console.t
        await console.go("sites/new")
        await page.get_by_label(t("site.name"), exact=True).fill(name)
        await page.get_by_role("combobox", name=t("site.origins")).fill(website.origin("lamps"))
        await page.get_by_role("combobox", name=t("site.origins")).press("Enter")
        await page.get_by_role("button", name=t("site.create")).click()
        await expect(page.get_by_role("heading", name=t("site.install"))).to_be_visible()
        website.snippet = TALL + await page.locator("code").first.inner_text()
        await page.get_by_role("link", name=t("widget.open"), exact=True).click()
        await expect(page.get_by_role("button", name=t("widget.look"))).to_be_visible()
        yield Desk(console)


def card(page: Page) -> Locator:
    return page.locator("chat-greeting").get_by_role("button", name=WORDS)


async def visit(page: Page, website: Website, path: str = "/") -> Widget:
    """With the script of greetings at work: it has asked for the rules."""
    async with page.expect_response(lambda response: "/widget/greetings?" in response.url):
        await page.goto(website.origin("lamps") + path)
    return Widget(page)


async def test_one_comes_by_time_and_leads_to_a_chat_that_remembers_it(
    browsers: Browsers, demo: Running, website: Website
) -> None:
    async with at_desk(browsers, demo, website, "Greeting lamps") as desk:
        await desk.greet(seconds=1)
        async with open_person(browsers.blocking) as visitor:
            page = await visitor.page()
            widget = await visit(page, website)
            await expect(card(page)).to_be_visible()
            assert await page.evaluate("document.activeElement === document.body")
            found = await violations(page)  # the website has some of its own
            assert [one for one in found if "chat-greeting" in one] == []
            await card(page).click()
            await expect(page.locator("chat-greeting")).to_have_count(0)
            await expect(widget.log).to_contain_text(WORDS)
            await widget.say("Yes: is the blue one back?")
            await expect(widget.status()).to_have_text(widget.t("sent"))
            await page.goto("about:blank")  # what happened is told when a page is left
        console = desk.console
        await console.go("inbox")
        await console.open("Yes: is the blue one back?")
        await expect(console.log).to_contain_text(console.t("event.opened.greeting", text=WORDS))


async def test_one_comes_when_the_visitor_is_about_to_leave(
    browsers: Browsers, demo: Running, website: Website
) -> None:
    async with at_desk(browsers, demo, website, "Leaving lamps") as desk:
        await desk.greet(exit=True)
        async with open_person(browsers.blocking) as visitor:
            page = await visitor.page()
            await page.clock.install()
            await visit(page, website)
            await page.mouse.move(300, 300)
            await page.clock.fast_forward(3_000)
            await expect(card(page)).to_have_count(0)
            await page.dispatch_event("html", "mouseleave", {"clientY": -5})
            await expect(card(page)).to_be_visible()


async def test_one_comes_by_scrolling(browsers: Browsers, demo: Running, website: Website) -> None:
    async with at_desk(browsers, demo, website, "Scrolled lamps") as desk:
        await desk.greet(scroll=50)
        async with open_person(browsers.blocking, **PHONE) as visitor:
            page = await visitor.page()
            await visit(page, website)
            await expect(card(page)).to_have_count(0)
            await page.evaluate("scrollTo(0, 3000)")
            await expect(card(page)).to_be_visible()
            box = await card(page).bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= await page.evaluate("innerWidth")


async def test_who_comes_by_an_anchor_has_scrolled_already(
    browsers: Browsers, demo: Running, website: Website
) -> None:
    async with at_desk(browsers, demo, website, "Anchored lamps") as desk:
        await desk.greet(scroll=50)
        website.snippet += "<p id='end'>The last lamp</p>"
        async with open_person(browsers.blocking) as visitor:
            page = await visitor.page()
            await visit(page, website, "/#end")
            await expect(card(page)).to_be_visible()


async def test_dismissed_it_leaves_the_visitor_in_peace(
    browsers: Browsers, demo: Running, website: Website
) -> None:
    async with at_desk(browsers, demo, website, "Peaceful lamps") as desk:
        await desk.greet(seconds=0)
        async with open_person(browsers.blocking) as visitor:
            page = await visitor.page()
            await visit(page, website)
            await expect(card(page)).to_be_visible()
            await page.locator("chat-greeting button").nth(1).click()
            await expect(page.locator("chat-greeting")).to_have_count(0)
            await page.clock.install()
            await visit(page, website, "/other")
            await page.clock.fast_forward(5_000)
            await expect(page.locator("chat-greeting")).to_have_count(0)
        page = desk.page
        await page.reload()
        await page.get_by_role("button", name=desk.t("greeting.title")).click()
        figures = {"shown": 1, "opened": 0, "dismissed": 1, "chats": 0}
        await expect(page.get_by_text(desk.t("greeting.figures", **figures))).to_be_visible()


@asynccontextmanager
async def dismissing(
    browsers: Browsers, demo: Running, website: Website, consent: str
) -> AsyncIterator[Page]:
    """Somebody who has put a greeting away, on a site that asks for consent in this way."""
    async with at_desk(browsers, demo, website, f"Lamps, {consent}") as desk:
        await desk.consent(consent)
        await desk.greet(seconds=0)
        async with open_person(browsers.blocking) as visitor:
            page = await visitor.page()
            await visit(page, website)
            await page.locator("chat-greeting button").nth(1).click()
            yield page


async def test_what_was_kept_of_it_goes_when_the_visitor_is_forgotten(
    browsers: Browsers, demo: Running, website: Website
) -> None:
    async with dismissing(browsers, demo, website, "granted") as page:
        kept = "Object.keys(localStorage).filter((name) => name.endsWith('.greetings')).length"
        assert await page.evaluate(kept) == 1
        await page.evaluate("ChatWidget('reset')")
        assert await page.evaluate(kept) == 0


async def test_it_goes_too_when_they_were_forgotten_before_its_script_came(
    browsers: Browsers, demo: Running, website: Website
) -> None:
    async with dismissing(browsers, demo, website, "granted") as page:
        forgotten = asyncio.Event()

        async def late(route: Route) -> None:
            await forgotten.wait()
            await route.continue_()

        await page.route("**/greetings*.js", late)
        await page.goto(website.origin("lamps") + "/other")
        await expect(Widget(page).launcher).to_be_visible()
        await page.evaluate("ChatWidget('reset')")
        forgotten.set()
        await expect(card(page)).to_be_visible()  # to a stranger it is shown again


async def test_without_consent_nothing_is_kept(
    browsers: Browsers, demo: Running, website: Website
) -> None:
    async with dismissing(browsers, demo, website, "required") as page:
        await expect(page.locator("chat-greeting")).to_have_count(0)
        kept = "Object.keys(localStorage).concat(Object.keys(sessionStorage))"
        assert await page.evaluate(kept) == []


async def test_a_site_without_greetings_loads_nothing_for_them(
    browsers: Browsers, demo: Running, website: Website
) -> None:
    async with (
        at_desk(browsers, demo, website, "Silent lamps"),
        open_person(browsers.blocking) as visitor,
    ):
        page = await visitor.page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        await page.goto(website.origin("lamps"))
        await expect(Widget(page).launcher).to_be_visible()
        assert [url for url in asked if "greetings" in url] == []


async def test_a_nonce_is_enough_for_it_too(
    browsers: Browsers, demo: Running, website: Website
) -> None:
    async with at_desk(browsers, demo, website, "Nonce lamps") as desk:
        await desk.greet(seconds=0)
        website.snippet = website.snippet.replace("<script ", '<script nonce="abc" ')
        website.snippet = website.snippet.replace(" style='height:4000px'", "")
        policy = f"default-src 'none'; script-src 'nonce-abc'; frame-src {demo.origin};"
        website.headers = {"Content-Security-Policy": f"{policy} connect-src {demo.origin}"}
        async with open_person(browsers.blocking, forgives=("favicon",)) as visitor:
            page = await visitor.page()
            await visit(page, website)
            await expect(card(page)).to_be_visible()
