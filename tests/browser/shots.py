"""Pictures to look at: `.venv/bin/python -m tests.browser.shots FOLDER [widget]`.

`widget` leaves the console out. The widget's pictures are named by state first, so that one state
stands beside itself in every look.
"""

import asyncio
import sys
import tempfile
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any

from playwright.async_api import Page, expect

from tests.support.browser import DESKTOP, PHONE, Browsers, open_browsers, open_person
from tests.support.browser_agent import Console
from tests.support.browser_states import CUT, LONG, SPEAK, open_line, tour
from tests.support.browser_visitor import Widget
from tests.support.running import Running, run_service

OWNER = "olivia@teahouse.example"
SCREENSIZES: Mapping[str, Mapping[str, Any]] = {"desktop": DESKTOP, "phone": PHONE}
SCHEMES = ("light", "dark")
LANGUAGES = ("en", "zh-CN", "ar")
LOOKS: Mapping[str, Mapping[str, Any]] = {
    "desktop": {**DESKTOP, "color_scheme": "light"},
    "desktop-dark": {**DESKTOP, "color_scheme": "dark"},
    "phone": {**PHONE, "color_scheme": "light"},
    "phone-dark-zh": {**PHONE, "color_scheme": "dark", "locale": "zh-CN"},
    "desktop-tw": {**DESKTOP, "color_scheme": "light", "locale": "zh-TW"},
}
SCREENS = ("transcripts", "canned", "sites", "sites/new", "people", "profile")


class Camera:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        folder.mkdir(parents=True, exist_ok=True)

    async def take(self, page: Page, name: str) -> None:
        self._count += 1
        await page.screenshot(path=self._folder / f"{self._count:03}-{name}.png")

    async def state(self, page: Page, state: str, look: str) -> None:
        await page.screenshot(path=self._folder / f"{state.replace(' ', '-')}--{look}.png")


async def main(folder: Path, parts: set[str]) -> None:
    camera = Camera(folder)
    with tempfile.TemporaryDirectory() as data, run_service(Path(data)) as service:
        async with open_browsers() as browsers:
            for size, scheme, language in product(SCREENSIZES, SCHEMES, LANGUAGES):
                await visitor(camera, browsers, service, (size, scheme, language))
            if "widget" in parts:
                return
            for look, options in LOOKS.items():
                await agent(camera, browsers, service, look, options)
            await pages(camera, browsers, service)


async def visitor(
    camera: Camera, browsers: Browsers, service: Running, look: tuple[str, str, str]
) -> None:
    """All states of the panel, on a page in that language."""
    size, scheme, language = look
    options = {**SCREENSIZES[size], "color_scheme": scheme, "reduced_motion": "reduce"}
    async with open_person(browsers.blocking, forgives=CUT, **options) as person:
        line = await open_line(person.context)
        await person.context.add_init_script(SPEAK.format(language))
        widget = Widget(await person.page(), language)
        name = "-".join(look)
        await tour(widget, service, line, lambda state: camera.state(widget.page, state, name))


async def agent(
    camera: Camera, browsers: Browsers, service: Running, look: str, options: Mapping[str, Any]
) -> None:
    async with open_person(browsers.blocking, **options) as one:
        console = Console(await one.page(), service.origin, str(options.get("locale", "en")))
        page = console.page
        await console.sign_in(OWNER)
        await expect(console.row("Elena Rossi")).to_be_visible()
        await camera.take(page, f"{look}-inbox")
        await console.row("Elena Rossi").click()
        await expect(console.log).to_be_visible()
        await console.reply.press_sequentially("/")
        await expect(console.picker.get_by_role("option").first).to_be_visible()
        await camera.take(page, f"{look}-picker")
        await page.keyboard.press("Escape")
        await console.reply.fill("")
        await page.keyboard.press("Escape")
        await console.button("composer.note").click()
        await console.note.fill("Look again on Friday")
        await camera.take(page, f"{look}-note")
        await console.go("transcripts")
        await page.get_by_role("searchbox").fill(LONG[:5])
        found = page.get_by_role("region", name=console.t("transcript.list")).get_by_role("link")
        await found.first.click()
        await expect(page.get_by_role("button", name=console.t("transcript.take"))).to_be_visible()
        await camera.take(page, f"{look}-transcript")
        for path in SCREENS:
            await console.go(path)
            await page.wait_for_load_state("networkidle")
            await camera.take(page, f"{look}-{path.replace('/', '-')}")
        await page.keyboard.press("Control+k")
        await expect(page.get_by_role("combobox").last).to_be_visible()
        await camera.take(page, f"{look}-palette")


async def pages(camera: Camera, browsers: Browsers, service: Running) -> None:
    with tempfile.TemporaryDirectory() as data, run_service(Path(data), command="serve") as empty:
        for look in ("desktop", "phone-dark-zh"):
            async with open_person(browsers.blocking, forgives=("404",), **LOOKS[look]) as one:
                page = await one.page()
                for name, address in (
                    ("setup", f"{empty.origin}/setup"),
                    ("sign-in", f"{service.origin}/agent/sign-in"),
                    ("missing", f"{service.origin}/nowhere"),
                ):
                    await page.goto(address)
                    await camera.take(page, f"{look}-{name}")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), set(sys.argv[2:])))
