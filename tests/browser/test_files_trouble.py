"""Files and what goes wrong: a cut network, a reload, no storage, no WebSockets, another origin."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.test_fallback import block_sockets
from tests.support.browser import Browsers, Person, open_person
from tests.support.browser_files import (
    CALM,
    CUT,
    PARTLY,
    PDF,
    VisitorFiles,
    arrive,
    is_loaded,
    leave,
    named,
    png,
    refuse_uploads,
    set_speed,
    take,
    throttle,
)
from tests.support.browser_visitor import Widget
from tests.support.proxy import Proxy, open_proxy
from tests.support.running import Running, reserved_port

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
]

# A client that lost its connection waits up to 5 s between two tries.
BACK_MS = 30_000


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(browsers: Browsers) -> AsyncIterator[Person]:
    async with open_person(browsers.allowing, forgives=CUT, **CALM) as person:
        yield person


@pytest_asyncio.fixture(loop_scope="session")
async def agent(browsers: Browsers) -> AsyncIterator[Person]:
    async with open_person(browsers.blocking, forgives=CUT, **CALM) as person:
        yield person


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
    await widget.say("Does this kettle fit?")
    await expect(widget.status()).to_have_text(widget.t("sent"))
    _, theirs = await take(agent, demo, "Does this kettle fit?")
    await is_loaded(theirs.pictures)
