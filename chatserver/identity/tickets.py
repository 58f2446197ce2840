"""Short-lived permits to open a socket: one for an agent's session, one for a site's frame."""

from datetime import UTC, datetime, timedelta

from chatserver.clock import Clock
from chatserver.errors import BadTicket
from chatserver.identity import session_store
from chatserver.identity.model import AgentSession
from chatserver.identity.signing import Signing
from chatserver.ids import digest, new_secret
from chatserver.storage.condition import NotStored
from chatserver.storage.database import Database

# What a ticket that could not be stored is signed for.
UNSTORED = "agent-ticket-unstored"
TICKET_CHARS = 300
# How far the clocks of two nodes may differ before a ticket looks as if it came from the future.
SKEW_SECONDS = 30


class AgentTickets:
    """Single use, bound to a session, stored as a digest. The signature lets us refuse noise
    without asking the database.

    While nothing can be stored a ticket says itself whose it is, and this process alone remembers
    that it was used: another one would take it once more within its seconds. So agents can reload
    the console on a full disk, read, and see why they cannot write.
    """

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
        self._used: dict[str, datetime] = {}  # tickets that are not stored, and when they end

    async def issue(self, session: AgentSession) -> str:
        ticket, now = self._signing.sign("agent-ticket", new_secret()), self._clock.now()
        try:
            async with self._database.write() as connection:
                await session_store.sweep_tickets(connection, now)
                hidden = digest(ticket)
                await session_store.add_ticket(connection, session, hidden, now + self._life)
        except NotStored:
            text = f"{session.id}|{int(now.timestamp())}|{new_secret()}"
            return self._signing.sign(UNSTORED, text)
        return ticket

    async def redeem(self, ticket: str) -> AgentSession:
        """The session as it stands now. Raises BadTicket: unknown, used, too old, signed out."""
        if len(ticket) > TICKET_CHARS:
            raise BadTicket
        if (said := self._signing.read(UNSTORED, ticket)) is not None:
            return await self._redeem_unstored(said)
        if self._signing.read("agent-ticket", ticket) is None:
            raise BadTicket
        now = self._clock.now()
        async with self._database.write() as connection:
            session_id = await session_store.take_ticket(connection, digest(ticket), now)
            since = now - self._idle
            found = session_id and await session_store.by_id(connection, session_id, since)
        if not found:
            raise BadTicket
        return found.session

    async def _redeem_unstored(self, said: str) -> AgentSession:
        now = self._clock.now()
        session_id, issued, secret = said.split("|")
        age = now - datetime.fromtimestamp(int(issued), UTC)
        if secret in self._used or not timedelta(seconds=-SKEW_SECONDS) <= age <= self._life:
            raise BadTicket
        self._used = {used: end for used, end in self._used.items() if end >= now}
        self._used[secret] = now + self._life + timedelta(seconds=SKEW_SECONDS)
        async with self._database.read() as connection:
            found = await session_store.by_id(connection, session_id, now - self._idle)
        if found is None:
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
