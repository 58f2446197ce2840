"""What the chat costs the page around it, in bytes, requests, storage, sockets and movement. In
milliseconds `python -m tests.bench.page` measures it: time is no test."""

import asyncio

import pytest
from playwright.async_api import Request, expect

from tests.support.browser import Browsers, open_person
from tests.support.browser_visitor import Widget
from tests.support.hostile import Hosts, visiting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LOADER_BYTES = 5_000
KEPT = """
async () => ({
  local: { ...localStorage }, session: { ...sessionStorage }, cookies: document.cookie,
  databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})
"""
NOTHING = {"local": {}, "session": {}, "cookies": "", "databases": 0, "caches": 0, "workers": 0}
SHIFTS = """
<script>
  window.shifts = [];
  new PerformanceObserver((list) => shifts.push(...list.getEntries().map((entry) => entry.value)))
    .observe({ type: "layout-shift", buffered: true });
</script>
"""
TEXT = "<h1>Lamps</h1>" + "<p>Lamps that hum.</p>" * 40


async def test_cold_it_asks_twice_keeps_nothing_and_connects_nowhere(
    browsers: Browsers, hosts: Hosts
) -> None:
    address = hosts.show(SHIFTS + TEXT + hosts.tag(), path="/cold")
    async with open_person(browsers.allowing) as person:
        page = await person.page()
        asked: list[Request] = []
        page.on("request", lambda r: asked.append(r) if r.url.startswith(hosts.chat) else None)
        widget = Widget(page)
        await page.goto(address)
        await expect(widget.launcher).to_be_visible()
        await page.wait_for_load_state("networkidle")
        paths = [request.url.removeprefix(hosts.chat).partition("?")[0] for request in asked]
        assert paths == ["/widget.js", "/widget/config"]
        sizes = await asyncio.gather(*(request.sizes() for request in asked))
        assert sizes[0]["responseBodySize"] <= LOADER_BYTES
        assert await page.evaluate(KEPT) == NOTHING
        assert await person.context.cookies() == []
        assert widget.sockets == []
        assert len(page.frames) == 1
        assert await page.evaluate("shifts") == []


async def test_saying_who_the_visitor_is_does_not_warm_it(browsers: Browsers, hosts: Hosts) -> None:
    address = hosts.show(TEXT + hosts.tag(), path="/cold")
    async with visiting(browsers.allowing, address) as widget:
        await expect(widget.launcher).to_be_visible()
        said = "ChatWidget('identify', { name: 'Vera' }); ChatWidget('setAttributes', { a: 1 })"
        await widget.page.evaluate(said)
        await widget.page.evaluate("ChatWidget('setPage', { title: 'A lamp' })")
        assert await widget.page.evaluate(KEPT) == NOTHING
        assert (len(widget.page.frames), widget.sockets) == (1, [])


async def test_opened_and_left_without_a_word_the_next_page_is_cold(
    browsers: Browsers, hosts: Hosts
) -> None:
    address = hosts.show(TEXT + hosts.tag(), path="/cold")
    async with visiting(browsers.allowing, address) as widget:
        await widget.open()
        await widget.launcher.click()
        await widget.page.goto(address)
        await expect(widget.launcher).to_be_visible()
        await widget.page.wait_for_load_state("networkidle")
        assert await widget.page.evaluate(KEPT) == NOTHING
        assert len(widget.page.frames) == 1


async def test_with_a_conversation_the_next_page_has_one_flag_and_one_socket(
    browsers: Browsers, hosts: Hosts
) -> None:
    """Hidden, to show what is unread; where the frame may store, the page holds a mere flag."""
    address = hosts.show(SHIFTS + TEXT + hosts.tag(), path="/warm")
    key = hosts.keys[0]
    async with visiting(browsers.allowing, address) as widget:
        await widget.open()
        await widget.say("Back in a minute")
        await expect(widget.status()).to_have_text(widget.t("sent"))
        await widget.launcher.click()
        before = len(widget.sockets)
        async with widget.page.expect_event("websocket"):
            await widget.page.goto(address)
        await expect(widget.composer).to_be_hidden()
        flag = {"local": {f"chat-widget.{key}": "1"}}
        assert await widget.page.evaluate(KEPT) == NOTHING | flag
        assert len(widget.sockets) == before + 1
        assert await widget.page.evaluate("shifts") == []
