"""Host pages that move: single-page sites, replaced bodies, frames, the browser's cache."""

import json
import tempfile

import pytest
from playwright.async_api import async_playwright, expect

from tests.support.browser import OPEN_SHADOWS, Browsers
from tests.support.browser_visitor import Widget
from tests.support.hostile import Hosts, chats, visiting
from tests.support.machine import chromium_launch_options

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_base_element_misleads_nobody(browsers: Browsers, hosts: Hosts) -> None:
    base = '<base href="https://elsewhere.example/deep/" target="_top">'
    async with visiting(browsers.blocking, hosts.show(base + hosts.tag(), path="/base")) as widget:
        await chats(widget)


async def test_a_page_inside_a_frame_of_its_own_site(browsers: Browsers, hosts: Hosts) -> None:
    hosts.show(hosts.tag(), path="/inner")
    frame = '<iframe id="shop" src="/inner" width="1000" height="700"></iframe>'
    async with visiting(browsers.blocking, hosts.show(frame, path="/outer")) as widget:
        shop = widget.page.frame_locator("#shop")
        await shop.locator("chat-widget button").click()
        panel = shop.frame_locator("chat-widget iframe")
        await panel.get_by_role("textbox", name=widget.t("compose")).fill("Framed")
        await panel.get_by_role("textbox", name=widget.t("compose")).press("Enter")
        await expect(panel.locator(".own .meta-status").last).to_have_text(widget.t("sent"))


@pytest.mark.parametrize(
    "script",
    [
        "document.body = document.createElement('body')",
        "document.body.replaceWith(document.createElement('body'))",
        "document.body.innerHTML = ''",
        "document.documentElement.replaceChildren(document.head, document.createElement('body'))",
        "document.documentElement.innerHTML = '<head></head><body><h1>New</h1></body>'",
    ],
)
async def test_a_replaced_body_takes_nothing_along(
    browsers: Browsers, hosts: Hosts, script: str
) -> None:
    """An open chat stays open with what was said, even where the frame had to begin again."""
    async with visiting(browsers.blocking, hosts.show(hosts.tag(), path="/body")) as widget:
        await widget.open()
        await widget.say("Before the page turned")
        await expect(widget.status()).to_have_text(widget.t("sent"))
        await widget.page.evaluate(script)
        await expect(widget.message("Before the page turned")).to_be_visible()
        await widget.say("And after it")
        await expect(widget.status()).to_have_text(widget.t("sent"))
        await expect(widget.page.locator("chat-widget")).to_have_count(1)


@pytest.mark.parametrize("has_api", [True, False], ids=["navigation-api", "without"])
async def test_a_single_page_site_takes_the_visitor_along(
    browsers: Browsers, hosts: Hosts, has_api: bool
) -> None:
    """The panel stays, agents see the new address, and page rules hold at once."""
    link = """
      <a href="/spa/lamp" onclick="event.preventDefault(); history.pushState({}, '', this.href);
        document.title = 'A lamp'">A lamp</a>
      <a href="/spa/cart" onclick="event.preventDefault(); history.pushState({}, '', this.href)">
        The cart</a>
    """
    gone = "" if has_api else "<script>delete window.navigation</script>"
    address = hosts.show(gone + link + hosts.tag('data-hide-on="*/cart"'), path="/spa")
    async with visiting(browsers.blocking, address) as widget:
        assert await widget.page.evaluate("'navigation' in window") is has_api
        await widget.open()
        await widget.say("On the move")
        await expect(widget.status()).to_have_text(widget.t("sent"))
        async with widget.sockets[-1].expect_event("framesent", is_page) as sent:
            await widget.page.get_by_role("link", name="A lamp").click()
        moved = json.loads(await sent.value)
        assert moved["url"].endswith("/spa/lamp")
        assert moved["title"] == "A lamp"
        await expect(widget.message("On the move")).to_be_visible()
        await widget.launcher.click()
        await widget.page.get_by_role("link", name="The cart").click()
        await expect(widget.launcher).to_be_hidden()
        await widget.page.go_back()
        await expect(widget.launcher).to_be_visible()


def is_page(frame: str | bytes) -> bool:
    return bool(json.loads(frame)["t"] == "page")


async def test_back_from_the_browsers_cache_it_still_works(hosts: Hosts) -> None:
    """The test browser usually has that cache switched off."""
    address = hosts.show(hosts.tag(), path="/cached")
    options = chromium_launch_options()
    async with async_playwright() as playwright:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            context = await playwright.chromium.launch_persistent_context(
                folder, ignore_default_args=["--disable-back-forward-cache"], **options
            )
            await context.add_init_script(OPEN_SHADOWS)
            page = await context.new_page()
            widget = Widget(page)
            await page.goto(address)
            await expect(widget.launcher).to_be_visible()
            await page.evaluate(
                "addEventListener('pageshow', (event) => { window.cached = event.persisted })"
            )
            await page.goto(hosts.show("<p>Elsewhere</p>", path="/elsewhere"))
            await page.go_back(wait_until="commit")
            await page.wait_for_function("window.cached === true")
            await chats(widget)
            await context.close()
