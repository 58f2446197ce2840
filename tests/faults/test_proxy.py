"""The proxy that plays the network in other tests does what it says, and otherwise nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from tests.support.proxy import Pipe, Proxy, Way, open_proxy

LONG = bytes(range(256)) * 2000


@dataclass
class Call:
    """A client's connection through the proxy to a listener that only we speak for."""

    pipe: Pipe
    client: tuple[asyncio.StreamReader, asyncio.StreamWriter]
    service: tuple[asyncio.StreamReader, asyncio.StreamWriter]

    async def says(self, data: bytes) -> None:
        self.client[1].write(data)
        await self.client[1].drain()

    async def hears(self, size: int) -> bytes:
        return await self.service[0].readexactly(size)


@asynccontextmanager
async def calling() -> AsyncIterator[Call]:
    arrivals: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()

    async def arrived(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await arrivals.put((reader, writer))

    listener = await asyncio.start_server(arrived, "127.0.0.1", 0)
    async with open_proxy(listener.sockets[0].getsockname()[1]) as proxy:
        client = await asyncio.open_connection("127.0.0.1", proxy.port)
        service = await arrivals.get()
        call = Call(pipe_of(proxy, client[1]), client, service)
        yield call
        for _, writer in (call.client, call.service):
            writer.transport.abort()
    listener.close()


def pipe_of(proxy: Proxy, writer: asyncio.StreamWriter) -> Pipe:
    return proxy.pipes[writer.get_extra_info("sockname")[1]]


async def test_everything_passes_both_ways() -> None:
    async with calling() as call:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(call.says(LONG))
            assert await call.hears(len(LONG)) == LONG
        call.service[1].write(b"well")
        assert await call.client[0].readexactly(4) == b"well"


async def test_an_end_is_told_to_the_other_side() -> None:
    async with calling() as call:
        call.service[1].write(b"bye")
        call.service[1].close()
        assert await call.client[0].read() == b"bye"


async def test_latency_and_bandwidth_lose_nothing_and_keep_the_order() -> None:
    async with calling() as call:
        call.pipe.delay(0.01)
        call.pipe.narrow(4_000_000)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(call.says(LONG))
            assert await call.hears(len(LONG)) == LONG


async def test_a_trickle_lets_one_byte_through_at_a_time() -> None:
    async with calling() as call:
        call.pipe.narrow(20, Way.UP)
        await call.says(b"abcdef")
        assert await call.service[0].read(100) == b"a"


async def test_a_reset_is_one_for_both() -> None:
    async with calling() as call:
        call.pipe.reset()
        with pytest.raises(ConnectionResetError):
            await call.client[0].readexactly(1)
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await call.service[0].readexactly(1)


async def test_a_cut_lets_half_of_a_frame_through() -> None:
    async with calling() as call:
        call.pipe.cut_mid_frame(Way.UP)
        await call.says(b"abcdefgh")
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)) as caught:
            await call.hears(8)
        assert getattr(caught.value, "partial", b"abcd") == b"abcd"


async def test_one_way_vanishes_and_the_other_goes_on() -> None:
    async with calling() as call:
        call.pipe.swallow(Way.UP)
        await call.says(b"nobody hears this")
        call.service[1].write(b"but this")
        assert await call.client[0].readexactly(8) == b"but this"
        call.pipe.up.is_swallowing = False
        await call.says(b"and this")
        assert await call.hears(8) == b"and this"


async def test_an_idle_connection_is_reset() -> None:
    async with calling() as call:
        call.pipe.kill_when_idle(0.05)
        with pytest.raises(ConnectionResetError):
            await call.client[0].readexactly(1)


async def test_where_nobody_listens_the_client_is_cut_off() -> None:
    listener = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    listener.close()
    await listener.wait_closed()
    async with open_proxy(port) as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        with pytest.raises(ConnectionResetError):
            await reader.readexactly(1)
        writer.close()
