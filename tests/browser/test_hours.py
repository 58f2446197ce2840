"""The owner sets opening hours; visitors read when it opens again."""

from datetime import timedelta

import pytest
from playwright.async_api import Page, expect

from chatserver.clock import SystemClock
from tests.support.browser import PHONE, Browsers, open_person
from tests.support.browser_agent import Console
from tests.support.browser_fit import check
from tests.support.browser_visitor import Widget
from tests.support.running import Running

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

OWNER = "olivia@teahouse.example"


async def hours_screen(console: Console) -> Page:
    page, t = console.page, console.t
    await console.go("sites")
    await page.get_by_role("main").get_by_role("link", name="Teahouse").click()
    await page.get_by_role("link", name=t("hours.edit")).click()
    await expect(page.get_by_role("heading", name=t("hours.title"), level=1)).to_be_visible()
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [{}, PHONE], ids=["desk", "phone"])
async def test_the_screen_suits_everybody(
    browsers: Browsers, demo: Running, scheme: str, size: dict[str, object]
) -> None:
    looks = size | {"color_scheme": scheme, "reduced_motion": "reduce"}
    async with open_person(browsers.blocking, **looks) as owner:
        console = Console(await owner.page(), demo.origin)
        await console.sign_in(OWNER)
        page, t = await hours_screen(console), console.t
        await check(page, "always open")
        await page.get_by_role("switch", name=t("hours.always")).click()
        await page.get_by_role("button", name=t("hours.holidays.add")).click()
        await page.get_by_role("button", name=t("hours.workdays.add")).click()
        await expect(page.get_by_role("heading", name=t("hours.preview"))).to_be_visible()
        await check(page, "hours")


async def test_a_visitor_reads_when_it_opens_again(browsers: Browsers, demo: Running) -> None:
    """Closed but for one special day far enough ahead, while the panel is open; nobody reloads."""
    day = (SystemClock().now() + timedelta(days=9)).date()
    async with (
        open_person(browsers.blocking, timezone_id="UTC") as owner,
        open_person(browsers.blocking, timezone_id="UTC") as visitor,
    ):
        console = Console(await owner.page(), demo.origin)
        await console.sign_in(OWNER)
        widget = Widget(await visitor.page())
        await widget.page.goto(demo.shop)
        await widget.open()
        # How long an answer takes is known in the demo.
        is_open = widget.panel.get_by_text(widget.t("status.replies", time=""), exact=False)
        await expect(is_open).to_be_visible()
        page, t = await hours_screen(console), console.t
        await page.get_by_role("switch", name=t("hours.always")).click()
        office_day = page.get_by_role("button", name="Remove 09:00 to 17:00")
        for left in range(5, 0, -1):
            await expect(office_day).to_have_count(left)
            await office_day.first.click()
        await page.get_by_role("button", name=t("hours.workdays.add")).click()
        await page.get_by_label(t("hours.date"), exact=True).fill(day.isoformat())
        await page.get_by_role("button", name=t("common.save")).click()
        await expect(page.get_by_text(t("common.saved"))).to_be_visible()
        # The owner is online, and a closed site is closed all the same.
        told = widget.t("status.closed", at=f"{day:%B} {day.day} at 9:00 AM")
        await expect(widget.panel.get_by_text(told)).to_be_visible()
        await page.get_by_role("switch", name=t("hours.always")).click()
        async with page.expect_response("**/hours") as saving:
            await page.get_by_role("button", name=t("common.save")).click()
        assert (await saving.value).ok
        await expect(is_open).to_be_visible()
