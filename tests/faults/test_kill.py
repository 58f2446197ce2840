"""kill -9 in the middle of chats: what was acknowledged is there once, and browsers carry on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from playwright.async_api import expect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from chatserver.conversation.events import MessageSent
from chatserver.storage.database import open_database
from tests.support.browser import open_browsers, open_person, require_browser_and_built_files
from tests.support.browser_agent import Console
from tests.support.browser_visitor import Widget
from tests.support.replay import check_rows_equal_replay, stored_facts
from tests.support.running import Running, run_service
from tests.support.sockets import Wire, open_chat, open_visitor, site_key

pytestmark = pytest.mark.slow

WRITERS = 6
MESSAGES = 40  # of each writer
# Of all together; the kill comes somewhere in the middle.
KILL_AT = 80
# The first minute's cap between two tries is 5 s; a busy machine needs some time besides.
BACK_MS = 20_000
QUICK = {"visitor_rate": "1000", "visitor_burst": "1000"}
DOWN = (OSError, ConnectionClosed, InvalidHandshake, InvalidMessage)
# What Chromium itself writes to its console while nobody answers.
NOBODY_THERE = ("ERR_CONNECTION", "WebSocket connection", "ERR_SOCKET", "ERR_EMPTY_RESPONSE")


class Writer:
    """A visitor who writes numbered messages, each again until it is acknowledged."""

    def __init__(self, name: str, flow: "Flow") -> None:
        self.acknowledged: dict[str, int] = {}
        self.name = name
        self._flow = flow
        self._token: str | None = None

    async def write_all(self) -> None:
        while len(self.acknowledged) < MESSAGES:
            await self._flow.is_up.wait()
            with suppress(*DOWN):
                await self._write_while_connected()

    async def _write_while_connected(self) -> None:
        flow = self._flow
        async with open_visitor(flow.service, flow.site, token=self._token) as wire:
            self._token = wire.welcome.get("token", self._token)
            conversation = await open_chat(wire)
            while len(self.acknowledged) < MESSAGES:
                await self._write(wire, conversation, f"{self.name} {len(self.acknowledged)}")

    async def _write(self, wire: Wire, conversation: str, text: str) -> None:
        message = {"t": "send", "conversation": conversation, "client_id": text, "text": text}
        reply = await wire.ask(message)
        self.acknowledged[text] = reply["ok"]["seq"]
        self._flow.written += 1
        if self._flow.written >= KILL_AT:
            self._flow.is_flowing.set()


class Flow:
    """Several writers at work on one service."""

    def __init__(self, service: Running, site: str) -> None:
        self.service = service
        self.site = site
        self.written = 0
        self.is_up = asyncio.Event()
        self.is_flowing = asyncio.Event()
        self.writers = [Writer(f"writer-{number}", self) for number in range(WRITERS)]

    async def kill(self) -> None:
        """In the middle: some messages are acknowledged, some are not."""
        await self.is_flowing.wait()
        self.is_up.clear()
        await asyncio.to_thread(self.service.kill)
        assert self.written < MESSAGES * WRITERS, "killed too late to prove anything"

    async def start(self) -> None:
        await asyncio.to_thread(self.service.start)
        self.is_up.set()

    async def check(self) -> None:
        """Each acknowledged message once, under its number, in the order of its writer."""
        stored = await stored_messages(self.service)
        for writer in self.writers:
            own = [(text, seq) for text, seq in stored if text.startswith(f"{writer.name} ")]
            assert own == list(writer.acknowledged.items())
            assert [text for text, _ in own] == [f"{writer.name} {n}" for n in range(MESSAGES)]


@asynccontextmanager
async def flowing(service: Running) -> AsyncIterator[Flow]:
    """Leaves when every writer has written everything."""
    flow = Flow(service, await site_key(service))
    flow.is_up.set()
    async with asyncio.TaskGroup() as tasks:
        for writer in flow.writers:
            tasks.create_task(writer.write_all())
        yield flow


async def stored_messages(service: Running) -> list[tuple[str, int | None]]:
    database = open_database(service.database)
    await check_rows_equal_replay(database)
    facts = await stored_facts(database)
    await database.close()
    return [
        (fact.body.text or "", fact.visitor_seq)
        for fact in facts
        if fact.body and isinstance(fact.event, MessageSent)
    ]


async def test_what_was_acknowledged_is_stored_once_and_in_order(tmp_path: Path) -> None:
    with run_service(tmp_path, **QUICK) as service:
        async with flowing(service) as flow:
            await flow.kill()
            await flow.start()
    await flow.check()


@pytest.mark.browser
async def test_two_browsers_carry_on_by_themselves(tmp_path: Path) -> None:
    require_browser_and_built_files()
    with run_service(tmp_path, **QUICK) as service:
        async with (
            open_browsers() as browsers,
            open_person(browsers.blocking, forgives=NOBODY_THERE) as visitor,
            open_person(browsers.blocking, forgives=NOBODY_THERE) as agent,
        ):
            console = Console(await agent.page(), service.origin)
            widget = Widget(await visitor.page())
            await meet(console, widget, service)
            async with flowing(service) as flow:
                await flow.kill()
                await write_into_the_dark(console, widget)
                await flow.start()
            await find_each_other(console, widget)
    await flow.check()
    said = ["Is anybody there?", "I am.", "Are you still there?", "Yes, I am."]
    stored = [text for text, _ in await stored_messages(service)]
    assert [text for text in stored if text in said] in (said, [*said[:2], said[3], said[2]])


async def meet(console: Console, widget: Widget, service: Running) -> None:
    await console.sign_in("ann@teahouse.example")
    await widget.page.goto(service.shop)
    await widget.open()
    await widget.say("Is anybody there?")
    await console.open("Is anybody there?")
    await console.take()
    await console.answer("I am.")
    await expect(widget.message("I am.")).to_be_visible()


async def write_into_the_dark(console: Console, widget: Widget) -> None:
    """Both write while nobody listens; neither screen says "sent"."""
    await widget.say("Are you still there?")
    await expect(widget.notice).to_contain_text(widget.t("link.reconnecting_unsent", count=1))
    await expect(widget.status()).to_have_text(widget.t("sending"))
    await console.reply.fill("Yes, I am.")
    await console.reply.press("Enter")
    await expect(console.log).to_contain_text(console.t("thread.waiting"))


async def find_each_other(console: Console, widget: Widget) -> None:
    """Nobody touches anything; every message stands once on both screens."""
    await expect(widget.message("Yes, I am.")).to_be_visible(timeout=BACK_MS)
    await expect(console.log).to_contain_text("Are you still there?", timeout=BACK_MS)
    await expect(widget.notice).to_have_count(0)
    await expect(widget.texts()).to_have_count(4)
    await expect(console.log).not_to_contain_text(console.t("thread.waiting"))
    for text in ("Are you still there?", "Yes, I am."):
        await expect(console.log.get_by_text(text, exact=True)).to_have_count(1)
