"""The customiser: change it and see it in the real widget beside, before anything is saved."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Dialog, FrameLocator, Locator, Page, expect

from tests.support.browser import Browsers, Person, open_person
from tests.support.browser_agent import Console
from tests.support.browser_axe import violations
from tests.support.running import Running

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

OWNER = "olivia@teahouse.example"


class Customiser:
    """The screen of one site, made for this test."""

    def __init__(self, console: Console, person: Person) -> None:
        self.console, self.page, self.t, self.person = console, console.page, console.t, person

    @property
    def stage(self) -> FrameLocator:
        return self.page.frame_locator("iframe")

    @property
    def launcher(self) -> Locator:
        return self.stage.locator("chat-widget button").first

    @property
    def panel(self) -> FrameLocator:
        return self.stage.frame_locator("chat-widget iframe")

    async def section(self, name: str) -> None:
        await self.page.get_by_role("button", name=self.t(f"widget.{name}")).click()

    async def save(self) -> None:
        await self.console.button("common.save").click()
        await expect(self.console.button("common.save")).to_be_disabled()


@asynccontextmanager
async def customising(browsers: Browsers, demo: Running, name: str) -> AsyncIterator[Customiser]:
    async with open_person(browsers.blocking, forgives=("400",)) as owner:
        console = Console(await owner.page(), demo.origin)
        await console.sign_in(OWNER)
        page, t = console.page, console.t
        await console.go("sites/new")
        await page.get_by_label(t("site.name"), exact=True).fill(name)
        await page.get_by_role("button", name=t("site.create")).click()
        await page.get_by_role("link", name=t("widget.open"), exact=True).click()
        customiser = Customiser(console, owner)
        await expect(customiser.panel.get_by_role("heading", name=name)).to_be_visible()
        yield customiser


async def test_a_change_shows_in_the_real_widget_before_it_is_saved(
    browsers: Browsers, demo: Running
) -> None:
    async with customising(browsers, demo, "Lamps to dress") as screen:
        page, t = screen.page, screen.t
        await screen.section("welcome")
        await page.get_by_label(t("site.greeting"), exact=True).fill("Nobody saved these words")
        await expect(screen.panel.locator("body")).to_contain_text("Nobody saved these words")
        await expect(page.get_by_text(t("widget.unsaved"))).to_be_visible()
        await screen.section("look")
        await page.get_by_role("textbox", name=t("site.color"), exact=True).fill("#7a1f5c")
        await screen.section("launcher")
        await page.get_by_text(t("site.position.left"), exact=True).click()
        await expect(screen.launcher).to_have_css("background-color", "rgb(122, 31, 92)")
        await screen.save()
        await page.reload()
        await expect(screen.panel.locator("body")).to_contain_text("Nobody saved these words")
        await expect(page.get_by_text(t("widget.unsaved"))).to_have_count(0)


async def test_what_is_typed_beside_the_widget_stays_in_its_field(
    browsers: Browsers, demo: Running
) -> None:
    """A widget that is made anew, open, must not take the focus from who is typing."""
    async with customising(browsers, demo, "Lamps in focus") as screen:
        page, t = screen.page, screen.t
        color = page.get_by_role("textbox", name=t("site.color"), exact=True)
        await color.fill("#7a1f5c")
        await expect(screen.launcher).to_have_css("background-color", "rgb(122, 31, 92)")
        await expect(screen.panel.get_by_role("textbox")).to_be_visible()
        await expect(color).to_be_focused()


async def test_discarding_and_leaving_ask_or_take_back(browsers: Browsers, demo: Running) -> None:
    async with customising(browsers, demo, "Lamps on trial") as screen:
        page, t = screen.page, screen.t
        await screen.section("welcome")
        await page.get_by_label(t("site.greeting"), exact=True).fill("Only a try")
        await expect(screen.panel.locator("body")).to_contain_text("Only a try")
        asked: list[str] = []

        async def stay(dialog: Dialog) -> None:
            asked.append(dialog.message)
            await dialog.dismiss()

        page.on("dialog", stay)
        await page.get_by_role("link", name="Lamps on trial").click()
        await expect(page.get_by_label(t("site.greeting"), exact=True)).to_have_value("Only a try")
        assert asked == [t("widget.leave")]
        await screen.console.button("common.discard").click()
        await expect(page.get_by_label(t("site.greeting"), exact=True)).to_have_value("")
        await expect(screen.panel.locator("body")).not_to_contain_text("Only a try")
        await page.get_by_role("link", name="Lamps on trial").click()
        await expect(page.get_by_role("heading", name=t("site.install"))).to_be_visible()


async def test_a_wrong_value_is_said_at_its_field_while_one_writes(
    browsers: Browsers, demo: Running
) -> None:
    async with customising(browsers, demo, "Lamps gone wrong") as screen:
        page, t = screen.page, screen.t
        await screen.section("launcher")
        await page.get_by_role("button", name=t("widget.pages.add")).click()
        await page.get_by_label(t("widget.pages.page", number=1), exact=True).fill("cart")
        await expect(page.get_by_text(t("field.not_a_page"))).to_be_visible()
        await page.get_by_label(t("widget.pages.page", number=1), exact=True).fill("/cart*")
        await expect(page.get_by_text(t("field.not_a_page"))).to_have_count(0)


async def test_the_stage_plays_the_server_and_leaves_nothing(
    browsers: Browsers, demo: Running
) -> None:
    async with customising(browsers, demo, "Lamps on stage") as screen:
        sockets = count_sockets(screen.page)
        field = screen.panel.get_by_role("textbox")
        await field.fill("Is anybody there?")
        await field.press("Enter")
        await expect(screen.panel.get_by_text("🙂", exact=True)).to_be_visible()
        assert not [url for url in sockets if "/ws/visitor" in url]
        await screen.console.go("inbox")
        await expect(screen.console.inbox).to_be_visible()
        await expect(screen.console.row("Is anybody there?")).to_have_count(0)


async def test_the_customiser_is_for_everybody(browsers: Browsers, demo: Running) -> None:
    async with customising(browsers, demo, "Lamps for all") as screen:
        await screen.section("launcher")
        await expect(screen.page.get_by_label(screen.t("widget.label"))).to_be_visible()
        assert await violations(screen.page) == []


def count_sockets(page: Page) -> list[str]:
    opened: list[str] = []
    page.on("websocket", lambda socket: opened.append(socket.url))
    return opened
