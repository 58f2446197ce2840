"""What only some visitors meet suits everybody as well: axe finds nothing, nothing is cut off."""

from collections.abc import Iterator

import pytest
from playwright.async_api import Page

from tests.browser.test_axe_panel import WAYS, check
from tests.support.browser import Browsers, open_person, require_browser_and_built_files
from tests.support.browser_axe import violations
from tests.support.browser_detours import MAILING, Detours
from tests.support.browser_states import SPEAK
from tests.support.browser_visitor import Widget
from tests.support.running import Running, run_service
from tests.support.website import run_website

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

# Of a card: all of it is in the window, and all that is pressed is large enough.
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
  return found;
}
"""


@pytest.fixture(scope="module")
def mailing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    require_browser_and_built_files()
    with run_service(tmp_path_factory.mktemp("detours"), **MAILING) as service:
        yield service


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("way", WAYS)
async def test_every_detour_suits_everybody(
    browsers: Browsers, mailing: Running, way: str, language: str
) -> None:
    options = {"reduced_motion": "reduce", **WAYS[way]}
    spares = ("color-contrast",) if "forced_colors" in options else ()

    async def visit(widget: Widget, state: str) -> None:
        if state == "greeting":
            assert await card_troubles(widget.page, spares) == []
            return
        await check(widget, state, spares)
        box = await widget.page.locator("chat-widget iframe").bounding_box()
        assert box is not None
        assert box["x"] >= 0, f"{state} is cut off"

    async with open_person(browsers.blocking, forgives=("favicon",), **options) as person:
        await person.context.add_init_script(SPEAK.format(language))
        with run_website() as website:
            await Detours(mailing, website, person, language, visit).take()


async def card_troubles(page: Page, spares: tuple[str, ...]) -> list[str]:
    """The rest of the page is the website's own."""
    found = [line for line in await violations(page) if "chat-greeting" in line]
    unfit: list[str] = await page.evaluate(UNFIT_CARD)
    return [line for line in found if not spares or not line.startswith(spares)] + unfit
