"""The console's half of the pictures: the inbox, a customer, all screens, the customiser."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
from playwright.async_api import expect

from chatserver.clock import SystemClock
from tests.support.browser import DESKTOP, PHONE, Browsers, open_person
from tests.support.browser_agent import Console
from tests.support.browser_customiser import SCENES, Customiser
from tests.support.browser_detours import FORMS, GREETING
from tests.support.browser_states import LONG
from tests.support.camera import Camera
from tests.support.running import Running, run_service
from tests.support.sockets import open_chat, open_staff, open_visitor, site_key

OWNER = "olivia@teahouse.example"
ORDER = "Where is my order?"
CALM = {"reduced_motion": "reduce"}
LOOKS: Mapping[str, Mapping[str, Any]] = {
    "desktop": {**CALM, **DESKTOP, "color_scheme": "light"},
    "desktop-dark": {**CALM, **DESKTOP, "color_scheme": "dark"},
    "phone": {**CALM, **PHONE, "color_scheme": "light"},
    "phone-dark-zh": {**CALM, **PHONE, "color_scheme": "dark", "locale": "zh-CN"},
    "desktop-tw": {**CALM, **DESKTOP, "color_scheme": "light", "locale": "zh-TW"},
}
SCREENS = ("transcripts", "canned", "sites", "sites/new", "people", "mail", "profile")
# Of the customiser, besides the one that is open when it opens.
SECTIONS = (
    *("widget.welcome", "widget.launcher", "greeting.title", "forms.title", "widget.texts"),
    *("widget.rating", "widget.consent"),
)


async def show_console(camera: Camera, browsers: Browsers, service: Running) -> None:
    site = await furnish(service)
    for look, options in LOOKS.items():
        forgives = ("404", "400")
        async with open_person(browsers.blocking, forgives=forgives, **options) as one:
            console = Console(await one.page(), service.origin, str(options.get("locale", "en")))
            await console.sign_in(OWNER)
            here = Here(camera, console, look)
            await here.inbox()
            await here.screens()
            await here.customer()
            await here.site(site)
            await here.customiser(site)
    await show_pages(camera, browsers, service)


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
        told = {
            "forms": {**FORMS, "offline": True},
            "greetings": GREETING,
            "consent": {"mode": "required"},
        }
        await staff.patch(f"{path}/widget", {"version": version, **told})
    found: str = site["id"]
    return found


@dataclass
class Here:
    """One person at the console, with a camera."""

    camera: Camera
    console: Console
    look: str

    async def shoot(self, state: str) -> None:
        await self.camera.take(self.console.page, state, self.look)

    async def inbox(self) -> None:
        console, page = self.console, self.console.page
        await expect(console.row("Elena Rossi")).to_be_visible()
        await self.shoot("inbox")
        await console.row("Elena Rossi").click()
        await expect(console.log).to_be_visible()
        await console.reply.press_sequentially("/")
        await expect(console.picker.get_by_role("option").first).to_be_visible()
        await self.shoot("picker")
        await page.keyboard.press("Escape")
        await console.reply.fill("")
        await page.keyboard.press("Escape")
        await console.button("composer.note").click()
        await console.note.fill("Look again on Friday")
        await self.shoot("note")
        await console.note.fill("")

    async def screens(self) -> None:
        console, page, t = self.console, self.console.page, self.console.t
        await console.go("transcripts")
        await page.get_by_role("searchbox").fill(LONG[:5])
        await expect(page.get_by_text(t("transcript.noMatch"))).to_be_visible()
        await self.shoot("transcripts none")
        await page.get_by_role("searchbox").fill("")
        found = page.get_by_role("region", name=t("transcript.list")).get_by_role("link")
        await found.first.click()
        await expect(page.get_by_role("button", name=t("transcript.take"))).to_be_visible()
        await self.shoot("transcript")
        for path in SCREENS:
            await console.go(path)
            await page.wait_for_load_state("networkidle")
            await self.shoot(path)
        await page.keyboard.press("Control+k")
        await expect(page.get_by_role("combobox").last).to_be_visible()
        await self.shoot("palette")

    async def customer(self) -> None:
        console = self.console
        await console.go("inbox")
        await console.open(ORDER)
        await self.shoot("customer chat")
        await console.page.goto(f"{console.page.url}/visitor")
        await expect(console.visitor).to_contain_text("1047")
        await self.shoot("customer")

    async def site(self, site: str) -> None:
        console, page, t = self.console, self.console.page, self.console.t
        await console.go(f"sites/{site}")
        await expect(page.get_by_role("heading", name=t("site.install"))).to_be_visible()
        await page.get_by_role("switch", name=t("site.pinned")).click()
        await expect(page.get_by_text("integrity=")).to_be_visible()
        await self.shoot("site")
        await page.get_by_role("button", name=t("check.do"), exact=True).click()
        await expect(page.locator("[data-level]").first).to_be_visible()
        await page.get_by_role("heading", name=t("check.title")).scroll_into_view_if_needed()
        await self.shoot("check")
        await page.get_by_role("heading", name=t("identity.title")).scroll_into_view_if_needed()
        await self.shoot("identity")
        await console.go(f"sites/{site}/hours")
        await page.wait_for_load_state("networkidle")
        await self.shoot("hours")

    async def customiser(self, site: str) -> None:
        """Section by section, and every scene of its stage."""
        console, page = self.console, self.console.page
        await console.go(f"sites/{site}/widget")
        screen = Customiser(console)
        await expect(page.get_by_role("button", name=console.t("widget.look"))).to_be_visible()
        await expect(screen.seen("open")).to_be_attached()
        await self.shoot("widget.look")
        for section in SECTIONS:
            await screen.section(section)
            await expect(page.locator("[class*=Skeleton-root]")).to_have_count(0)
            await self.shoot(section)
        await screen.watch()
        for scene in SCENES:
            await screen.play(scene)
            await self.shoot(f"stage {scene}")


async def show_pages(camera: Camera, browsers: Browsers, service: Running) -> None:
    """What stands outside of the console."""
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
                    await camera.take(page, name, look)
