"""The two socket doors: who may knock, and what is behind each."""

from starlette.responses import JSONResponse
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from chatserver.errors import BadOrigin, ChatError, Unavailable
from chatserver.protocol.codec import agent_decoder, visitor_decoder
from chatserver.realtime.agent_desk import AgentDesk
from chatserver.realtime.agent_session import AgentSession
from chatserver.realtime.connection import Connection
from chatserver.realtime.services import Services
from chatserver.realtime.transport import SocketTransport
from chatserver.realtime.visitor_desk import VisitorDesk
from chatserver.realtime.visitor_session import VisitorSession


def websocket_routes(services: Services) -> list[WebSocketRoute]:
    """`/ws/visitor` and `/ws/agent`. No token is ever part of their URLs."""

    async def visitor(socket: WebSocket) -> None:
        await _serve_visitor(socket, services)

    async def agent(socket: WebSocket) -> None:
        await _serve_agent(socket, services)

    return [WebSocketRoute("/ws/visitor", visitor), WebSocketRoute("/ws/agent", agent)]


async def _serve_visitor(socket: WebSocket, services: Services) -> None:
    settings = services.settings
    session = VisitorSession(
        services.ids.new(),
        patience=services.visitor_patience(),
        limits=services.limits(settings.visitor_frame_bytes),
        now=services.clock.monotonic(),
    )
    connection = Connection(
        SocketTransport(socket),
        services,
        session=session,
        decoder=visitor_decoder,
        max_bytes=settings.visitor_frame_bytes,
    )
    user_agent = socket.headers.get("user-agent", "")
    desk = VisitorDesk(services, session, connection, user_agent=user_agent)
    await _serve(socket, services, connection, desk, settings.widget_origin)


async def _serve_agent(socket: WebSocket, services: Services) -> None:
    settings = services.settings
    session = AgentSession(
        services.ids.new(),
        patience=services.agent_patience(),
        limits=services.limits(settings.agent_frame_bytes),
        now=services.clock.monotonic(),
    )
    connection = Connection(
        SocketTransport(socket),
        services,
        session=session,
        decoder=agent_decoder,
        max_bytes=settings.agent_frame_bytes,
    )
    desk = AgentDesk(services, session, connection)
    await _serve(socket, services, connection, desk, settings.console_origin)


async def _serve(
    socket: WebSocket,
    services: Services,
    connection: Connection,
    desk: VisitorDesk | AgentDesk,
    origin: str,
) -> None:
    """Checks before accepting, so that a refused socket never was one."""
    if socket.headers.get("origin") != origin:
        await _deny(socket, BadOrigin())
        return
    client = (socket.client.host, socket.client.port) if socket.client else None
    address = services.addresses.of(client, socket.headers.get("x-forwarded-for", ""))
    leave = services.crowd.enter(address, connection)
    if leave is None:
        await _deny(socket, Unavailable("too many connections", retry_after=5))
        return
    connection.perform = desk.perform
    try:
        await socket.accept()
        await connection.run()
    finally:
        desk.leave()
        leave()


async def _deny(socket: WebSocket, error: ChatError) -> None:
    status = 503 if error.temporary else 403
    body = {"error": {"code": error.code, "message": error.message}}
    await socket.send_denial_response(JSONResponse(body, status))
