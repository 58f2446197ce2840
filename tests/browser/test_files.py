"""Files in messages, from both sides: sent, refused, looked at, downloaded, called by odd names."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Frame, Page, Route, expect

from tests.support.browser import Browsers, Person, open_person
from tests.support.browser_agent import Console
from tests.support.browser_axe import violations
from tests.support.browser_files import (
    CALM,
    CUT,
    PARTLY,
    PDF,
    WATCH_SHIFTS,
    AgentFiles,
    VisitorFiles,
    arrive,
    bring,
    is_loaded,
    leave,
    named,
    png,
    set_speed,
    take,
    throttle,
)
from tests.support.browser_visitor import WATCH_STATUS, Widget
from tests.support.running import Running

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
]


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(browsers: Browsers) -> AsyncIterator[Person]:
    async with open_person(browsers.allowing, forgives=(*CUT, "415"), **CALM) as person:
        yield person


@pytest_asyncio.fixture(loop_scope="session")
async def agent(browsers: Browsers) -> AsyncIterator[Person]:
    async with open_person(browsers.blocking, forgives=CUT, **CALM) as person:
        yield person


async def check(place: Page | Frame, name: str) -> None:
    found = await violations(place)
    assert found == [], f"{name}:\n" + "\n".join(found)


async def test_a_picture_and_a_paper(
    visitor: Person, agent: Person, demo: Running, tmp_path: Path
) -> None:
    widget, files = await arrive(visitor, demo)
    await send_a_picture(widget, files)
    console, theirs = await take(agent, demo, "This is the cup")
    await look_at_it(console, theirs)
    await theirs.attach(named("offer.pdf", PDF))
    await bring(console.page.main_frame, "drop", "slip.txt", "by mistake")
    await expect(theirs.chips).to_have_count(2)
    await check(console.page, "attached in the console")
    await theirs.chips.get_by_role("button", name=console.t("file.remove", name="slip.txt")).press(
        "Enter"
    )
    await expect(theirs.chips).to_have_count(1)
    await console.answer("Here is our offer")
    await expect(widget.message("Here is our offer")).to_be_visible()
    await check(widget.frame(), "answered with a paper")
    async with widget.page.expect_download() as download:
        await files.cards.click()
    kept = tmp_path / "offer.pdf"
    await (await download.value).save_as(kept)
    assert (await download.value).suggested_filename == "offer.pdf"
    assert kept.read_bytes() == PDF
    await read_again(console)


async def read_again(console: Console) -> None:
    """Transcripts show files too."""
    await console.go("transcripts")
    page = console.page
    await page.get_by_role("searchbox").fill("This is the cup")
    found = page.get_by_role("region", name=console.t("transcript.list")).get_by_role("link")
    await found.first.click()
    reader = page.get_by_role("region", name=console.t("transcript.reader"))
    await is_loaded(reader.locator("img"))
    await expect(reader.get_by_role("button").filter(has_text="offer.pdf")).to_be_visible()


async def send_a_picture(widget: Widget, files: VisitorFiles) -> None:
    """With a bar that moves, words that are heard, and a picture on screen all the time."""
    frame = widget.frame()
    await files.attach(named("cup.png", png(600, 400), "image/png"))
    await expect(files.chips.locator("img")).to_be_visible()
    await check(frame, "attached in the panel")
    network = await throttle(widget, 400_000)
    await frame.evaluate(WATCH_STATUS)
    await widget.say("This is the cup")
    await expect(files.chips).to_have_count(0)
    await expect(files.bar).to_have_attribute("aria-valuenow", PARTLY)
    await check(frame, "a picture on its way")
    await set_speed(network, -1)
    await expect(widget.status()).to_have_text(widget.t("sent"))
    shown = await frame.evaluate("shownStatus")
    assert any("%" in status for status in shown), shown
    await expect(files.travelling).to_have_count(0)
    await expect(
        widget.panel.get_by_role("status").filter(has_text=files.t("said.sent", names="cup.png"))
    ).to_have_count(1)
    await is_loaded(files.pictures)


async def look_at_it(console: Console, theirs: AgentFiles) -> None:
    """Inline, then large; the keys of the console rest meanwhile, and the focus comes back."""
    page = console.page
    await is_loaded(theirs.pictures)
    place = console.log.get_by_role("button", name=console.t("file.show", name="cup.png"))
    await place.press("Enter")
    await expect(theirs.lightbox).to_be_visible()
    await expect(theirs.lightbox.get_by_role("button").last).to_be_focused()
    large = theirs.lightbox.locator("img")
    await expect(large).to_have_js_property("naturalWidth", 600)
    await check(page, "a picture looked at")
    await page.keyboard.press("e")  # closes a chat, anywhere else
    async with page.expect_download() as download:
        await theirs.lightbox.get_by_role("button").first.click()
    assert (await download.value).suggested_filename == "cup.png"
    await page.keyboard.press("Escape")
    await expect(theirs.lightbox).to_have_count(0)
    await expect(place).to_be_focused()
    await expect(console.thread.get_by_text(console.t("standing.mine"), exact=True)).to_be_visible()


async def test_what_may_not_be_sent_says_why(
    visitor: Person, demo: Running, tmp_path: Path
) -> None:
    """Before anything leaves where it can be known; else the server's word, and a way out."""
    widget, files = await arrive(visitor, demo)
    asked: list[str] = []
    widget.page.on("request", lambda r: asked.append(r.url) if "/uploads/" in r.url else None)
    await files.try_to_attach(named("run.exe", b"MZ"), named("nothing.txt", b""))
    await expect(files.refused).to_have_text(
        [files.t("refused.type", name="run.exe"), files.t("refused.empty", name="nothing.txt")]
    )
    film = tmp_path / "film.mp4"
    film.write_bytes(bytes(20 * 2**20 + 1))
    await files.try_to_attach(film)
    await expect(files.refused).to_have_text(
        files.t("refused.too_large", name="film.mp4", size="20 MB")
    )
    await expect(files.chips).to_have_count(0)
    await files.try_to_attach(*(named(f"{n}.txt", b"tea") for n in range(12)))
    await expect(files.refused).to_have_text(files.t("refused.too_many", count=10))
    await expect(files.chips).to_have_count(10)
    assert asked == []
    for _ in range(10):
        await files.chips.first.get_by_role("button").click()
    await files.attach(named("false.png", b"These are words, not a picture", "image/png"))
    await widget.say("Look at false.png")
    await expect(widget.panel.get_by_text(files.t("failed.file_type"))).to_be_visible()
    await widget.say("Never mind")
    await expect(widget.status()).to_have_text(widget.t("sent"))
    await widget.panel.get_by_role("button", name=widget.t("delete")).click()
    await expect(widget.texts()).to_have_text(["Never mind"])
    await leave(widget)


async def test_names_are_text(visitor: Person, agent: Person, demo: Running) -> None:
    """Markup does nothing, a long name keeps its ending, Hebrew reads from the right."""
    widget, files = await arrive(visitor, demo)
    names = [
        "<img src=x onerror=window.hacked=1>.pdf",
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk" * 2 + ".pdf",
        "חשבונית 7.pdf",
    ]
    await files.attach(*(named(name, PDF) for name in names))
    await widget.page.emulate_media(color_scheme="dark")
    await check(widget.frame(), "odd names, attached at night")
    await widget.say("Odd names")
    await expect(files.cards).to_have_count(3)
    await check(widget.frame(), "odd names at night")
    console, theirs = await take(agent, demo, "Odd names")
    await expect(console.log.get_by_role("button").filter(has_text=".pdf")).to_have_count(3)
    for place in (widget.frame(), console.page.main_frame):
        assert await place.evaluate("window.hacked") is None
        assert await place.locator("img[src=x]").count() == 0
        endings = place.locator("bdi", has_text=".pdf").locator("span:last-child")
        await expect(endings).to_have_text([".pdf"] * 3)
        # What only screen readers get is one pixel wide.
        wide = await place.evaluate(
            "[...document.querySelectorAll('bdi')].filter((b) => b.clientWidth > 1"
            " && b.scrollWidth > b.clientWidth + 1).map((b) => b.outerHTML)"
        )
        assert wide == []
        direction = await place.locator("bdi", has_text="חשבונית").last.evaluate(
            "(name) => getComputedStyle(name).direction"
        )
        assert direction == "rtl"
    await console.page.emulate_media(color_scheme="dark")
    await theirs.attach(named("cup.png", png(), "image/png"), named(names[1], PDF))
    await expect(theirs.chips.locator("img")).to_be_visible()
    await check(console.page, "odd names in the console at night")


async def test_by_keyboard_paste_and_drop(visitor: Person, demo: Running) -> None:
    widget, files = await arrive(visitor, demo)
    page = widget.page
    chosen = [named("a.txt", b"a"), named("b.txt", b"b")]
    page.on("filechooser", lambda chooser: chooser.set_files(chosen))
    await expect(files.button).to_be_visible()
    emoji = widget.panel.get_by_role("button", name=widget.t("emoji"))
    await expect(emoji).to_be_visible()
    await widget.composer.press("Tab")
    await expect(emoji).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(files.button).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(files.chips).to_have_count(2)
    await expect(widget.composer).to_be_focused()
    await bring(widget.frame(), "dragenter", "c.txt", "c")
    await expect(widget.panel.get_by_text(files.t("drop"))).to_be_visible()
    await bring(widget.frame(), "drop", "c.txt", "c")
    await expect(widget.panel.get_by_text(files.t("drop"))).to_have_count(0)
    await bring(widget.frame(), "paste", "d.txt", "d")
    await expect(files.chips).to_have_count(4)
    first = files.chips.get_by_role("button", name=files.t("remove", name="a.txt"))
    await first.focus()
    for _ in range(4):
        await page.keyboard.press("Enter")
    await expect(files.chips).to_have_count(0)
    await expect(widget.composer).to_be_focused()


async def test_pictures_come_without_moving_what_is_read(visitor: Person, demo: Running) -> None:
    await visitor.context.add_init_script(WATCH_SHIFTS)
    widget, files = await arrive(visitor, demo)
    await files.attach(*(named(f"{n}.png", png(240 + n, 160), "image/png") for n in range(3)))
    await widget.say("Three pictures")
    await expect(files.pictures).to_have_count(3)
    await expect(widget.status()).to_have_text(widget.t("sent"))
    go = asyncio.Event()
    await hold(widget.page, "**/assets/widget/kit-*.js", go)
    await widget.page.reload()
    await expect(widget.message("Three pictures")).to_be_visible()
    await expect(widget.panel.locator(".header-status")).to_have_text(re.compile(r"\w"))
    await widget.frame().evaluate("shifts.length = 0")
    go.set()
    await expect(files.pictures).to_have_count(3)
    for n in range(3):
        await is_loaded(files.pictures.nth(n))
    assert await widget.frame().evaluate("shifts") == []
    await leave(widget)


async def hold(page: Page, address: str, go: asyncio.Event) -> None:
    async def wait(route: Route) -> None:
        await go.wait()
        await route.continue_()

    await page.route(address, wait)
