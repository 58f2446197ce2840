"""What carries frames between one client and its connection."""

from typing import Protocol

from starlette.websockets import WebSocket, WebSocketState

from chatserver.protocol.codes import CloseCode
from chatserver.realtime.socket_protocol import EXTENSION, Frames
from chatserver.tasks import Work


class Transport(Protocol):
    """`send` and `close` return work that has not begun: what never waits costs no task."""

    async def receive(self) -> bytes | str | None:
        """The next frame; None: nothing more will come."""

    def send(self, data: bytes) -> Work: ...

    def close(self, code: CloseCode, reason: str) -> Work: ...

    @property
    def is_open(self) -> bool:
        """Whether a close can still be said."""


class SocketTransport:
    """A WebSocket that was accepted."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._frames: Frames | None = socket.scope.get("extensions", {}).get(EXTENSION)

    async def receive(self) -> bytes | str | None:
        message = await self._socket.receive()
        if message["type"] != "websocket.receive":
            return None
        data: str | None = message.get("text")
        return message.get("bytes") or b"" if data is None else data

    def send(self, data: bytes) -> Work:
        if self._frames is not None:
            return self._frames.write(data)
        return self._socket.send({"type": "websocket.send", "text": data.decode()})

    def close(self, code: CloseCode, reason: str) -> Work:
        return self._socket.send({"type": "websocket.close", "code": code, "reason": reason})

    @property
    def is_open(self) -> bool:
        return self._socket.application_state is WebSocketState.CONNECTED
