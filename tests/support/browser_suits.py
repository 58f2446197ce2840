"""Whether the chat suits everybody: axe finds nothing, nothing is cut off, nothing is too small to
hit; in both directions of writing, by day and by night, large and narrow."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Frame, Page

from tests.support.browser import DESKTOP, Browsers, Person, open_person
from tests.support.browser_axe import violations
from tests.support.browser_states import SPEAK
from tests.support.browser_visitor import Widget

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
# Of a card: all of it is in the window, all that is pressed is large enough, and it is as dark as
# the visitor's computer, as the panel is.
UNFIT_CARD = """
() => {
  const found = [];
  const card = document.querySelector("chat-greeting").shadowRoot;
  for (const element of card.querySelectorAll("section, button")) {
    const { left, right, top, bottom, width, height } = element.getBoundingClientRect();
    if (left < 0 || top < 0 || right > innerWidth || bottom > innerHeight)
      found.push(`${element.className || "card"} is cut off`);
    if (width < 24 || height < 24) found.push(`${element.className}: ${width} x ${height} px`);
  }
  const asks = (query) => matchMedia(query).matches;
  const [red] = getComputedStyle(card.querySelector("section")).backgroundColor.match(/\\d+/);
  const isDark = asks("(prefers-color-scheme: dark)");
  if (!asks("(forced-colors: active)") && red < 128 !== isDark) found.push(`card is rgb(${red} …)`);
  return found;
}
"""


@dataclass
class Way:
    """One way of looking at the chat, on pages in one language. `spares` are rules of axe."""

    person: Person
    language: str
    spares: tuple[str, ...]

    async def widget(self) -> Widget:
        return Widget(await self.person.page(), self.language)

    async def check(self, widget: Widget, state: str) -> None:
        """The panel, or what there is while it is not open."""
        match state:
            case "launcher":
                found = await violations(widget.page)
                box = await widget.launcher.bounding_box()
                assert box is not None
                assert min(box["width"], box["height"]) >= 44
            case "greeting":
                # The rest of the page is the website's own.
                found = [line for line in await violations(widget.page) if "chat-greeting" in line]
                found += await widget.page.evaluate(UNFIT_CARD)
            case "full page":
                found = await _troubles(widget.page)
            case _:
                found = await _troubles(widget.frame())
        found = [line for line in found if not self.spares or not line.startswith(self.spares)]
        assert found == [], f"{state}:\n" + "\n".join(found)


async def _troubles(place: Page | Frame) -> list[str]:
    unfit: list[str] = await place.evaluate(UNFIT)
    return await violations(place) + unfit


@asynccontextmanager
async def open_way(
    browsers: Browsers, way: str, language: str, *, forgives: tuple[str, ...] = ()
) -> AsyncIterator[Way]:
    options = {"reduced_motion": "reduce", **WAYS[way]}
    # Colours that the visitor forces on the page are the visitor's; axe measures ours.
    spares = ("color-contrast",) if "forced_colors" in options else ()
    async with open_person(browsers.blocking, forgives=forgives, **options) as person:
        await person.context.add_init_script(SPEAK.format(language))
        yield Way(person, language, spares)
