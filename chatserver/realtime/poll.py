"""The same conversation by HTTP, for networks that let no WebSocket through: one request at a time
brings a hello and frames, and takes away what the session says."""

import asyncio
from collections.abc import Callable

from msgspec import Raw, Struct
from starlette.requests import Request
from starlette.responses import Response

from chatserver.errors import BadOrigin, TooLarge, Unavailable
from chatserver.identity.permissions import PUBLIC
from chatserver.realtime.agent_session import AgentSession
from chatserver.realtime.clients import Client, Seating, agent_client, enter, visitor_client
from chatserver.realtime.connection import Connection, Session
from chatserver.realtime.manners import Patience
from chatserver.realtime.poll_transport import PollTransport
from chatserver.realtime.seats import HoldingSeat, Seat, SendingSeat
from chatserver.realtime.services import Services
from chatserver.web import params
from chatserver.web.addresses import is_same_origin
from chatserver.web.replies import json_reply
from chatserver.web.routing import Call, Endpoint

# A hello, and frames as large as one may be.
FRAMES_IN_BODY = 2


class Poll(Struct, frozen=True):
    """What is asked. `hold`: wait for news, else only for the replies to `frames`."""

    hello: Raw
    frames: list[Raw] = []
    hold: bool = False


class Closing(Struct, frozen=True):
    code: int
    reason: str


class Answer(Struct, frozen=True, omit_defaults=True):
    """`close`: what a socket would have been closed with, behind the frames."""

    frames: list[Raw]
    close: Closing | None = None


def poll_endpoints(services: Services) -> tuple[Endpoint, ...]:
    """`/poll/visitor` and `/poll/agent`. The agent's needs its session besides the ticket."""
    settings = services.settings

    async def visitor(call: Call) -> Response:
        user_agent = call.request.headers.get("user-agent", "")
        return await _answer(
            services,
            call.request,
            (settings.widget_origin, settings.visitor_frame_bytes),
            lambda *parts: visitor_client(services, *parts, user_agent=user_agent),
        )

    async def agent(call: Call) -> Response:
        return await _answer(
            services,
            call.request,
            (settings.console_origin, settings.agent_frame_bytes),
            lambda *parts: agent_client(services, *parts),
        )

    return (
        Endpoint("POST", "/poll/visitor", PUBLIC, visitor),
        Endpoint("POST", "/poll/agent", "session.own", agent, quiet=True),
    )


async def _answer(
    services: Services,
    request: Request,
    bounds: tuple[str, int],
    make: Callable[[PollTransport, Seating], Client],
) -> Response:
    """`bounds`: the one origin that may ask, and the bytes of a frame."""
    origin, frame_bytes = bounds
    if not is_same_origin(request.headers, origin):
        raise BadOrigin
    if len(await request.body()) > FRAMES_IN_BODY * frame_bytes:
        raise TooLarge(f"a poll has at most {FRAMES_IN_BODY * frame_bytes} bytes")
    poll = await params.body(request, Poll)
    frames = [bytes(poll.hello), *map(bytes, poll.frames)]
    transport = PollTransport(
        frames,
        holds=poll.hold,
        seconds=services.settings.ping_seconds,
        most_bytes=services.settings.outbox_bytes,
    )
    client = make(transport, _seating(services, holds=poll.hold))
    transport.waits_for_replies = lambda: client.session.pending > 0
    transport.filled = client.session.fell_behind
    leave = enter(services, request, client)
    if leave is None:
        raise Unavailable("too many connections", retry_after=5)
    try:
        await _serve(services, request, transport, client)
    finally:
        leave()
    return _reply(transport)


async def _serve(
    services: Services, request: Request, transport: PollTransport, client: Client
) -> None:
    async with asyncio.TaskGroup() as group:
        watching = group.create_task(_watch(request, transport))
        await client.serve()
        watching.cancel()
    session = client.session
    if isinstance(session, AgentSession) and session.signed and session.was_used:
        await services.identity.sessions.used(session.signed)


async def _watch(request: Request, transport: PollTransport) -> None:
    """Whoever asked may go before there is an answer."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    transport.leave()


def _seating(services: Services, *, holds: bool) -> Seating:
    def seating(session: Session, patience: Patience, connection: Connection) -> Seat:
        now = services.clock.monotonic()
        sending = SendingSeat(services.polls, session, patience, now)
        if not holds:
            return sending
        return HoldingSeat(sending, services.polls, services.places, connection)

    return seating


def _reply(transport: PollTransport) -> Response:
    closing = transport.closed_with
    close = None if closing is None else Closing(*closing)
    return json_reply(Answer([Raw(frame) for frame in transport.frames], close))
