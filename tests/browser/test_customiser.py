"""The customiser: change it and see it in the real widget beside, before anything is saved."""

import pytest
from playwright.async_api import Dialog, expect

from tests.support.browser import Browsers
from tests.support.browser_axe import violations
from tests.support.browser_customiser import customising
from tests.support.running import Running

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_change_shows_in_the_real_widget_before_it_is_saved(
    browsers: Browsers, demo: Running
) -> None:
    async with customising(browsers, demo, "Lamps to dress") as screen:
        page, t = screen.page, screen.t
        await screen.section("widget.welcome")
        await page.get_by_label(t("site.greeting"), exact=True).fill("Nobody saved these words")
        await expect(screen.panel.locator("body")).to_contain_text("Nobody saved these words")
        await expect(page.get_by_text(t("widget.unsaved"))).to_be_visible()
        await screen.section("widget.look")
        await page.get_by_role("textbox", name=t("site.color"), exact=True).fill("#7a1f5c")
        await screen.section("widget.launcher")
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
        await screen.section("widget.welcome")
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
        await screen.section("widget.launcher")
        await page.get_by_role("button", name=t("widget.pages.add")).click()
        await page.get_by_label(t("widget.pages.page", number=1), exact=True).fill("cart")
        await expect(page.get_by_text(t("field.not_a_page"))).to_be_visible()
        await page.get_by_label(t("widget.pages.page", number=1), exact=True).fill("/cart*")
        await expect(page.get_by_text(t("field.not_a_page"))).to_have_count(0)


async def test_the_customiser_is_for_everybody(browsers: Browsers, demo: Running) -> None:
    async with customising(browsers, demo, "Lamps for all") as screen:
        await screen.section("widget.launcher")
        await expect(screen.page.get_by_label(screen.t("widget.label"))).to_be_visible()
        assert await violations(screen.page) == []
