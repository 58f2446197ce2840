"""A visitor and an agent in the same chat, in two browsers, and what can be done to them."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import CDPSession, Locator, Page, WebSocketRoute, expect

from tests.support.browser import Browsers, Person, open_person
from tests.support.browser_agent import Console
from tests.support.browser_visitor import Widget
from tests.support.running import Running

ANN = "ann@teahouse.example"
# A client that hears nothing asks after 10 s, and waits up to 5 s between two tries.
BACK_MS = 30_000
# What Chromium itself writes to its console while nobody answers.
NOBODY_THERE = (
    "ERR_CONNECTION",
    "WebSocket connection",
    "ERR_SOCKET",
    "ERR_EMPTY_RESPONSE",
    "ERR_INTERNET_DISCONNECTED",
    "status of 503",
)


@dataclass
class Two:
    """A visitor and an agent in the same chat; `said` is what both have seen."""

    visitor: Person
    agent: Person
    widget: Widget
    console: Console
    said: list[str]

    async def agree(self, *more: str) -> None:
        """Both show everything, once and in this order, and nothing is under way or amiss."""
        self.said += more
        await expect(self.widget.texts()).to_have_text(self.said, timeout=BACK_MS)
        for text in self.said:
            shown = self.console.log.get_by_text(text, exact=True)
            await expect(shown).to_have_count(1, timeout=BACK_MS)
        log = await self.console.log.inner_text()
        assert sorted(self.said, key=log.index) == self.said
        await expect(self.widget.notice).to_have_count(0)
        await expect(self.banner).to_have_text("")
        for state in ("waiting", "sending", "failed"):
            await expect(self.widget.log).not_to_contain_text(self.widget.t(state))
            await expect(self.console.log).not_to_contain_text(self.console.t(f"thread.{state}"))

    async def talk(self) -> None:
        """It works again, both ways."""
        number = len(self.said)
        await self.widget.say(f"Back again? {number}")
        await expect(self.console.log).to_contain_text(f"Back again? {number}", timeout=BACK_MS)
        await self.console.answer(f"Yes, back. {number}")
        await self.agree(f"Back again? {number}", f"Yes, back. {number}")

    @property
    def banner(self) -> Locator:
        return (
            self.console.page.locator("main#main").locator("xpath=..").get_by_role("status").first
        )


class Answers:
    """Stands between the visitor and the server, and answers some messages with a failure for good:
    so many times each."""

    def __init__(self, refusals: dict[str, int]) -> None:
        self.refused: list[str] = []
        self._left = refusals

    async def watch(self, page: Page) -> None:
        await page.route_web_socket("**/ws/visitor", self._connect)

    def _connect(self, client: WebSocketRoute) -> None:
        server = client.connect_to_server()
        client.on_message(lambda data: self._pass(client, server, data))

    def _pass(self, client: WebSocketRoute, server: WebSocketRoute, data: str | bytes) -> None:
        frame = json.loads(data)
        text = frame.get("text", "")
        if not self._left.get(text):
            server.send(data)
            return
        self._left[text] -= 1
        self.refused.append(text)
        problem = {"code": "internal", "message": "broken"}
        client.send(json.dumps({"t": "reply", "id": frame["id"], "error": problem}))


@asynccontextmanager
async def meet(
    browsers: Browsers,
    service: Running,
    shop: str | None = None,
    *,
    answers: Answers | None = None,
) -> AsyncIterator[Two]:
    async with (
        open_person(browsers.allowing, forgives=NOBODY_THERE) as visitor,
        open_person(browsers.blocking, forgives=NOBODY_THERE) as agent,
    ):
        console = Console(await agent.page(), service.origin)
        widget = Widget(await visitor.page())
        if answers:
            await answers.watch(widget.page)
        await console.sign_in(ANN)
        await widget.page.goto(shop or service.shop)
        await widget.open()
        await widget.say("Is anybody there?")
        await console.open("Is anybody there?")
        await console.take()
        await console.answer("I am.")
        two = Two(visitor, agent, widget, console, [])
        await two.agree("Is anybody there?", "I am.")
        yield two


async def sleep(widget: Widget) -> CDPSession:
    """No timer runs and no frame is read until it wakes. (Chromium's own "frozen" leaves frames of
    other sites awake.)"""
    session = await widget.page.context.new_cdp_session(widget.frame())
    await session.send("Debugger.enable")
    await session.send("Debugger.pause")
    return session


async def wake(session: CDPSession) -> None:
    await session.send("Debugger.disable")
    await session.detach()


async def sign_out(console: Console) -> None:
    page = console.page
    await page.get_by_role("button", name=console.t("status.menu", name="Ann Lindgren")).click()
    await page.get_by_role("menuitem", name=console.t("nav.signOut")).click()
    await expect(page.locator("input[name=email]")).to_be_visible()
