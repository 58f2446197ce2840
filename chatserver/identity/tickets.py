"""Short-lived permits to open a socket: one for an agent's session, one for a site's frame."""

from datetime import timedelta

from chatserver.clock import Clock
from chatserver.errors import BadTicket
from chatserver.identity import session_store
from chatserver.identity.model import AgentSession
from chatserver.identity.signing import Signing
from chatserver.ids import digest, new_secret
from chatserver.storage.database import Database

TICKET_CHARS = 300
# How far the clocks of two nodes may differ before a ticket looks as if it came from the future.
SKEW_SECONDS = 30


class AgentTickets:
    """Single use, bound to a session, stored as a digest. The signature lets us refuse noise
    without asking the database."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        signing: Signing,
        seconds: float,
        idle_hours: float,
    ) -> None:
        self._database = database
        self._clock = clock
        self._signing = signing
        self._life = timedelta(seconds=seconds)
        self._idle = timedelta(hours=idle_hours)

    async def issue(self, session: AgentSession) -> str:
        ticket, now = self._signing.sign("agent-ticket", new_secret()), self._clock.now()
        async with self._database.write() as connection:
            await session_store.sweep_tickets(connection, now)
            await session_store.add_ticket(connection, session, digest(ticket), now + self._life)
        return ticket

    async def redeem(self, ticket: str) -> AgentSession:
        """The session as it stands now. Raises BadTicket: unknown, used, too old, signed out."""
        if len(ticket) > TICKET_CHARS or self._signing.read("agent-ticket", ticket) is None:
            raise BadTicket
        now = self._clock.now()
        async with self._database.write() as connection:
            session_id = await session_store.take_ticket(connection, digest(ticket), now)
            since = now - self._idle
            found = session_id and await session_store.by_id(connection, session_id, since)
        if not found:
            raise BadTicket
        return found.session


class FrameTickets:
    """Baked into the frame's page of one site. Signed, so nothing is stored: it keeps other
    websites out, it says nothing about who the visitor is."""

    def __init__(self, *, clock: Clock, signing: Signing, seconds: float) -> None:
        self._clock = clock
        self._signing = signing
        self._seconds = seconds

    @property
    def seconds(self) -> float:
        return self._seconds

    def issue(self, site_key: str) -> str:
        return self._signing.sign("frame-ticket", f"{site_key}|{int(self._now())}")

    def check(self, ticket: str, site_key: str) -> None:
        """Raises BadTicket: not ours, of another site, or too old."""
        text = self._signing.read("frame-ticket", ticket) if len(ticket) <= TICKET_CHARS else None
        key, _, issued = (text or "").partition("|")
        if not text or key != site_key:
            raise BadTicket
        if not -SKEW_SECONDS <= self._now() - int(issued) <= self._seconds:
            raise BadTicket

    def _now(self) -> float:
        return self._clock.now().timestamp()
