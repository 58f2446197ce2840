"""The widget in every state suits everybody: axe finds nothing, nothing is cut off, nothing is too
small to hit, in both directions of writing, by day and by night, large and narrow."""

import pytest
from playwright.async_api import expect

from tests.support.browser import Browsers, open_person
from tests.support.browser_axe import violations
from tests.support.browser_states import CUT, SPEAK, open_line, tour
from tests.support.browser_visitor import Widget
from tests.support.running import Running

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

DESKTOP = {"viewport": {"width": 1280, "height": 800}}
# WCAG 1.4.10: what a window of 1280 pixels shows at 400 %, and about what a small phone has.
NARROW = {"viewport": {"width": 320, "height": 568}}
WAYS = {
    "light": {"color_scheme": "light", **DESKTOP},
    "dark narrow": {"color_scheme": "dark", **NARROW},
    "more contrast": {"contrast": "more", **DESKTOP},
    "forced colours": {"forced_colors": "active", **DESKTOP},
}
# Of the panel, in pixels: what is cut off at the side, and what is too small to be hit: 2.5.8 with
# its exceptions for links in a sentence and for what the browser draws.
UNFIT = """
() => {
  const found = [];
  const page = document.documentElement;
  const over = page.scrollWidth - page.clientWidth;
  if (over > 0) found.push(`${over} px wider than the window`);
  const seen = (element) => element.checkVisibility({ visibilityProperty: true });
  for (const element of document.querySelectorAll("button, input, textarea, select, a, summary")) {
    if (!seen(element) || element.closest(".bubble") || element.closest(".unseen")) continue;
    const { width, height, left, right } = element.getBoundingClientRect();
    const name = element.getAttribute("aria-label") ?? element.textContent;
    if (width < 24 || height < 24) found.push(`${name}: ${width} x ${height} px`);
    const scrolls = element.closest(".chips");
    if (!scrolls && (left < -1 || right > page.clientWidth + 1)) found.push(`${name} is cut off`);
  }
  for (const name of [".send-button", ".header .icon-button", ".composer-text"]) {
    const element = document.querySelector(name);
    if (element && !seen(element)) continue;
    const { width = 44, height = 44 } = element?.getBoundingClientRect() ?? {};
    if (width < 44 || height < 44) found.push(`${name}: ${width} x ${height} px`);
  }
  return found;
}
"""


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
    options = {"reduced_motion": "reduce", **WAYS[way]}
    async with open_person(browsers.blocking, forgives=CUT, **options) as person:
        line = await open_line(person.context)
        await person.context.add_init_script(SPEAK.format(language))
        widget = Widget(await person.page(), language)
        # Colours that the visitor forces on the page are the visitor's; axe measures ours.
        spares = ("color-contrast",) if "forced_colors" in options else ()
        await tour(widget, demo, line, lambda state: check(widget, state, spares))


async def check(widget: Widget, state: str, spares: tuple[str, ...]) -> None:
    """The panel, or the page with the launcher while there is none."""
    if state == "launcher":
        found = await violations(widget.page)
        box = await widget.launcher.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
    else:
        found = await violations(widget.frame())
        found += await widget.frame().evaluate(UNFIT)
    found = [line for line in found if not line.startswith(spares)] if spares else found
    assert found == [], f"{state}:\n" + "\n".join(found)


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
