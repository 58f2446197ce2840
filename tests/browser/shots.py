"""Pictures to look at: `.venv/bin/python -m tests.browser.shots FOLDER [widget | console | LOOK]…`.

`widget` leaves the console out, `console` the widget; a look (`phone-dark-ar`, `narrow-en`) names
the only ones to take of the widget.
"""

import asyncio
import sys
import tempfile
from collections.abc import Mapping
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

from tests.browser.shots_console import show_console
from tests.support.browser import DESKTOP, PHONE, Browsers, open_browsers, open_person
from tests.support.browser_detours import MAILING, NOISE, Detours
from tests.support.browser_states import CUT, SPEAK, open_line, tour
from tests.support.browser_visitor import Widget
from tests.support.camera import Camera
from tests.support.running import Running, run_service
from tests.support.website import run_website

LANDSCAPE = {**PHONE, "viewport": {"width": 740, "height": 360}}
NARROW = {"viewport": {"width": 320, "height": 568}}
SCREENSIZES: Mapping[str, Mapping[str, Any]] = {"desktop": DESKTOP, "phone": PHONE}
# Beside all that: what little room there can be.
SMALL = (("landscape", LANDSCAPE), ("narrow", NARROW))
SCHEMES = ("light", "dark")
LANGUAGES = ("en", "zh-CN", "ar")


def widget_looks() -> dict[str, tuple[Mapping[str, Any], str]]:
    """How a visitor sees it, and in which language."""
    usual = {
        f"{size}-{scheme}-{language}": ({**SCREENSIZES[size], "color_scheme": scheme}, language)
        for size, scheme, language in product(SCREENSIZES, SCHEMES, LANGUAGES)
    }
    return {**usual, **{f"{size}-en": (look, "en") for size, look in SMALL}}


async def main(folder: Path, parts: set[str]) -> None:
    camera, looks = Camera(folder), widget_looks()
    wanted = parts & looks.keys() or looks.keys()
    with tempfile.TemporaryDirectory() as data, run_service(Path(data), **MAILING) as service:
        async with open_browsers() as browsers:
            if parts != {"console"}:
                for name in sorted(wanted):
                    await visitor(camera, browsers, service, name)
            if not parts or "console" in parts:
                await show_console(camera, browsers, service)


async def visitor(camera: Camera, browsers: Browsers, service: Running, name: str) -> None:
    """All states of the panel, on a page in that language."""
    look, language = widget_looks()[name]
    options = {**look, "reduced_motion": "reduce"}
    shoot = partial(shot, camera, name)
    async with open_person(browsers.blocking, forgives=(*NOISE, *CUT), **options) as person:
        await person.context.add_init_script(SPEAK.format(language))
        with run_website() as website:
            await Detours(service, website, person, language, shoot).take()
    async with open_person(browsers.blocking, forgives=CUT, **options) as person:
        line = await open_line(person.context)
        await person.context.add_init_script(SPEAK.format(language))
        widget = Widget(await person.page(), language)
        await tour(widget, service, line, partial(shoot, widget))


async def shot(camera: Camera, look: str, widget: Widget, state: str) -> None:
    await camera.take(widget.page, state, look)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), set(sys.argv[2:])))
