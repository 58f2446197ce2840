"""A network that lets no WebSocket through: visitor and agent chat all the same."""

import pytest
from playwright.async_api import Page, WebSocketRoute, expect

from tests.support.browser import DESKTOP, Browsers, open_person
from tests.support.browser_agent import Console
from tests.support.browser_visitor import Widget
from tests.support.running import Running

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
]


async def block_sockets(page: Page) -> list[str]:
    """Hangs up on every socket before a word is said; returns who asks by poll instead."""
    polls: list[str] = []

    async def refuse(route: WebSocketRoute) -> None:
        await route.close(code=1006)

    await page.route_web_socket("**/ws/*", refuse)
    page.on("request", lambda r: polls.append(r.url) if "/poll/" in r.url else None)
    return polls


async def test_a_chat_without_websockets(browsers: Browsers, demo: Running) -> None:
    async with (
        open_person(browsers.allowing, locale="en-US", **DESKTOP) as visitor,
        open_person(browsers.blocking, locale="en-US") as agent,
    ):
        console = Console(await agent.page(), demo.origin)
        asked = await block_sockets(console.page)
        await console.sign_in("ann@teahouse.example")
        widget = Widget(await visitor.page(), "en")
        polls = await block_sockets(widget.page)
        await widget.page.goto(demo.shop)
        await widget.open()
        await widget.say("Do you sell keemun?")
        await expect(widget.status()).to_have_text(widget.t("sent"))
        await expect(console.row("Do you sell keemun?")).to_be_visible()
        await console.open("Do you sell keemun?")
        await console.take()
        await console.answer("Keemun is on the top shelf.")
        await expect(widget.message("Keemun is on the top shelf.")).to_be_visible()
        await widget.say("Thank you for the keemun")
        await expect(console.log).to_contain_text("Thank you for the keemun")
        assert polls
        assert asked
        assert all("?" not in url for url in [*polls, *asked])
