"""Host pages whose scripts change the language under our feet, or load the chat in odd ways."""

import pytest
from playwright.async_api import expect

from tests.support.browser import Browsers
from tests.support.hostile import Hosts, chats, visiting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PATCHED = """
<script>
  Object.prototype.site = "mine";
  Object.prototype.shown = () => false;
  Array.prototype.last = function () { return this[this.length - 1]; };
  Array.prototype.toJSON = String.prototype.toJSON = () => "hello from 2007";
  Array.from = Object.keys = () => [];
  JSON.parse = JSON.stringify = () => { throw new Error("mine"); };
  Function.prototype.bind = function () { return () => {}; };
  Element.prototype.remove = Element.prototype.append = () => {};
  Storage.prototype.setItem = () => { throw new Error("mine"); };
  window.WebSocket = window.XMLHttpRequest = class { constructor() { throw new Error("mine"); } };
  window.fetch = () => { throw new Error("mine"); };
  const listen = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (name, work, options) {
    return listen.call(this, name, (event) => work.handleEvent?.(event) ?? work(event), options);
  };
</script>
"""


async def test_patched_prototypes_and_globals(browsers: Browsers, hosts: Hosts) -> None:
    address = hosts.show(PATCHED + hosts.tag('data-color="#0a5c36"'), path="/patched")
    async with visiting(browsers.blocking, address) as widget:
        await expect(widget.launcher).to_have_css("background-color", "rgb(10, 92, 54)")
        await chats(widget)


async def test_a_name_that_the_page_has_taken(browsers: Browsers, hosts: Hosts) -> None:
    """Elements with an id are globals too."""
    taken = '<form id="ChatWidget"><input name="q"></form><p id="ChatWidgetSettings"></p>'
    async with visiting(browsers.blocking, hosts.show(taken + hosts.tag(), path="/id")) as widget:
        await chats(widget)


async def test_its_shadow_is_closed(browsers: Browsers, hosts: Hosts) -> None:
    context = await browsers.blocking.new_context()
    try:
        page = await context.new_page()
        await page.goto(hosts.show(hosts.tag(), path="/closed"))
        await page.wait_for_selector("chat-widget", state="attached")
        assert await page.evaluate("document.querySelector('chat-widget').shadowRoot") is None
        assert await page.evaluate("document.querySelector('chat-widget').innerHTML") == ""
        assert await page.evaluate("frames.length") == 0
        async with page.expect_event("frameattached"):
            await page.mouse.click(1232, 672)
        assert await page.evaluate("frames.length") == 0  # the page cannot even count it
    finally:
        await context.close()


async def test_pasted_twice_it_is_there_once(browsers: Browsers, hosts: Hosts) -> None:
    address = hosts.show(hosts.tag() + hosts.tag(), path="/twice")
    async with visiting(browsers.blocking, address) as widget:
        await chats(widget)
        await expect(widget.page.locator("chat-widget")).to_have_count(1)


async def test_two_sites_on_one_page(browsers: Browsers, hosts: Hosts) -> None:
    """One launcher above the other, each with its own conversation and its own commands."""
    one, two = hosts.keys
    address = hosts.show(hosts.tag() + hosts.tag(key=two), path="/two")
    async with visiting(browsers.blocking, address) as widget:
        page = widget.page
        await expect(page.locator("chat-widget")).to_have_count(2)
        boxes = [await page.locator("chat-widget button").nth(n).bounding_box() for n in (0, 1)]
        first, second = (box for box in boxes if box)
        assert abs(first["y"] - second["y"]) >= first["height"]
        for key, name in ((one, "Lamps"), (two, "Chairs")):
            await page.evaluate("key => ChatWidget.sites[key]('open')", key)
            panel = page.frame_locator(f'chat-widget iframe[src*="{key}"]')
            await expect(panel.get_by_role("heading", name=name)).to_be_visible()
            await page.evaluate("key => ChatWidget.sites[key]('destroy')", key)
        await expect(page.locator("chat-widget")).to_have_count(0)


async def test_another_sites_page_cannot_open_the_panel(browsers: Browsers, hosts: Hosts) -> None:
    """The tea shop's key on the lamp shop's page: the browser refuses to show it."""
    async with visiting(browsers.blocking, f"{hosts.service.shop}/") as widget:
        key = await widget.page.evaluate("document.querySelector('[data-site]').dataset.site")
    address = hosts.show(hosts.tag(key=key), path="/stolen")
    forgives = ("frame-ancestors", "postMessage", "ERR_BLOCKED")
    async with visiting(browsers.blocking, address, forgives=forgives) as widget:
        await widget.launcher.click()
        await expect(widget.composer).to_have_count(0)
