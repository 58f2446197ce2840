"""The two socket doors: who may knock, and what is behind each."""

from collections.abc import Awaitable, Callable

from starlette.responses import JSONResponse
from starlette.routing import WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from chatserver.errors import BadOrigin, ChatError, Unavailable
from chatserver.realtime.clients import Client, agent_client, enter, visitor_client
from chatserver.realtime.connection import Connection, Session
from chatserver.realtime.manners import Patience
from chatserver.realtime.seats import Seat, SocketSeat
from chatserver.realtime.services import Services
from chatserver.realtime.transport import SocketTransport


def websocket_routes(services: Services) -> list[WebSocketRoute]:
    """`/ws/visitor` and `/ws/agent`. No token is ever part of their URLs."""
    settings = services.settings

    def seating(_session: Session, _patience: Patience, connection: Connection) -> Seat:
        return SocketSeat(services.places, connection)

    async def visitor(socket: WebSocket) -> None:
        user_agent = socket.headers.get("user-agent", "")
        transport = SocketTransport(socket)
        client = visitor_client(services, transport, seating, user_agent=user_agent)
        await _serve(socket, services, client, settings.widget_origin)

    async def agent(socket: WebSocket) -> None:
        client = agent_client(services, SocketTransport(socket), seating)
        await _serve(socket, services, client, settings.console_origin)

    return [
        WebSocketRoute("/ws/visitor", _Door(visitor)),
        WebSocketRoute("/ws/agent", _Door(agent)),
    ]


class _Door:
    """Calls a function with its socket, as Starlette does for a bare function, but without the
    layers that turn exceptions into answers: we answer them ourselves."""

    def __init__(self, serve: Callable[[WebSocket], Awaitable[None]]) -> None:
        self._serve = serve

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._serve(WebSocket(scope, receive, send))


async def _serve(socket: WebSocket, services: Services, client: Client, origin: str) -> None:
    """Checks before accepting, so that a refused socket never was one."""
    if socket.headers.get("origin") != origin:
        await _deny(socket, BadOrigin())
        return
    leave = enter(services, socket, client)
    if leave is None:
        await _deny(socket, Unavailable("too many connections", retry_after=5))
        return
    try:
        await socket.accept()
        await client.serve()
    finally:
        leave()


async def _deny(socket: WebSocket, error: ChatError) -> None:
    status = 503 if error.temporary else 403
    body = {"error": {"code": error.code, "message": error.message}}
    await socket.send_denial_response(JSONResponse(body, status))
