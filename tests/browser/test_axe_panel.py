"""The widget in every state suits everybody: axe finds nothing, nothing is cut off, nothing is too
small to hit, in both directions of writing, by day and by night, large and narrow."""

from functools import partial

import pytest
from playwright.async_api import expect

from tests.support.browser import Browsers, open_person
from tests.support.browser_states import CUT, SPEAK, open_line, tour
from tests.support.browser_suits import WAYS, open_way
from tests.support.browser_visitor import Widget
from tests.support.running import Running

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


# Of all messages one is in the order; arrow keys lead to the others.
READING = (
    *("menu", "close", "messages", "reply", "copy"),
    *("compose", "emoji", "attach", "send"),
)
FOCUSED = """
() => {
  const { activeElement: element } = document;
  return element.getAttribute("aria-label") || element.textContent;
}
"""


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("way", WAYS)
async def test_every_state_suits_everybody(
    browsers: Browsers, demo: Running, way: str, language: str
) -> None:
    async with open_way(browsers, way, language, forgives=CUT) as here:
        line = await open_line(here.person.context)
        widget = await here.widget()
        await tour(widget, demo, line, partial(here.check, widget))


@pytest.mark.parametrize("language", ["en", "he"])
async def test_the_focus_goes_through_the_panel_in_the_order_of_reading(
    browsers: Browsers, demo: Running, language: str
) -> None:
    async with open_person(browsers.blocking) as person:
        await person.context.add_init_script(SPEAK.format(language))
        widget = Widget(await person.page(), language)
        await widget.page.goto(demo.shop)
        await widget.open()
        await widget.say("In which order?")
        await expect(widget.status()).to_have_text(widget.t("sent"))
        await expect(widget.panel.get_by_role("button", name=widget.t("attach"))).to_be_visible()
        order = []
        await widget.panel.get_by_role("button", name=widget.t("menu"), exact=True).focus()
        for _ in range(len(READING)):
            order.append(await widget.frame().evaluate(FOCUSED))
            await widget.page.keyboard.press("Tab")
        assert order == [widget.t(key) for key in READING]
        await widget.launcher.focus()
        await widget.launcher.press("Tab")
        assert await widget.frame().evaluate(FOCUSED) == widget.t(READING[0])
