"""A WebSocket client that costs a few microseconds a message, so that the server is the bottleneck.

Knows only what the servers under test send: whole text frames, pings and closes.
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any, cast

UPGRADE = (
    "GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    "Origin: http://{host}\r\nUser-Agent: {agent}\r\n\r\n"
)
USER_AGENT = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/141.0.0.0 Safari/537.36"
)
PATIENCE = 30.0  # seconds for one step of the set-up
CONNECTIONS_PER_ADDRESS = 1000

Heard = Callable[[bytes], None]


def encode(payload: bytes) -> bytes:
    """A text frame with the mask key zero, which leaves the payload as it is."""
    size = len(payload)
    head = bytes((0x81, 0x80 | size)) if size < 126 else b"\x81\xfe" + size.to_bytes(2, "big")
    return head + b"\0\0\0\0" + payload


class Socket(asyncio.Protocol):
    """One connection. `heard` is called with every text frame and may be replaced at any time."""

    __slots__ = ("_buffer", "_is_open", "_opened", "_request", "closed", "heard", "transport")

    def __init__(self, request: bytes, opened: "asyncio.Future[None]") -> None:
        self._request = request
        self._opened = opened
        self._is_open = False
        self._buffer = b""
        self.closed: str | None = None
        self.heard: Heard = _ignore

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.write(self._request)

    def connection_lost(self, error: Exception | None) -> None:
        self.closed = self.closed or str(error or "closed")
        if not self._opened.done():
            self._opened.set_exception(ConnectionError(self.closed))

    def data_received(self, data: bytes) -> None:
        if self._buffer:
            data = self._buffer + data
        start = 0 if self._is_open else self._open(data)
        end = len(data)
        while end - start >= 2:
            size, at = data[start + 1], start + 2
            if size >= 126:
                wide = 2 if size == 126 else 8
                size, at = int.from_bytes(data[at : at + wide], "big"), at + wide
            if end < at + size:
                break
            self._take(data[start] & 15, data[at : at + size])
            start = at + size
        self._buffer = data[start:]

    def send(self, frame: dict[str, Any]) -> None:
        self.transport.write(encode(json.dumps(frame, separators=(",", ":")).encode()))

    async def ask(self, frame: dict[str, Any], answer: str) -> dict[str, Any]:
        """Sends one frame and waits for the first of type `answer`. For the set-up only."""
        found: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()

        def heard(data: bytes) -> None:
            if not found.done() and data.startswith(b'{"t":"%s"' % answer.encode()):
                found.set_result(json.loads(data))

        self.heard = heard
        self.send(frame)
        try:
            return await asyncio.wait_for(found, PATIENCE)
        except TimeoutError:
            raise ConnectionError(f"no {answer} for {frame['t']}: {self.closed}") from None
        finally:
            self.heard = _ignore

    def _open(self, data: bytes) -> int:
        """Reads the answer to the upgrade; returns where the frames begin."""
        end = data.find(b"\r\n\r\n")
        if end < 0:
            return 0
        if not data.startswith(b"HTTP/1.1 101"):
            self.closed = data[:40].decode()
            self.transport.close()
            return len(data)
        self._is_open = True
        self._opened.set_result(None)
        return end + 4

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == 1:
            if payload.startswith(b'{"t":"ping"'):
                self.transport.write(encode(_pong(payload)))
            else:
                self.heard(payload)
        elif opcode == 8:
            self.closed = f"{int.from_bytes(payload[:2], 'big')} {payload[2:].decode()}"
            self.transport.close()


async def connect(port: int, path: str, number: int) -> Socket:
    """Opens the connection with this number, from an address of its group."""
    loop = asyncio.get_running_loop()
    host = f"127.0.0.1:{port}"
    request = UPGRADE.format(path=path, host=host, agent=USER_AGENT).encode()
    opened: asyncio.Future[None] = loop.create_future()
    local = f"127.0.0.{2 + number // CONNECTIONS_PER_ADDRESS % 250}"
    _, socket = await loop.create_connection(
        lambda: Socket(request, opened), "127.0.0.1", port, local_addr=(local, 0)
    )
    await asyncio.wait_for(opened, PATIENCE)
    return socket


def _pong(ping: bytes) -> bytes:
    """Everything up to the head was seen."""
    return ping.replace(b'"ping"', b'"pong"').replace(b'"head"', b'"seen"')


def _ignore(_data: bytes) -> None:
    pass
