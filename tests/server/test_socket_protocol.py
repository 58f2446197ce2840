"""Frames that go the short way out arrive whole, in order, and wait for a client that is slow."""

import asyncio
import contextlib
import socket

import pytest
import uvicorn
from starlette.websockets import WebSocket, WebSocketDisconnect
from uvicorn.protocols.utils import ClientDisconnected
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from chatserver.protocol.codes import CloseCode
from chatserver.realtime.socket_protocol import JOINED_BYTES, SocketProtocol
from chatserver.realtime.transport import SocketTransport
from chatserver.tasks import begin


@contextlib.asynccontextmanager
async def serving(talk):
    """A server whose every socket is given to `talk(transport)`; yields its address."""

    async def app(scope, receive, send):
        accepted = WebSocket(scope, receive, send)
        await accepted.accept()
        await talk(SocketTransport(accepted))

    listening = socket.create_server(("127.0.0.1", 0))
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
    config = uvicorn.Config(
        app,
        ws=SocketProtocol,
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        lifespan="off",
        log_config=None,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    server.capture_signals = contextlib.nullcontext
    task = asyncio.ensure_future(server.serve(sockets=[listening]))  # noqa: TID251
    try:
        yield f"ws://127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        server.should_exit = True
        await task


async def until_gone(transport):
    with contextlib.suppress(WebSocketDisconnect):
        while await transport.receive() is not None:
            pass


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65535, 65536, JOINED_BYTES * 3])
async def test_a_frame_of_any_size_arrives_whole(size):
    async def talk(transport):
        await transport.send(b"x" * size)
        await until_gone(transport)

    async with serving(talk) as url, connect(url, max_size=None) as client:
        assert await client.recv() == "x" * size


async def test_many_frames_of_one_turn_keep_their_order_and_the_close_comes_last():
    async def talk(transport):
        for number in range(2000):
            await transport.send(f"{number} 你好".encode())
        await transport.close(CloseCode.DRAIN, "drain")
        await until_gone(transport)

    async with serving(talk) as url, connect(url) as client:
        heard = []
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                heard.append(await client.recv())
    assert heard == [f"{number} 你好" for number in range(2000)]
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4001, "drain")


async def test_frames_of_one_turn_are_one_write():
    written = []

    async def talk(transport):
        protocol = transport._frames
        write = protocol.transport.write

        class Counting:
            def __getattr__(self, name):
                return getattr(inner, name)

            def write(self, data):
                written.append(len(data))
                write(data)

        inner, protocol.transport = protocol.transport, Counting()
        for _ in range(5):
            await transport.send(b"hello")
        await until_gone(transport)

    async with serving(talk) as url, connect(url) as client:
        assert [await client.recv() for _ in range(5)] == ["hello"] * 5
    assert written[0] == 5 * len(b"\x81\x05hello")


async def test_who_does_not_read_makes_the_sender_wait_and_holds_bounded_memory():
    waits, sent = asyncio.Event(), []

    async def talk(transport):
        while (rest := begin(transport.send(b"x" * 10_000))) is None:
            sent.append(10_000)
        waits.set()
        await rest
        await transport.close(CloseCode.DONE, "")
        await until_gone(transport)

    async with serving(talk) as url, connect(url, max_queue=1) as client:
        await waits.wait()
        buffered = len(sent)
        assert sum(sent) < 8 * 1024 * 1024
        heard = [message async for message in client]
    assert len(heard) == buffered + 1


async def test_writing_to_who_is_gone_says_so():
    ended = asyncio.Future()

    async def talk(transport):
        await until_gone(transport)
        try:
            await transport.send(b"hello?")
        except ClientDisconnected as error:
            ended.set_result(error)

    async with serving(talk) as url:
        async with connect(url):
            pass
        assert isinstance(await ended, OSError)
