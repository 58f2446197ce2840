"""Pictures to look at: `.venv/bin/python -m tests.browser.shots FOLDER [widget]`.

`widget` leaves the console out. The widget's pictures are named by state first, so that one state
stands beside itself in every look.
"""

import asyncio
import sys
import tempfile
from collections.abc import Mapping
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import jwt
from playwright.async_api import Page, expect

from chatserver.clock import SystemClock
from tests.support.browser import DESKTOP, PHONE, Browsers, open_browsers, open_person
from tests.support.browser_agent import Console
from tests.support.browser_detours import FORMS, GREETING, MAILING, Detours
from tests.support.browser_states import CUT, LONG, SPEAK, open_line, tour
from tests.support.browser_visitor import Widget
from tests.support.running import Running, run_service
from tests.support.sockets import open_chat, open_staff, open_visitor, site_key
from tests.support.website import run_website

OWNER = "olivia@teahouse.example"
LANDSCAPE = {**PHONE, "viewport": {"width": 740, "height": 360}}
NARROW = {"viewport": {"width": 320, "height": 568}}
SCREENSIZES: Mapping[str, Mapping[str, Any]] = {"desktop": DESKTOP, "phone": PHONE}
# Beside all that: what little room there can be.
SMALL = (("landscape", LANDSCAPE), ("narrow", NARROW))
SCHEMES = ("light", "dark")
LANGUAGES = ("en", "zh-CN", "ar")
LOOKS: Mapping[str, Mapping[str, Any]] = {
    "desktop": {**DESKTOP, "color_scheme": "light"},
    "desktop-dark": {**DESKTOP, "color_scheme": "dark"},
    "phone": {**PHONE, "color_scheme": "light"},
    "phone-dark-zh": {**PHONE, "color_scheme": "dark", "locale": "zh-CN"},
    "desktop-tw": {**DESKTOP, "color_scheme": "light", "locale": "zh-TW"},
}
ORDER = "Where is my order?"
SITE_CARDS = ("identity.title", "check.title")
SECTIONS = ("widget.look", "forms.title", "greeting.title", "widget.consent", "widget.texts")
SCREENS = ("transcripts", "canned", "sites", "sites/new", "people", "profile")


# Some things come slowly, a line on a lost connection a second late; a frame that grew is painted
# a moment later.
SETTLED = """
async () => {
  await Promise.all(document.getAnimations().map((one) => one.finished.catch(() => {})));
  await new Promise((resolve) => setTimeout(resolve, 50));
}
"""


class Camera:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        folder.mkdir(parents=True, exist_ok=True)

    async def take(self, page: Page, name: str) -> None:
        self._count += 1
        await page.screenshot(path=self._folder / f"{self._count:03}-{name}.png")

    async def state(self, page: Page, state: str, look: str) -> None:
        for frame in page.frames:
            await frame.evaluate(SETTLED)
        await page.screenshot(path=self._folder / f"{state.replace(' ', '-')}--{look}.png")


async def main(folder: Path, parts: set[str]) -> None:
    camera = Camera(folder)
    with tempfile.TemporaryDirectory() as data, run_service(Path(data), **MAILING) as service:
        async with open_browsers() as browsers:
            for size, scheme, language in product(SCREENSIZES, SCHEMES, LANGUAGES):
                look = {**SCREENSIZES[size], "color_scheme": scheme}
                await visitor(camera, browsers, service, look, f"{size}-{scheme}", language)
            for size, look in SMALL:
                await visitor(camera, browsers, service, look, size, "en")
            if "widget" in parts:
                return
            site = await furnish(service)
            for look, options in LOOKS.items():
                await agent(camera, browsers, service, look, options)
                await owner(camera, browsers, service, site, look)
            await pages(camera, browsers, service)


async def visitor(
    camera: Camera,
    browsers: Browsers,
    service: Running,
    look: Mapping[str, Any],
    named: str,
    language: str,
) -> None:
    """All states of the panel, on a page in that language."""
    options = {**look, "reduced_motion": "reduce"}
    name = f"{named}-{language}"
    async with open_person(browsers.blocking, forgives=("favicon", *CUT), **options) as person:
        await person.context.add_init_script(SPEAK.format(language))
        with run_website() as website:
            shoot = partial(shot, camera, name)
            await Detours(service, website, person, language, shoot).take()
    async with open_person(browsers.blocking, forgives=CUT, **options) as person:
        line = await open_line(person.context)
        await person.context.add_init_script(SPEAK.format(language))
        widget = Widget(await person.page(), language)
        await tour(widget, service, line, lambda state: camera.state(widget.page, state, name))


async def shot(camera: Camera, look: str, widget: Widget, state: str) -> None:
    await camera.state(widget.page, state, look)


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


async def furnish(service: Running) -> str:
    """A customer whom the shop vouches for, and what a shop may ask and say; the shop's id."""
    key, now = await site_key(service), int(SystemClock().now().timestamp())
    async with open_staff(service, OWNER) as staff:
        (site,) = [one for one in (await staff.get("/api/sites"))["items"] if one["key"] == key]
        path = f"/api/sites/{site['id']}"
        secret = (await staff.post(f"{path}/identity-keys"))["secret"]
        claims = {"sub": "1047", "iat": now, "exp": now + 300, "name": "Vera Vogel", "plan": "pro"}
        token = jwt.encode(claims, secret)
        async with open_visitor(service, key, identity=token) as vera:
            chat = await open_chat(vera)
            said = {"t": "send", "conversation": chat, "client_id": "c", "text": ORDER}
            assert "ok" in await vera.ask(said)
        version = (await staff.get(f"{path}/widget"))["version"]
        told = {"forms": FORMS, "greetings": GREETING, "consent": {"mode": "required"}}
        await staff.patch(f"{path}/widget", {"version": version, **told})
    found: str = site["id"]
    return found


async def owner(camera: Camera, browsers: Browsers, service: Running, site: str, look: str) -> None:
    """A customer beside the chat, the site's page, the customiser section by section."""
    options = LOOKS[look]
    async with open_person(browsers.blocking, **options) as one:
        console = Console(await one.page(), service.origin, str(options.get("locale", "en")))
        page, t = console.page, console.t
        await console.sign_in(OWNER)
        await console.open(ORDER)
        await camera.take(page, f"{look}-customer-chat")
        await page.goto(f"{page.url}/visitor")
        await expect(console.visitor).to_be_visible()
        await camera.take(page, f"{look}-customer")
        await console.go(f"sites/{site}")
        await expect(page.get_by_role("heading", name=t("site.install"))).to_be_visible()
        await page.get_by_role("switch", name=t("site.pinned")).click()
        await expect(page.get_by_text("integrity=")).to_be_visible()
        await camera.take(page, f"{look}-site")
        for heading in SITE_CARDS:
            await page.get_by_role("heading", name=t(heading)).scroll_into_view_if_needed()
            await camera.take(page, f"{look}-site-{heading}")
        await console.go(f"sites/{site}/widget")
        for section in SECTIONS:
            await page.get_by_role("button", name=t(section)).first.click()
            await page.wait_for_load_state("networkidle")
            await camera.take(page, f"{look}-{section}")


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
