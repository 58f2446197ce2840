"""Files in messages, from both sides: sent, refused, held up, looked at and downloaded."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Frame, Page, Route, expect

from tests.browser.test_fallback import block_sockets
from tests.support.browser import DESKTOP, Browsers, Person, open_person
from tests.support.browser_agent import Console
from tests.support.browser_axe import violations
from tests.support.browser_files import (
    PARTLY,
    PDF,
    WATCH_SHIFTS,
    AgentFiles,
    VisitorFiles,
    bring,
    is_loaded,
    named,
    png,
    refuse_uploads,
    set_speed,
    throttle,
)
from tests.support.browser_visitor import WATCH_STATUS, WATCH_VOICE, Widget
from tests.support.proxy import Proxy, open_proxy
from tests.support.running import Running, reserved_port

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
]

ANN = "ann@teahouse.example"
CALM = {**DESKTOP, "reduced_motion": "reduce", "accept_downloads": True}
# What a browser prints of a request that the test cut off, and of a file that the server refused.
CUT = ("ERR_", "WebSocket connection")
# A client that lost its connection waits up to 5 s between two tries.
BACK_MS = 30_000


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(browsers: Browsers) -> AsyncIterator[Person]:
    async with open_person(browsers.allowing, forgives=(*CUT, "415"), **CALM) as person:
        yield person


@pytest_asyncio.fixture(loop_scope="session")
async def agent(browsers: Browsers) -> AsyncIterator[Person]:
    async with open_person(browsers.blocking, forgives=CUT, **CALM) as person:
        yield person


async def arrive(visitor: Person, demo: Running) -> tuple[Widget, VisitorFiles]:
    widget = Widget(await visitor.page())
    await widget.page.goto(demo.shop)
    await widget.open()
    return widget, VisitorFiles(widget)


async def take(agent: Person, demo: Running, words: str) -> tuple[Console, AgentFiles]:
    console = Console(await agent.page(), demo.origin)
    await console.sign_in(ANN)
    await console.open(words)
    await console.take()
    return console, AgentFiles(console)


async def leave(widget: Widget) -> None:
    """A chat that nobody takes would stand in the queue before those of other tests."""
    await widget.panel.get_by_role("button", name=widget.t("end"), exact=True).click()
    await widget.panel.get_by_role("group").get_by_role("button", name=widget.t("end")).click()
    await expect(widget.log).to_contain_text(widget.t("ended.you"))


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


async def test_files_from_an_origin_of_their_own(
    visitor: Person, agent: Person, tmp_path: Path
) -> None:
    """Another site to every browser: both pages may show its pictures, and no cookie goes there."""
    with reserved_port() as port:
        files_url = f"http://files.localhost:{port}"
        service = Running(tmp_path, port, command="demo", uploads_url=files_url)
        await asyncio.to_thread(service.start)
        try:
            widget, files = await arrive(visitor, service)
            await files.attach(named("tray.png", png(), "image/png"), named("tray.pdf", PDF))
            await widget.say("A tray")
            await expect(widget.status()).to_have_text(widget.t("sent"))
            _, theirs = await take(agent, service, "A tray")
            async with theirs.page.expect_request(f"{files_url}/**") as asked:
                await theirs.page.reload()
            assert "cookie" not in await (await asked.value).all_headers()
            await is_loaded(theirs.pictures)
            await widget.page.reload()
            await is_loaded(files.pictures)
            async with widget.page.expect_download() as download:
                await files.cards.click()
            assert (await download.value).url.startswith(files_url)
        finally:
            await asyncio.to_thread(service.stop)


@pytest_asyncio.fixture(loop_scope="session")
async def line(tmp_path: Path) -> AsyncIterator[tuple[Running, Proxy]]:
    """The visitor's way to the service leads through a proxy; the agent's does not."""
    with reserved_port() as port:
        async with open_proxy(port) as proxy:
            public, console = (f"http://127.0.0.1:{one}" for one in (proxy.port, port))
            service = Running(
                tmp_path, port, command="demo", public_url=public, console_url=console
            )
            await asyncio.to_thread(service.start)
            try:
                yield service, proxy
            finally:
                await asyncio.to_thread(service.stop)


async def test_a_cut_network_delays_and_keeps_the_order(
    visitor: Person, agent: Person, line: tuple[Running, Proxy]
) -> None:
    service, proxy = line
    widget = Widget(await visitor.page())
    files = VisitorFiles(widget)
    await widget.page.goto(f"http://shop.localhost:{proxy.port}")
    await widget.open()
    await widget.say("I have a picture of the pot")
    await expect(widget.status()).to_have_text(widget.t("sent"))
    await files.attach(named("pot.png", png(600, 400), "image/png"))
    network = await throttle(widget, 200_000)
    await widget.say("There it is")
    await expect(files.bar).to_have_attribute("aria-valuenow", PARTLY)
    await visitor.context.set_offline(True)
    proxy.reset_all()
    await expect(widget.status()).to_have_text(widget.t("waiting"))
    await widget.say("Did you get it?")
    await expect(files.travelling).to_have_count(1)
    await visitor.context.set_offline(False)
    await set_speed(network, -1)
    spoken = ["I have a picture of the pot", "There it is", "Did you get it?"]
    await expect(widget.texts()).to_have_text(spoken)
    await expect(widget.status()).to_have_text(widget.t("sent"), timeout=BACK_MS)
    console, theirs = await take(agent, service, "Did you get it?")
    await is_loaded(theirs.pictures)
    said = await console.log.locator("[dir=auto]").all_inner_texts()
    assert [text for text in said if text in spoken] == spoken


async def test_a_reload_keeps_what_waits(visitor: Person, demo: Running) -> None:
    """What is attached, and what was sent into a network that takes no files."""
    widget, files = await arrive(visitor, demo)
    await refuse_uploads(widget.page)
    await files.attach(named("lid.png", png(), "image/png"))
    await widget.say("The lid is broken")
    await expect(widget.status()).to_have_text(widget.t("waiting"))
    await files.attach(named("bill.pdf", PDF))
    await widget.page.reload()
    await expect(files.chips).to_have_text([f"PDFbill.pdf{len(PDF)} bytes"])
    await expect(widget.status()).to_have_text(widget.t("waiting"))
    await expect(widget.panel.locator(".files .picture")).to_be_visible()
    await widget.page.unroute("**/uploads/*")
    await expect(widget.status()).to_have_text(widget.t("sent"))
    await widget.composer.press("Enter")
    await expect(files.cards).to_have_count(1)
    await expect(widget.status()).to_have_text(widget.t("sent"))
    await is_loaded(files.pictures)
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
        wide = await place.evaluate(
            "[...document.querySelectorAll('bdi')].filter((b) => b.scrollWidth > b.clientWidth + 1)"
            ".length"
        )
        assert wide == 0
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
    await widget.composer.press("Tab")
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


async def test_without_storage_the_page_warns(browsers: Browsers, demo: Running) -> None:
    """Then the bytes are in memory alone; once they are sent nobody is asked any more."""
    async with open_person(browsers.blocking, forgives=CUT, **CALM) as visitor:
        widget, files = await arrive(visitor, demo)
        assert await widget.storage() == "SecurityError"
        await refuse_uploads(widget.page)
        await files.attach(named("spout.png", png(), "image/png"))
        await widget.say("The spout drips")
        await expect(widget.status()).to_have_text(widget.t("waiting"))
        asked: list[str] = []
        widget.page.on("dialog", lambda dialog: asked.append(dialog.type))
        widget.page.on("dialog", lambda dialog: dialog.dismiss())
        await widget.page.close(run_before_unload=True)
        async with widget.page.expect_event("dialog"):
            pass
        await widget.page.unroute("**/uploads/*")
        await expect(widget.status()).to_have_text(widget.t("sent"))
        assert asked == ["beforeunload"]
        await leave(widget)


async def test_files_travel_where_websockets_do_not(
    visitor: Person, agent: Person, demo: Running
) -> None:
    widget = Widget(await visitor.page())
    await block_sockets(widget.page)
    await widget.page.goto(demo.shop)
    await widget.open()
    files = VisitorFiles(widget)
    await files.attach(named("kettle.png", png(), "image/png"))
    await widget.frame().evaluate(WATCH_VOICE)
    await widget.say("Does this kettle fit?")
    await expect(widget.status()).to_have_text(widget.t("sent"))
    _, theirs = await take(agent, demo, "Does this kettle fit?")
    await is_loaded(theirs.pictures)
