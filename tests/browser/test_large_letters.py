"""Letters of twice the size hide nothing: WCAG 1.4.4, in the languages with the longest words."""

import pytest

from tests.support.browser import Browsers, open_person
from tests.support.browser_states import CUT, SPEAK, open_line, tour
from tests.support.browser_suits import UNFIT
from tests.support.browser_visitor import Widget
from tests.support.running import Running

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize("language", ["en", "de", "ru", "ar"])
async def test_letters_of_twice_the_size_hide_nothing(
    browsers: Browsers, demo: Running, language: str
) -> None:
    """WCAG 1.4.4, in the languages with the longest words."""
    async with open_person(browsers.blocking, forgives=CUT, reduced_motion="reduce") as person:
        line = await open_line(person.context)
        await person.context.add_init_script(SPEAK.format(language))
        await person.context.add_init_script(
            "addEventListener('DOMContentLoaded', () => {"
            " if (location.pathname === '/frame') document.documentElement.style.fontSize = '200%'"
            "});"
        )
        widget = Widget(await person.page(), language)
        await tour(widget, demo, line, lambda state: fits(widget, state))


async def fits(widget: Widget, state: str) -> None:
    if state == "launcher":
        return
    found = await widget.frame().evaluate(UNFIT)
    assert found == [], f"{state}:\n" + "\n".join(found)
