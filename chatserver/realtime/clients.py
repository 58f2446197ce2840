"""One client's parts, put together the same way whatever carries its frames."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import HTTPConnection
from structlog.contextvars import bound_contextvars

from chatserver.protocol.codec import agent_decoder, visitor_decoder
from chatserver.realtime.agent_desk import AgentDesk
from chatserver.realtime.agent_session import AgentSession
from chatserver.realtime.connection import Connection, Session
from chatserver.realtime.manners import Patience
from chatserver.realtime.seats import Leave, Seat
from chatserver.realtime.services import Services
from chatserver.realtime.transport import Transport
from chatserver.realtime.visitor_desk import VisitorDesk
from chatserver.realtime.visitor_session import VisitorSession

# Given what a seat is for: the session, what it may do, and the connection.
Seating = Callable[[Session, Patience, Connection], Seat]


@dataclass(frozen=True, slots=True)
class Client:
    session: VisitorSession | AgentSession
    connection: Connection
    desk: VisitorDesk | AgentDesk

    async def serve(self) -> None:
        """Until one side closes."""
        self.connection.perform = self.desk.perform
        with bound_contextvars(connection=self.session.id):  # in every line that is logged for it
            try:
                await self.connection.run()
            finally:
                self.desk.leave()


def visitor_client(
    services: Services, transport: Transport, seating: Seating, *, user_agent: str
) -> Client:
    most_bytes = services.settings.visitor_frame_bytes
    patience = services.visitor_patience()
    limits, now = services.limits(most_bytes), services.clock.monotonic()
    session = VisitorSession(services.ids.new(), patience=patience, limits=limits, now=now)
    connection = Connection(
        transport, services, session=session, decoder=visitor_decoder, max_bytes=most_bytes
    )
    seat = seating(session, patience, connection)
    desk = VisitorDesk(services, session, connection, seat=seat, user_agent=user_agent)
    return Client(session, connection, desk)


def agent_client(services: Services, transport: Transport, seating: Seating) -> Client:
    most_bytes = services.settings.agent_frame_bytes
    patience = services.agent_patience()
    limits, now = services.limits(most_bytes), services.clock.monotonic()
    session = AgentSession(services.ids.new(), patience=patience, limits=limits, now=now)
    connection = Connection(
        transport, services, session=session, decoder=agent_decoder, max_bytes=most_bytes
    )
    seat = seating(session, patience, connection)
    return Client(session, connection, AgentDesk(services, session, connection, seat=seat))


def enter(services: Services, asked: HTTPConnection, client: Client) -> Leave | None:
    """Counts a client before anybody knows who it is. None: there are too many."""
    peer = (asked.client.host, asked.client.port) if asked.client else None
    address = services.addresses.of(peer, asked.headers.get("x-forwarded-for", ""))
    return services.crowd.enter(address, client.connection)
