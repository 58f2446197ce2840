"""A client's WebSocket through the proxy of a node: what the simulator calls a `Line`."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.bench.wire import UPGRADE, USER_AGENT, Socket, encode
from tests.prove.client.connection import Connection
from tests.prove_long.tasks import Tasks

if TYPE_CHECKING:
    from tests.prove_long.node import Door

LOST = 1006
DIAL_SECONDS = 12.0
LONG_SECONDS = 2.0
CLOSING = b"\x88\x82\0\0\0\0" + (1000).to_bytes(2, "big")

Heard = Callable[[bytes], None]

# nginx names all that it tried; the last one has answered.
_served_by = re.compile(rb"(?i)x-served-by: [^\r]*:(\d+)\r").search


class Dialled(Socket):
    """Leaves pings to the client's rules and tells how it ended. `node`: the port of who answered,
    where a proxy says so."""

    __slots__ = ("ended", "node")

    def __init__(self, request: bytes, opened: "asyncio.Future[None]") -> None:
        super().__init__(request, opened)
        self.ended: Callable[[int], None] = lambda _code: None
        self.node = 0

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self.ended(LOST)

    def _open(self, data: bytes) -> int:
        begin = super()._open(data)
        found = _served_by(data, 0, begin)
        self.node = int(found[1]) if found else 0
        return begin

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == 1:
            self.heard(payload)
        elif opcode == 8:
            self.ended(int.from_bytes(payload[:2], "big") or LOST)
            self.transport.close()


async def open_socket(door: "Door", path: str) -> Dialled:
    """Raises OSError."""
    loop = asyncio.get_running_loop()
    opened: asyncio.Future[None] = loop.create_future()
    host = door.origin.removeprefix("http://")
    request = UPGRADE.format(path=path, host=host, agent=USER_AGENT).encode()
    socket: Dialled | None = None
    try:
        async with asyncio.timeout(DIAL_SECONDS):
            _, socket = await loop.create_connection(
                lambda: Dialled(request, opened), "127.0.0.1", door.proxy.port
            )
            await opened
    except BaseException:
        if socket is not None:
            socket.transport.abort()
        opened.cancel()
        raise
    return socket


@dataclass(frozen=True)
class Route:
    """The way of one client: to which door and path, and who watches what arrives."""

    door: "Door"
    path: str
    heard: Heard
    tasks: Tasks


class SocketLine:
    """`port` is its end at the proxy, 0 before it is there; `node` the port of who serves it, 0
    while nobody knows."""

    def __init__(self, connection: Connection, route: Route) -> None:
        self._connection, self._route = connection, route
        self.door = route.door
        self.node = route.door.node
        self._socket: Dialled | None = None
        self._is_over = False
        self.port = 0
        self._dialled_at = asyncio.get_running_loop().time()

    @property
    def waits_for_long(self) -> bool:
        """It was not let in yet, though on this machine everybody answers in no time."""
        waited = asyncio.get_running_loop().time() - self._dialled_at
        return self._socket is None and not self._is_over and waited > LONG_SECONDS

    async def dial(self) -> None:
        try:
            socket = await open_socket(self.door, self._route.path)
        except OSError:  # a TimeoutError is one too
            self._ended(LOST)
            return
        if self._is_over:
            socket.transport.close()
            return
        self._socket = socket
        self.port = socket.transport.get_extra_info("sockname")[1]
        self.node = self.node or socket.node
        socket.heard, socket.ended = self._heard, self._ended
        self._connection.opened(self)

    def send(self, data: bytes) -> None:
        if self._socket is not None and not self._is_over:
            self._socket.transport.write(encode(data))

    def close(self) -> None:
        """As a browser does: says goodbye, and does not wait for the answer."""
        self._is_over = True
        if self._socket is not None and not self._socket.transport.is_closing():
            self._socket.transport.write(CLOSING)
            self._socket.transport.close()

    def _heard(self, data: bytes) -> None:
        if not self._is_over:
            self._route.heard(data)
            self._connection.message(self, data)

    def _ended(self, code: int) -> None:
        if not self._is_over:
            self._is_over = True
            self._connection.closed(self, code)
