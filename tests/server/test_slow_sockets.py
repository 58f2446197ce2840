"""A socket that takes nothing for a while: what it still gets when it flows again."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from chatserver.config import Settings
from chatserver.parts import open_parts
from chatserver.protocol.codec import agent_decoder
from chatserver.protocol.codes import CloseCode
from chatserver.realtime.agent_session import AgentSession
from chatserver.realtime.connection import Connection
from chatserver.realtime.effects import SendBytes


class StuckTransport:
    """A peer that reads nothing until it flows."""

    def __init__(self):
        self.flows = asyncio.Event()
        self.taken = []
        self.closed_with = None
        self.is_served = asyncio.Event()
        self._is_gone = asyncio.Event()

    async def receive(self):
        self.is_served.set()
        await self._is_gone.wait()

    async def send(self, data):
        await self.flows.wait()
        self.taken.append(data)

    async def close(self, code, _reason):
        await self.flows.wait()
        self.closed_with = code
        self._is_gone.set()

    @property
    def is_open(self):
        return self.closed_with is None


@asynccontextmanager
async def stuck_console(tmp_path):
    """A console's connection of which one frame is on its way and two wait."""
    async with open_parts(Settings(data_dir=str(tmp_path))) as parts:
        services, transport = parts.realtime, StuckTransport()
        patience, now = services.agent_patience(), services.clock.monotonic()
        session = AgentSession("s1", patience=patience, limits=services.limits(65536), now=now)
        connection = Connection(
            transport, services, session=session, decoder=agent_decoder, max_bytes=65536
        )
        connection.apply([SendBytes(b"on its way"), SendBytes(b"first"), SendBytes(b"second")])
        async with asyncio.TaskGroup() as group:
            group.create_task(connection.run())
            await transport.is_served.wait()
            yield connection, transport


@pytest.mark.parametrize(
    "code",
    [CloseCode.SITE_DISABLED, CloseCode.BANNED, CloseCode.SIGNED_OUT, CloseCode.ERASED],
)
async def test_who_lost_access_gets_nothing_of_what_waits(tmp_path, code):
    async with stuck_console(tmp_path) as (connection, transport):
        connection.hang(code, "no more")
        assert connection.waiting_bytes == 0
        transport.flows.set()
    assert (transport.taken, transport.closed_with) == ([b"on its way"], code)


async def test_who_is_only_sent_elsewhere_gets_what_waits_first(tmp_path):
    async with stuck_console(tmp_path) as (connection, transport):
        connection.hang(CloseCode.DRAIN, "drain")
        transport.flows.set()
    assert transport.taken == [b"on its way", b"first", b"second"]
    assert transport.closed_with == CloseCode.DRAIN
