"""What only some visitors meet suits everybody as well: axe finds nothing, nothing is cut off."""

from collections.abc import Iterator

import pytest

from tests.support.browser import Browsers, require_browser_and_built_files
from tests.support.browser_detours import MAILING, NOISE, Detours
from tests.support.browser_suits import WAYS, open_way
from tests.support.browser_visitor import Widget
from tests.support.running import Running, run_service
from tests.support.website import run_website

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


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
    async with open_way(browsers, way, language, forgives=NOISE) as here:

        async def visit(widget: Widget, state: str) -> None:
            await here.check(widget, state)
            if state in ("greeting", "full page"):
                return
            box = await widget.page.locator("chat-widget iframe").bounding_box()
            assert box is not None
            assert box["x"] >= 0, f"{state} is cut off"

        with run_website() as website:
            await Detours(mailing, website, here.person, language, visit).take()
