"""A socket that takes nothing for a while: what it still gets when it flows again."""

import asyncio
from contextlib import asynccontextmanager

import msgspec
import pytest

from chatserver.config import Settings
from chatserver.parts import open_parts
from chatserver.protocol import agent as wire
from chatserver.protocol.codec import agent_decoder
from chatserver.protocol.codes import CloseCode
from chatserver.protocol.shared import Author, Signal
from chatserver.realtime.agent_session import AgentSession
from chatserver.realtime.connection import Connection
from chatserver.realtime.effects import Send, SendBytes
from tests.support.clock import FakeClock


class StuckTransport:
    """A peer that reads nothing until it flows."""

    def __init__(self):
        self.flows = asyncio.Event()
        self.taken = []
        self.closed_with = None
        self.is_served = asyncio.Event()
        self.says = asyncio.Queue()

    async def receive(self):
        self.is_served.set()
        return await self.says.get()

    async def send(self, data):
        await self.flows.wait()
        self.taken.append(data)

    async def close(self, code, _reason):
        await self.flows.wait()
        self.closed_with = code
        self.says.put_nowait(None)

    @property
    def is_open(self):
        return self.closed_with is None


@asynccontextmanager
async def stuck_console(tmp_path, clock=None, **settings):
    """A console's connection of which one frame is on its way and two wait."""
    settings = Settings(data_dir=str(tmp_path), **settings)
    async with open_parts(settings, clock=clock) as parts:
        services, transport = parts.realtime, StuckTransport()
        patience, now = services.agent_patience(), services.clock.monotonic()
        session = AgentSession("s1", patience=patience, limits=services.limits(65536), now=now)
        connection = Connection(
            transport, services, session=session, decoder=agent_decoder, max_bytes=65536
        )
        connection.apply([SendBytes(b"on its way"), SendBytes(b"first"), SendBytes(b"second")])
        async with asyncio.TaskGroup() as group:
            wheel = group.create_task(services.wheel.run())
            group.create_task(connection.run())
            await transport.is_served.wait()
            yield connection, transport
            wheel.cancel()


async def turn():
    await asyncio.sleep(0)


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


@pytest.mark.parametrize("waiting", [b"little", b"x" * 262144])
async def test_who_takes_nothing_for_too_long_is_told_that_it_is_slow(tmp_path, waiting):
    clock = FakeClock()
    async with stuck_console(tmp_path, clock, slow_seconds=30) as (connection, transport):
        connection.apply([SendBytes(waiting)])
        clock.advance(31)
        while connection.waiting_bytes:
            await turn()
        transport.flows.set()
    assert (transport.taken, transport.closed_with) == ([b"on its way"], CloseCode.SLOW)


async def test_who_is_behind_is_not_listened_to(tmp_path):
    """Else its questions would make us keep one answer after the other."""
    async with stuck_console(tmp_path, outbox_frames=2) as (connection, transport):
        connection.apply([SendBytes(b"one too many")])
        assert connection.is_behind
        transport.says.put_nowait(b'{"t":"bye"}')
        for _ in range(100):
            await turn()
        assert connection.is_behind
        transport.flows.set()
    assert transport.closed_with == CloseCode.BAD_PROTOCOL  # a bye before the hello


async def test_of_small_news_only_the_newest_waits(tmp_path):
    clock = FakeClock()
    read = [Send(wire.State("unread", "c", unread=n)) for n in (3, 2, 1)]
    typing = Send(Signal("c", Author("visitor"), True))
    async with stuck_console(tmp_path, clock) as (connection, transport):
        clock.advance(0.3)
        connection.apply([*read, typing, Send(wire.State("unread", "d", unread=4))])
        transport.flows.set()
        while len(transport.taken) < 5:
            await turn()
        connection.hang(CloseCode.DONE, "")
    unread = [msgspec.json.decode(data) for data in transport.taken[3:]]
    assert [(frame["conversation"], frame["unread"]) for frame in unread] == [("c", 1), ("d", 4)]
