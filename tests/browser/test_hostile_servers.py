"""The chat's server is away, or says nothing: the page never notices."""

import socket
from collections.abc import Iterator

import pytest
from playwright.async_api import Route, expect

from tests.support.browser import Browsers
from tests.support.hostile import Hosts, visiting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

BUTTON = """<button onclick="this.textContent = 'Bought'">Buy</button>"""


@pytest.fixture
def silent() -> Iterator[str]:
    """Somebody takes the call and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def tag(origin: str, hosts: Hosts) -> str:
    return f'<script async src="{origin}/widget.js" data-site="{hosts.keys[0]}"></script>'


async def test_a_server_that_is_gone(browsers: Browsers, hosts: Hosts) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        origin = f"http://127.0.0.1:{free.getsockname()[1]}"
    address = hosts.show(BUTTON + tag(origin, hosts), path="/gone")
    async with visiting(browsers.blocking, address, forgives=("ERR_CONNECTION",)) as widget:
        await widget.page.wait_for_load_state("load")
        await widget.page.get_by_role("button").click()
        await expect(widget.page.get_by_role("button")).to_have_text("Bought")


async def test_a_server_that_is_silent(browsers: Browsers, hosts: Hosts, silent: str) -> None:
    address = hosts.show(tag(silent, hosts) + BUTTON, path="/silent")
    async with visiting(browsers.blocking, hosts.show("", path="/before")) as widget:
        await widget.page.goto(address, wait_until="domcontentloaded")
        await widget.page.get_by_role("button").click()
        await expect(widget.page.get_by_role("button")).to_have_text("Bought")


async def test_settings_that_never_come(browsers: Browsers, hosts: Hosts) -> None:
    """After some seconds the launcher stands there as its tag says, and the panel opens."""
    address = hosts.show(hosts.tag('data-color="#0a5c36"'), path="/patience")
    async with visiting(browsers.blocking, hosts.show("", path="/before")) as widget:

        async def never(route: Route) -> None:
            """Neither answered nor ended."""

        await widget.page.route("**/widget/config?*", never)
        await widget.page.goto(address)
        await expect(widget.launcher).to_have_css("background-color", "rgb(10, 92, 54)")
        await widget.open()


async def test_a_panel_that_never_comes(browsers: Browsers, hosts: Hosts) -> None:
    """The page stays usable beside it, and then there is a link instead."""
    address = hosts.show(BUTTON + hosts.tag(), path="/panel")
    async with visiting(browsers.blocking, address) as widget:

        async def never(route: Route) -> None:
            """Neither answered nor ended."""

        await widget.page.route("**/frame?*", never)
        await widget.page.clock.install()
        await widget.page.reload()
        await widget.launcher.click()
        await widget.page.get_by_role("button", name="Buy").click()
        await expect(widget.page.get_by_role("button", name="Bought")).to_be_visible()
        await widget.page.clock.fast_forward(10_000)
        await expect(widget.page.locator("chat-widget a")).to_be_visible()
        await widget.launcher.click()
        await expect(widget.page.locator("chat-widget a")).to_be_hidden()
