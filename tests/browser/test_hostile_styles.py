"""Host pages whose styles, layers, themes and media fight everything on them."""

import pytest
from playwright.async_api import expect

from tests.support.browser import Browsers
from tests.support.hostile import Hosts, chats, on_top, visiting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

RESET = """
<style>
  *, *::before, *::after, :not(html, body, head, script, style), html > :last-child {
    display: none !important; visibility: hidden !important; opacity: 0 !important;
    position: static !important; transform: scale(0) !important; clip-path: inset(50%) !important;
    pointer-events: none !important; width: 0 !important; height: 0 !important;
    color: transparent !important; font-size: 0 !important; z-index: -1 !important;
    transition: all 9s !important; animation: none !important; filter: opacity(0) !important;
  }
  html, body { display: block !important; visibility: visible !important; opacity: 1 !important;
    transform: none !important; clip-path: none !important; pointer-events: auto !important;
    filter: none !important; }
</style>
"""
WALL = """
<style>
  .wall { position: fixed; inset: 0; z-index: 2147483647; background: #fcc; }
</style>
<div class="wall"></div>
<script>
  // A banner that comes late and puts itself above all others.
  addEventListener("load", () => {
    const late = document.createElement("div");
    late.className = "wall";
    document.body.append(late);
  });
</script>
"""
SHIFTS = """
  window.shifts = [];
  new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map((e) => e.value)))
    .observe({ type: "layout-shift", buffered: true });
"""


async def test_resets_with_important_do_not_reach_it(browsers: Browsers, hosts: Hosts) -> None:
    address = hosts.show(RESET + hosts.tag(), path="/reset")
    async with visiting(browsers.blocking, address) as widget:
        await expect(widget.launcher).to_have_css("width", "56px")
        assert await on_top(widget.page)
        await chats(widget)


async def test_nothing_lies_above_the_launcher(browsers: Browsers, hosts: Hosts) -> None:
    async with visiting(browsers.blocking, hosts.show(WALL + hosts.tag(), path="/wall")) as widget:
        await expect(widget.launcher).to_be_visible()
        await expect(widget.page.locator(".wall")).to_have_count(2)
        assert await on_top(widget.page)
        await chats(widget)


async def test_a_dark_page_does_not_darken_a_light_visitors_panel(
    browsers: Browsers, hosts: Hosts
) -> None:
    dark = "<style>:root { color-scheme: dark; background: #111; color: #eee }</style>"
    address = hosts.show(dark + hosts.tag(), path="/dark")
    for scheme, is_dark in (("light", False), ("dark", True)):
        async with visiting(browsers.blocking, address, color_scheme=scheme) as widget:
            await chats(widget)
            found = await widget.frame().evaluate(
                "matchMedia('(prefers-color-scheme: dark)').matches"
            )
            assert found is is_dark


async def test_a_page_from_right_to_left(browsers: Browsers, hosts: Hosts) -> None:
    """The corner stays the site's choice, nothing makes the page wider, the panel speaks Arabic."""
    rtl = '<script>Object.assign(document.documentElement, { dir: "rtl", lang: "ar" })</script>'
    address = hosts.show(f"{rtl}<p>مصابيح</p>{hosts.tag()}", path="/rtl")
    async with visiting(browsers.blocking, address) as widget:
        box = await widget.launcher.bounding_box()
        assert box is not None
        assert box["x"] > 1000
        await widget.launcher.click()
        await expect(widget.panel.locator("html")).to_have_attribute("dir", "rtl")
        assert await widget.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_at_200_percent_the_panel_fits_the_window(browsers: Browsers, hosts: Hosts) -> None:
    """Zooming in is a smaller window with more pixels to the inch."""
    zoomed = {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2}
    address = hosts.show(hosts.tag(), path="/zoom")
    async with visiting(browsers.blocking, address, **zoomed) as widget:
        await widget.open()
        box = await widget.page.locator("chat-widget iframe").bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 400
        await widget.composer.press("Escape")
        await expect(widget.launcher).to_be_visible()


async def test_it_is_not_on_paper(browsers: Browsers, hosts: Hosts) -> None:
    async with visiting(browsers.blocking, hosts.show(hosts.tag(), path="/print")) as widget:
        await widget.open()
        await widget.page.emulate_media(media="print")
        await expect(widget.launcher).to_be_hidden()
        await expect(widget.page.locator("chat-widget iframe")).to_be_hidden()
        await widget.page.emulate_media(media="screen")
        await expect(widget.composer).to_be_visible()


async def test_the_page_does_not_move(browsers: Browsers, hosts: Hosts) -> None:
    """Neither when the launcher comes nor when the panel opens and closes."""
    body = f"<script>{SHIFTS}</script>" + "<p>Lamps that hum.</p>" * 80 + hosts.tag()
    async with visiting(browsers.blocking, hosts.show(body, path="/still")) as widget:
        await chats(widget)
        assert await widget.page.evaluate("shifts") == []
