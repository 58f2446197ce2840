"""The panel as a visitor meets it: what it needs to be usable, and what it offers."""

import pytest
from playwright.async_api import Route, expect

from tests.house.test_toolchain import BUILT, first_load
from tests.support.browser import Browsers, open_person
from tests.support.browser_visitor import Widget
from tests.support.running import Running

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
]


async def test_the_first_load_alone_is_enough_to_write_and_send(
    browsers: Browsers, demo: Running
) -> None:
    """Keeps the byte budget honest: what it does not count must not be needed."""
    counted = first_load(BUILT / "widget")
    withheld: list[str] = []

    async def withhold(route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        if name in counted or name.startswith("en-"):
            await route.continue_()
        else:
            withheld.append(name)
            await route.abort()

    async with open_person(browsers.allowing, forgives=("ERR_FAILED", "dynamically")) as vera:
        page = await vera.page()
        await page.route("**/assets/widget/*", withhold)
        widget = Widget(page)
        await page.goto(demo.shop)
        async with page.expect_websocket() as dialled:
            await widget.launcher.click()
        await expect(widget.composer).to_be_focused()
        socket = await dialled.value
        async with socket.expect_event("framesent", lambda frame: "pu-erh" in str(frame)):
            await widget.say("Is the pu-erh in?")
        assert withheld
