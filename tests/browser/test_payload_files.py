"""Whatever a file is called, wherever its name is shown: it stays text. The real service, a real
Chromium."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Frame, Locator, Page, expect

from chatserver.features.uploads.naming import plain_name
from tests.support.browser import Browsers, require_browser_and_built_files
from tests.support.browser_agent import Console
from tests.support.browser_files import ANN, DRAWN, AgentFiles, VisitorFiles, bring_all
from tests.support.browser_inert import FAST, Watch, watched
from tests.support.browser_visitor import Widget
from tests.support.browser_words import Words
from tests.support.payloads import CLASSES, PAYLOADS
from tests.support.running import Running, run_service

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(400),
    pytest.mark.asyncio(loop_scope="session"),
]

# As many in one message as there are payloads.
ROOM = {"upload_files": "300", "upload_minute": "0", "upload_visitor_day": "0"}
CALM = ("cup of tea", "invoice 7")
# What the agent sends: each side shows both sides' files alike, and uploads take their time.
SOME = tuple(payload for those in CLASSES.values() for payload in those[::5])
# One of each kind is also called like a picture, which can be looked at.
PICTURES = tuple(those[0] for those in CLASSES.values())
UPLOADED_MS = 60_000
# Where a picture stands, or will when one comes near.
PLACE = "[role=log] [style*=aspect-ratio]"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    require_browser_and_built_files()
    with run_service(tmp_path_factory.mktemp("names"), **FAST, **ROOM) as running:
        yield running


def called(names: tuple[str, ...], ending: str) -> list[str]:
    """A name of which a slash leaves nothing but its ending is none that anybody takes."""
    return [f"{name}~1.{ending}" for name in names]


@dataclass
class Side:
    """Where one of the two sends files and sees them all; calm while every name is harmless."""

    place: Frame
    watching: Watch
    refused: Locator
    chips: Locator
    pictures: Locator
    lightbox: Locator
    say: Callable[[str], Awaitable[None]]
    is_calm: bool = True

    async def look(self, place: Page | Frame | None = None, name: str = "chat") -> None:
        judge = self.watching.know if self.is_calm else self.watching.check
        await judge(place or self.place, name)

    async def send(self, names: tuple[str, ...], pictures: tuple[str, ...], words: str) -> None:
        """What has no ending is refused by name; the rest travels with these words."""
        await bring_all(self.place, names)
        await expect(self.refused).to_have_count(len(names))
        await self.look()
        await bring_all(self.place, called(names, "txt"), called(pictures, "png"))
        await expect(self.chips).to_have_count(len(names) + len(pictures))
        await self.look()
        await self.say(words)

    async def look_closely(self, since: int) -> None:
        """At each picture, as large as it is."""
        for at in range(since, await self.pictures.count()):
            await self.pictures.nth(at).scroll_into_view_if_needed()
            await self.pictures.nth(at).get_by_role("button").click()
            large = self.lightbox.locator("img")
            await expect(large).to_have_js_property("naturalWidth", DRAWN)
            await self.look()
            await self.place.page.keyboard.press("Escape")
            await expect(self.lightbox).to_have_count(0)


def at_the_shop(widget: Widget, watching: Watch) -> Side:
    files = VisitorFiles(widget)
    return Side(
        widget.frame(),
        watching,
        files.refused,
        files.chips,
        widget.panel.locator(PLACE),
        files.lightbox,
        widget.say,
    )


def at_the_desk(console: Console, watching: Watch) -> Side:
    files = AgentFiles(console)
    refused = console.page.get_by_role("alert").locator("p")
    return Side(
        console.page.main_frame,
        watching,
        refused,
        files.chips,
        console.page.locator(PLACE),
        files.lightbox,
        console.answer,
    )


async def test_names_of_files_of_both_sides(
    browsers: Browsers, service: Running, tmp_path: Path
) -> None:
    async with watched(browsers) as (shop, seen), watched(browsers) as (desk, known):
        widget, console = Widget(shop), Console(desk, service.origin)
        await shop.goto(service.shop)
        await widget.open()
        visitor = at_the_shop(widget, seen)
        await console.sign_in(ANN)
        agent = at_the_desk(console, known)
        await exchange(widget, console, visitor, agent, (CALM, CALM, CALM[:1]))
        await keep(widget, visitor, tmp_path)
        visitor.is_calm = agent.is_calm = False
        await exchange(widget, console, visitor, agent, (PAYLOADS, SOME, PICTURES))
        stored = [plain_name(name) for name in called((*PAYLOADS, *SOME), "txt")]
        for place in (widget.frame(), desk.main_frame):
            shown = await place.locator("[role=log] bdi[title]").evaluate_all(
                "(names) => names.map((name) => name.title)"
            )
            assert shown[2 * len(CALM) :] == stored
        await keep(widget, visitor, tmp_path)


Names = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


async def exchange(
    widget: Widget, console: Console, visitor: Side, agent: Side, names: Names
) -> None:
    """Both send such files, and both look at what they have sent and got. The names are the
    visitor's, the agent's, and those of pictures of both."""
    theirs, ours, pictures = names
    before = await visitor.pictures.count()
    asked, answered = f"{len(theirs)} from the shop", f"{len(ours)} from the desk"
    await visitor.send(theirs, pictures, asked)
    if visitor.is_calm:
        await console.open(asked)
        await console.take()
    await expect(console.log.get_by_text(asked)).to_be_visible(timeout=UPLOADED_MS)
    await agent.send(ours, pictures, answered)
    await expect(widget.message(answered)).to_be_visible(timeout=UPLOADED_MS)
    for side in (visitor, agent):
        await expect(side.pictures).to_have_count(before + 2 * len(pictures))
        await side.look()
        await side.look_closely(before)


async def keep(widget: Widget, visitor: Side, folder: Path) -> None:
    """The talk as a file, opened in a browser; and read again in the panel."""
    t = Words("after", "en")
    menu = widget.panel.get_by_role("button", name=widget.t("menu"), exact=True)
    await menu.click()
    async with widget.page.expect_download() as download:
        await widget.panel.get_by_role("button", name=t("menu.page")).click()
    kept = folder / "chat.html"
    await (await download.value).save_as(kept)
    page = await widget.page.context.new_page()
    await page.goto(kept.as_uri())
    await visitor.look(page, "kept")
    await page.close()
    await menu.click()
    await widget.panel.get_by_role("button", name=t("menu.past")).click()
    listed = widget.panel.get_by_role("region", name=t("past.title"))
    await listed.get_by_role("listitem").get_by_role("button").click()
    await expect(widget.panel.locator(".past-text").last).to_be_visible()
    await visitor.look(name="past")
    await widget.panel.get_by_role("button", name=t("past.continue")).click()
    await expect(widget.composer).to_be_visible()
