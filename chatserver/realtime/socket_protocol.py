"""uvicorn's WebSocket protocol with a shorter way out: whole text frames, joined to one write for
each turn of the loop. The handshake, everything that comes in, and closing stay uvicorn's."""

from typing import Any, Protocol, cast

from starlette.types import Scope
from uvicorn._types import ASGISendEvent
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request
from websockets.protocol import State

# Where the ASGI scope offers it; another server has none, and frames go the ordinary way.
EXTENSION = "chatserver.frames"
# Frames of one turn that may wait to be joined, in bytes. What is beyond goes to the transport,
# which alone knows whether the client keeps up.
JOINED_BYTES = 65536
# A final, unmasked frame of text.
FIN_TEXT = 0x81


class Frames(Protocol):
    """Takes text frames of one socket."""

    async def write(self, text: bytes) -> None:
        """Waits while the client does not keep up. Raises ClientDisconnected, an OSError."""


class SocketProtocol(WebSocketsSansIOProtocol):
    """Given to uvicorn as `ws=`."""

    _joined_bytes = 0

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._joined: list[bytes] = []

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.handshake_initiated and not self.close_sent:
            cast(Scope, self.scope)["extensions"][EXTENSION] = self

    async def write(self, text: bytes) -> None:
        if not self.writable.is_set():
            await self.writable.wait()
        if self.disconnected or self.close_sent or self.conn.state is not State.OPEN:
            raise ClientDisconnected
        if not self._joined:
            self.loop.call_soon(self._flush)
        self._joined += (_head(len(text)), text)
        self._joined_bytes += len(text)
        if self._joined_bytes > JOINED_BYTES:
            self._flush()

    async def send(self, message: ASGISendEvent) -> None:
        """What goes the ordinary way comes after what was written. A close never waits behind a
        peer that does not read: its code is written behind what the kernel has not taken yet, and
        who has not answered in time is cut off. What it made us keep is free again then."""
        self._flush()
        is_close = message["type"] == "websocket.close"
        if is_close:
            self.writable.set()  # whoever waits to write more finds the socket closed
        await super().send(message)
        if is_close and self.close_timer is not None:
            self.close_timer.cancel()
            self.close_timer = self.loop.call_later(self.close_timeout, self.transport.abort)

    def shutdown(self) -> None:
        self._flush()
        super().shutdown()

    def _flush(self) -> None:
        joined, self._joined, self._joined_bytes = self._joined, [], 0
        # After a close, whoever sent it, nothing may follow.
        if joined and not self.close_sent and self.conn.state is State.OPEN:
            self.transport.write(b"".join(joined))


def _head(size: int) -> bytes:
    if size < 126:
        return bytes((FIN_TEXT, size))
    if size < 65536:
        return b"\x81\x7e" + size.to_bytes(2)
    return b"\x81\x7f" + size.to_bytes(8)
