"""Visitors who write on and on while the service comes and goes, and a look at what it kept."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx2
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from chatserver.conversation.events import MessageSent
from chatserver.storage.database import open_database
from tests.support.replay import check_rows_equal_replay, stored_facts
from tests.support.running import Running
from tests.support.sockets import Wire, open_chat, open_visitor, site_key

WRITERS = 6
MESSAGES = 40  # of each writer
# Of all together; the kill comes somewhere in the middle.
KILL_AT = 80
QUICK = {"visitor_rate": "1000", "visitor_burst": "1000"}
DOWN = (OSError, ConnectionClosed, InvalidHandshake, InvalidMessage, httpx2.TransportError)


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
    try:
        await check_rows_equal_replay(database)
        facts = await stored_facts(database)
    finally:
        await database.close()
    return [
        (fact.body.text or "", fact.visitor_seq)
        for fact in facts
        if fact.body and isinstance(fact.event, MessageSent)
    ]
