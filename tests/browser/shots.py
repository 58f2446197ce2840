"""Pictures of widget and console, to look at: `.venv/bin/python -m tests.browser.shots FOLDER`."""

import asyncio
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Page, expect

from tests.support.browser import DESKTOP, PHONE, Browsers, open_browsers, open_person
from tests.support.browser_agent import Console
from tests.support.browser_visitor import Widget
from tests.support.browser_words import Words
from tests.support.running import Running, run_service

OWNER = "olivia@teahouse.example"
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
RTL = "שלום, האם התה הירוק עדיין במלאי? אני רוצה לשלוח אותו ל-Berlin עד יום שישי."
LINK = "See https://tea.example/" + "very/" * 30 + "long?q=1"
ANSWERS = [
    "The spring harvest came in last week.\n\nTwo things to know:\n1. 80 °C\n2. Short",
    "您好，明前龙井还有货，今天下单明天寄出。",
    LINK,
]
LOOKS = {
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
        await page.screenshot(path=self._folder / f"{self._count:02}-{name}.png")


async def main(folder: Path) -> None:
    camera = Camera(folder)
    with tempfile.TemporaryDirectory() as data, run_service(Path(data)) as service:
        async with open_browsers() as browsers:
            for look, options in LOOKS.items():
                await visitor(camera, browsers, service, look, options)
            for look, options in LOOKS.items():
                await agent(camera, browsers, service, look, options)
            await pages(camera, browsers, service)


async def visitor(
    camera: Camera, browsers: Browsers, service: Running, look: str, options: dict[str, object]
) -> None:
    language = str(options.get("locale", "en"))
    async with (
        open_person(browsers.blocking, **options) as one,
        open_person(browsers.blocking) as two,
    ):
        widget = Widget(await one.page(), language)
        await widget.page.goto(service.shop)
        await expect(widget.launcher).to_be_visible()
        await camera.take(widget.page, f"{look}-launcher")
        await widget.open()
        await expect(widget.log).to_contain_text("Ask us anything")
        await camera.take(widget.page, f"{look}-empty")
        for text in (f"Hello from {look}!", LONG, RTL):
            await widget.say(text)
        await expect(widget.status()).to_have_text(widget.t("sent"))
        await camera.take(widget.page, f"{look}-waiting")
        console = Console(await two.page(), service.origin)
        await console.sign_in("ann@teahouse.example")
        await console.row(RTL[:20]).first.click()
        await console.take()
        for answer in ANSWERS:
            await console.reply.fill(answer)
            await console.reply.press("Enter")
        await expect(widget.message(LINK[:40])).to_be_visible()
        await console.reply.press_sequentially("I am")
        await widget.composer.fill("A draft that is rather long and needs more than one line " * 3)
        await camera.take(widget.page, f"{look}-busy")
        await console.reply.fill("")
        await console.close()
        await expect(widget.log).to_contain_text(widget.t("ended.agent", name="Ann Lindgren"))
        await camera.take(widget.page, f"{look}-ended")
        rating = widget.panel.get_by_role("form", name=Words("after", language)("rating.ask"))
        await rating.get_by_role("radio").nth(3).check(force=True)
        await camera.take(widget.page, f"{look}-rating")


async def agent(
    camera: Camera, browsers: Browsers, service: Running, look: str, options: dict[str, object]
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
        await page.get_by_role("searchbox").fill("Donau")
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
    asyncio.run(main(Path(sys.argv[1])))
