"""The customiser of one site: its sections at one side, the stage with the real widget beside."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import FrameLocator, Locator, expect

from tests.support.browser import Browsers, open_person
from tests.support.browser_agent import Console
from tests.support.browser_words import Words
from tests.support.running import Running

OWNER = "olivia@teahouse.example"

# What the stage plays, in the order of its list.
SCENES = ("launcher", "greeting", "consent", "open", "offline", "talk", "rating")


class Customiser:
    def __init__(self, console: Console) -> None:
        self.console, self.page, self.t = console, console.page, console.t
        self.stage: FrameLocator = self.page.frame_locator("iframe")
        self.launcher: Locator = self.stage.locator("chat-widget button").first
        self.panel: FrameLocator = self.stage.frame_locator("chat-widget iframe")
        self.card: Locator = self.stage.locator("chat-greeting .words")
        self.scene: Locator = self.page.get_by_role("combobox", name=self.t("widget.stage.scene"))

    async def section(self, key: str) -> None:
        # What a section is about may name another one.
        named = re.compile(f"^{re.escape(self.t(key))}")
        await self.page.get_by_role("button", name=named).first.click()

    async def watch(self) -> None:
        """On a phone the stage stands behind a tab."""
        tab = self.page.get_by_text(self.t("widget.stage"), exact=True)
        if await tab.is_visible():
            await tab.click()

    async def play(self, scene: str) -> None:
        """Until it is there to be seen."""
        await self.scene.click()
        await self.page.get_by_role("option", name=self.t(f"widget.scene.{scene}")).click()
        await expect(self.seen(scene)).to_be_visible()

    def seen(self, scene: str) -> Locator:
        """What tells this scene from the others; the stage begins in the console's language."""
        language = self.t.language
        forms, after = Words("forms", language), Words("after", language)
        return {
            "launcher": self.launcher,
            "greeting": self.card,
            "consent": self.panel.locator(".consent-agree"),
            "open": self.panel.locator(".hero"),
            "offline": self.panel.get_by_role("form", name=forms("offline")),
            "talk": self.panel.get_by_text("🙂", exact=True),
            "rating": self.panel.get_by_role("form", name=after("rating.ask")),
        }[scene]

    async def save(self) -> None:
        await self.console.button("common.save").click()
        await expect(self.console.button("common.save")).to_be_disabled()


@asynccontextmanager
async def customising(browsers: Browsers, demo: Running, name: str) -> AsyncIterator[Customiser]:
    async with open_person(browsers.blocking, forgives=("400",)) as owner:
        console = Console(await owner.page(), demo.origin)
        await console.sign_in(OWNER)
        page, t = console.page, console.t
        await console.go("sites/new")
        await page.get_by_label(t("site.name"), exact=True).fill(name)
        await page.get_by_role("button", name=t("site.create")).click()
        await page.get_by_role("link", name=t("widget.open"), exact=True).click()
        customiser = Customiser(console)
        await expect(customiser.panel.get_by_role("heading", name=name)).to_be_visible()
        yield customiser
