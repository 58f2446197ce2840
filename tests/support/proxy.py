"""A TCP proxy that does to connections what networks do: waits, trickles, swallows, cuts."""

import asyncio
import ctypes
import socket
import struct
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import cast

# What one direction may hold back before it stops reading, in bytes.
HELD_BYTES = 65536
# A paced direction lets through what the bandwidth allows in so many seconds at a time.
BEAT_SECONDS = 0.05
RESET_AT_ONCE = struct.pack("ii", 1, 0)
# linux/filter.h: a program of one instruction, "return 0 bytes of the packet".
SO_ATTACH_FILTER = 26
DROP_ALL = struct.pack("HBBI", 0x06, 0, 0, 0)


class Way(StrEnum):
    UP = "up"  # from the client to the service
    DOWN = "down"


class Flow(asyncio.Protocol):
    """One end of a connection; what arrives here leaves by the other end, `beyond`."""

    beyond: "Flow"

    def __init__(self, pipe: "Pipe") -> None:
        self._pipe = pipe
        self._loop = asyncio.get_running_loop()
        self.transport: asyncio.Transport | None = None
        self.is_gone = False
        self.latency = 0.0
        self.bytes_per_second = 0.0
        self.is_swallowing = False
        self.cuts_next = False
        self.at = 0.0  # when something arrived here last
        self._held: deque[tuple[float, bytes]] = deque()
        self._held_bytes = 0
        self._beat: asyncio.TimerHandle | None = None
        self._has_ended = False
        self._is_blocked = False

    # What the transport says

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.at = self._loop.time()
        self._pipe.connected(self)

    def data_received(self, data: bytes) -> None:
        self.at = self._loop.time()
        if self.is_swallowing:
            return
        if self.cuts_next:
            self.beyond.write(data[: len(data) // 2])
            # What was written leaves first; a reset would take it back.
            self._loop.call_soon(self._pipe.reset)
        elif self._held or self.latency or self.bytes_per_second or self.beyond.transport is None:
            self._hold(data)
        else:
            self.beyond.write(data)

    def eof_received(self) -> bool:
        self._end()
        return True  # the other way may go on; `_end` closes when all is through

    def connection_lost(self, _error: Exception | None) -> None:
        self.is_gone = True
        self._end()
        self._pipe.gone(self)

    def pause_writing(self) -> None:
        self.beyond.block(True)

    def resume_writing(self) -> None:
        self.beyond.block(False)

    # What the other end asks

    def write(self, data: bytes) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(data)

    def block(self, on: bool) -> None:
        """The other end takes nothing: neither do we, so that the sender feels it."""
        self._is_blocked = on
        self._pause_or_resume()

    def close(self) -> None:
        if self.transport is not None:
            self.transport.close()

    def vanish(self) -> None:
        """What arrives here is thrown away below TCP, so that the other side hears nothing of it,
        as when a machine loses its power. Linux."""
        assert self.transport is not None
        sock = self.transport.get_extra_info("socket")
        words = ctypes.create_string_buffer(DROP_ALL)
        program = struct.pack("HP", 1, ctypes.addressof(words))
        sock.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, program)

    def reset(self) -> None:
        if self.transport is None:
            return
        sock = self.transport.get_extra_info("socket")
        if not self.transport.is_closing() and sock is not None and sock.fileno() >= 0:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_ONCE)
        self.transport.abort()

    def let_go(self) -> None:
        """Lets through what is due."""
        self._beat = None
        now = self._loop.time()
        room = self.bytes_per_second * BEAT_SECONDS
        if self.beyond.transport is None:
            return  # it asks again once it is connected
        while self._held and self._held[0][0] <= now:
            due, data = self._held.popleft()
            size = len(data) if not self.bytes_per_second else min(len(data), max(1, int(room)))
            self._held_bytes -= size
            self.beyond.write(data[:size])
            if size < len(data):
                self._held.appendleft((due, data[size:]))
            if self.bytes_per_second:
                self._beat = self._loop.call_later(size / self.bytes_per_second, self.let_go)
                break
        if self._held and self._beat is None:
            self._beat = self._loop.call_at(self._held[0][0], self.let_go)
        self._pause_or_resume()
        if self._has_ended and not self._held:
            self.beyond.close()

    # Inside

    def _hold(self, data: bytes) -> None:
        self._held.append((self._loop.time() + self.latency, data))
        self._held_bytes += len(data)
        if self._beat is None:
            self._beat = self._loop.call_at(self._held[0][0], self.let_go)
        self._pause_or_resume()

    def _pause_or_resume(self) -> None:
        if self.transport is None or self.transport.is_closing():
            return
        if self._is_blocked or self._held_bytes > HELD_BYTES:
            self.transport.pause_reading()
        else:
            self.transport.resume_reading()

    def _end(self) -> None:
        """Nothing more comes from here; nobody is told while this way is swallowed."""
        self._has_ended = True
        if not self._held and not self.is_swallowing:
            self.beyond.close()


class Pipe:
    """One client's connection through the proxy. `up` reads from the client, `down` the service."""

    def __init__(self, came: Callable[["Pipe"], None], gone: Callable[["Pipe"], None]) -> None:
        self._came, self._gone = came, gone
        self._idle: asyncio.TimerHandle | None = None
        self.up, self.down = Flow(self), Flow(self)
        self.up.beyond, self.down.beyond = self.down, self.up

    # Faults

    def delay(self, seconds: float) -> None:
        """Latency of each way; 0 ends it, and all that was late arrives."""
        for flow in (self.up, self.down):
            flow.latency = seconds

    def narrow(self, bytes_per_second: float, *ways: Way) -> None:
        """Bandwidth; 0 is no limit, 1 the worst there is. Without ways: both."""
        for way in ways or Way:
            self._flow(way).bytes_per_second = bytes_per_second

    def swallow(self, *ways: Way) -> None:
        """Half-open, or open one way: what is sent vanishes, and nobody is told of the end."""
        for way in ways or Way:
            self._flow(way).is_swallowing = True

    def vanish(self) -> None:
        """The service is gone, and its machine too: the client's packets are not even taken."""
        self.up.vanish()

    def cut_mid_frame(self, way: Way) -> None:
        """Half of what comes next arrives, then the connection is reset."""
        self._flow(way).cuts_next = True

    def kill_when_idle(self, seconds: float) -> None:
        """As routers do: resets a connection on which nothing came for so long."""
        loop = asyncio.get_running_loop()
        left = max(self.up.at, self.down.at) + seconds - loop.time()
        if left <= 0:
            self.reset()
        else:
            self._idle = loop.call_later(left, self.kill_when_idle, seconds)

    def reset(self) -> None:
        self.up.reset()
        self.down.reset()

    # Inside

    @property
    def client_port(self) -> int | None:
        """None: it had gone before it was let in, which uvloop says like this."""
        assert self.up.transport is not None
        try:
            port: int = self.up.transport.get_extra_info("peername")[1]
        except AttributeError:
            return None
        return port

    def connected(self, flow: Flow) -> None:
        if flow is self.up:
            self._came(self)
        flow.beyond.let_go()

    def gone(self, flow: Flow) -> None:
        if self._idle is not None:
            self._idle.cancel()
        if flow is self.up:
            self._gone(self)

    def _flow(self, way: Way) -> Flow:
        return self.up if way is Way.UP else self.down


class Proxy:
    """Listens at `port` once it is started. `pipes` holds each open connection by its client's."""

    def __init__(self, target: int, *, port: int = 0) -> None:
        self._target = target
        self._server: asyncio.Server | None = None
        self._dialling: set[asyncio.Task[None]] = set()
        self.pipes: dict[int, Pipe] = {}
        self.port = port

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._accept, "127.0.0.1", 0, backlog=4096)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for pipe in list(self.pipes.values()):
            pipe.reset()
        await asyncio.gather(*self._dialling, return_exceptions=True)

    def reset_all(self) -> None:
        for pipe in list(self.pipes.values()):
            pipe.reset()

    def _accept(self) -> Flow:
        return Pipe(self._came, self._left).up

    def _came(self, pipe: Pipe) -> None:
        port = pipe.client_port
        if port is None:
            return
        self.pipes[port] = pipe
        task = asyncio.get_running_loop().create_task(self._dial(pipe))
        self._dialling.add(task)
        task.add_done_callback(self._dialling.discard)

    async def _dial(self, pipe: Pipe) -> None:
        """Connects to the service. Where nobody listens, the client is cut off at once."""
        loop = asyncio.get_running_loop()
        try:
            await loop.create_connection(lambda: pipe.down, "127.0.0.1", self._target)
        except OSError:
            pipe.up.reset()

    def _left(self, pipe: Pipe) -> None:
        self.pipes = {port: one for port, one in self.pipes.items() if one is not pipe}


@asynccontextmanager
async def open_proxy(target: int) -> AsyncIterator[Proxy]:
    proxy = Proxy(target)
    await proxy.start()
    try:
        yield proxy
    finally:
        await proxy.close()
