"""Files in a browser: what people attach, a network that is slow, and what a frame noticed."""

import re
import zlib
from base64 import b64encode
from collections.abc import Iterable
from pathlib import Path
from random import Random
from struct import pack
from typing import Any

from playwright.async_api import CDPSession, Error, FilePayload, Frame, Locator, Page, expect

from tests.support.browser import DESKTOP, Person
from tests.support.browser_agent import Console
from tests.support.browser_visitor import Widget
from tests.support.browser_words import Words
from tests.support.running import Running

ANN = "ann@teahouse.example"
CALM: dict[str, Any] = {**DESKTOP, "reduced_motion": "reduce", "accept_downloads": True}
# What a browser prints of requests and sockets that the test cut off.
CUT = ("ERR_", "WebSocket connection")
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
# A bar that shows some of it, and not all.
PARTLY = re.compile(r"^[1-9]\d?$")
# Collects what moved on the screen by itself, from the page's first moment.
WATCH_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput } of list.getEntries())
    if (!hadRecentInput) window.shifts.push(value);
}).observe({ type: "layout-shift", buffered: true });
"""
DROP = """
([name, text, event]) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], name, { type: "text/plain" }));
  const init = { bubbles: true, cancelable: true };
  if (event === "paste")
    document.activeElement.dispatchEvent(
      new ClipboardEvent("paste", { ...init, clipboardData: dataTransfer }),
    );
  else document.body.dispatchEvent(new DragEvent(event, { ...init, dataTransfer }));
}
"""
# The sides of each of many pictures.
DRAWN = 8
BRING_ALL = """
([texts, pictures, bytes]) => {
  const dataTransfer = new DataTransfer();
  const drawn = Uint8Array.from(atob(bytes), (char) => char.charCodeAt(0));
  for (const name of texts) dataTransfer.items.add(new File(["tea"], name));
  for (const name of pictures)
    dataTransfer.items.add(new File([drawn], name, { type: "image/png" }));
  const init = { bubbles: true, cancelable: true, dataTransfer };
  document.body.dispatchEvent(new DragEvent("drop", init));
}
"""


def png(width: int = 300, height: int = 200) -> bytes:
    """A picture that no compression makes smaller: about three bytes a pixel."""
    noise = Random(7)
    rows = b"".join(b"\0" + noise.randbytes(width * 3) for _ in range(height))
    head = pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [_chunk(b"IHDR", head), _chunk(b"IDAT", zlib.compress(rows, 1)), _chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))


def named(name: str, content: bytes, kind: str = "application/octet-stream") -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": content}


class VisitorFiles:
    """The part of the panel that has to do with files."""

    def __init__(self, widget: Widget) -> None:
        self.widget = widget
        self.t = Words("files", widget.t.language)
        panel = widget.panel
        self.button = panel.get_by_role("button", name=widget.t("attach"))
        self.chips = panel.get_by_role("list", name=self.t("attached")).get_by_role("listitem")
        self.pictures = panel.locator(".picture-button img")
        self.cards = panel.locator("button.file-card")
        self.travelling = panel.get_by_role("button", name=self.t("cancel"))
        self.bar = panel.get_by_role("progressbar")
        self.refused = panel.locator(".refused")
        self.lightbox = panel.get_by_role("dialog")

    async def attach(self, *files: FilePayload) -> None:
        await expect(self.button).to_be_visible()
        before = await self.chips.count()
        await self.widget.panel.locator("input[type=file]").set_input_files(list(files))
        await expect(self.chips).to_have_count(before + len(files))

    async def try_to_attach(self, *files: FilePayload | Path) -> None:
        await expect(self.button).to_be_visible()
        chosen: Any = list(files)
        await self.widget.panel.locator("input[type=file]").set_input_files(chosen)


class AgentFiles:
    """The part of the console that has to do with files."""

    def __init__(self, console: Console) -> None:
        self.page, t = console.page, console.t
        self.button = console.button("file.attach")
        self.chips = self.page.get_by_role("list", name=t("file.attached")).get_by_role("listitem")
        self.pictures = console.log.locator("img")
        self.lightbox = self.page.get_by_role("dialog")

    async def attach(self, *files: FilePayload) -> None:
        await self.page.locator("input[type=file]").set_input_files(list(files))
        await expect(self.chips).to_have_count(len(files))


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
    await widget.end()


async def bring(place: Frame, event: str, name: str, text: str) -> None:
    """As the hand does it: `dragenter`, `dragleave`, `drop` or `paste`."""
    await place.evaluate(DROP, [name, text, event])


async def bring_all(place: Frame, texts: Iterable[str], pictures: Iterable[str] = ()) -> None:
    """Files of those names, dropped in one go."""
    drawn = b64encode(png(DRAWN, DRAWN)).decode()
    await place.evaluate(BRING_ALL, [list(texts), list(pictures), drawn])


async def throttle(widget: Widget, bytes_per_second: int) -> CDPSession:
    """Makes the panel's uploads slow; -1 makes them fast again."""
    session = await _session_of(widget)
    await session.send("Network.enable")
    await set_speed(session, bytes_per_second)
    return session


async def set_speed(session: CDPSession, bytes_per_second: int, *, offline: bool = False) -> None:
    conditions: dict[str, Any] = {
        "offline": offline,
        "latency": 0,
        "downloadThroughput": -1,
        "uploadThroughput": bytes_per_second,
    }
    await session.send("Network.emulateNetworkConditions", conditions)


async def _session_of(widget: Widget) -> CDPSession:
    """The frame has a process of its own, or not: that is up to the browser."""
    context = widget.page.context
    try:
        return await context.new_cdp_session(widget.frame())
    except Error:
        return await context.new_cdp_session(widget.page)


async def is_loaded(picture: Locator) -> None:
    await expect(picture).to_be_visible()
    await expect(picture).to_have_js_property("complete", True)
    assert await picture.evaluate("(image) => image.naturalWidth") > 0


async def refuse_uploads(page: Page) -> None:
    """The network lets everything through but files."""
    await page.route("**/uploads/*", lambda route: route.abort())
