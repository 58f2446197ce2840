"""Signed-in browsers: a random secret in a cookie, its digest in a row, an end in three ways."""

from contextlib import suppress
from datetime import datetime, timedelta

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.broker.base import Broker
from chatserver.clock import Clock
from chatserver.errors import Unavailable
from chatserver.identity import record, session_store
from chatserver.identity.model import Agent, AgentSession
from chatserver.ids import Ids, digest, new_secret
from chatserver.storage import log
from chatserver.storage.database import Database

# A session is marked as used once a minute: the idle limit is hours, and a write costs an fsync.
TOUCH = timedelta(minutes=1)
# Longer than any secret we hand out; what is longer is refused before it is hashed.
SECRET_CHARS = 100


class Sessions:
    """Opens, finds and ends sessions; tells live sockets when one ended."""

    def __init__(
        self, *, database: Database, broker: Broker, clock: Clock, ids: Ids, idle_hours: float
    ) -> None:
        self._database = database
        self._broker = broker
        self._clock = clock
        self._ids = ids
        self._idle = timedelta(hours=idle_hours)

    async def open(
        self, connection: AsyncConnection, agent: Agent, locale: str
    ) -> tuple[str, AgentSession]:
        """A new session in the caller's transaction, and the secret for the cookie."""
        secret, now = new_secret(), self._clock.now()
        session = AgentSession(
            id=self._ids.new(),
            workspace_id=agent.workspace_id,
            agent_id=agent.id,
            person_id=agent.person_id,
            name=agent.name,
            email=agent.email,
            role=agent.role,
            locale=locale,
            csrf=new_secret(),
        )
        await session_store.sweep(connection, now - self._idle)
        await session_store.add(connection, session, digest(secret), now)
        return secret, session

    async def find(self, secret: str, *, touches: bool = True) -> AgentSession | None:
        """Whose secret this is; None: unknown, ended, idle too long or of a disabled agent.
        `touches`: whether that counts as using it."""
        if not secret or len(secret) > SECRET_CHARS:
            return None
        now = self._clock.now()
        async with self._database.read() as connection:
            found = await session_store.by_digest(connection, digest(secret), now - self._idle)
        if found is None:
            return None
        if touches and now - found.seen_at >= TOUCH:
            with suppress(Unavailable):  # who cannot be noted as seen may look all the same
                async with self._database.write() as connection:
                    await session_store.touch(connection, found.session, now)
        return found.session

    async def standing(
        self, session_id: str, *, late: float = 0
    ) -> tuple[AgentSession, datetime] | None:
        """The session by its public id, as it stands now, and when it ends unless it is used: to
        check a long-lived socket again. One that ended within the last `late` seconds stands."""
        since = self._clock.now() - self._idle - timedelta(seconds=late)
        async with self._database.read() as connection:
            found = await session_store.by_id(connection, session_id, since)
        return (found.session, found.seen_at + self._idle) if found else None

    async def current(self, session_id: str) -> AgentSession | None:
        """The session alone, for whoever does not have to know when it ends."""
        found = await self.standing(session_id)
        return found[0] if found else None

    async def used(self, session: AgentSession) -> datetime:
        """A live socket of this session did something: it is not idle. Returns when it ends now."""
        now = self._clock.now()
        async with self._database.write() as connection:
            await session_store.touch(connection, session, now)
        return now + self._idle

    async def end(self, session: AgentSession) -> None:
        """Signs out one browser and its sockets."""
        async with self._database.write() as connection:
            ended = await session_store.end(connection, session.workspace_id, session.id)
            if ended:
                await log.append(connection, [self._signed_out(session)])
        self.tell(session.agent_id, session.id)

    async def end_person(
        self, connection: AsyncConnection, person_id: str, *, keep: str = ""
    ) -> list[tuple[str, str]]:
        """Ends a person's sessions in every workspace but the one to `keep`, in the caller's
        transaction. Returns (agent, session) of each: `tell` them after the commit."""
        ended: list[tuple[str, str]] = []
        for workspace_id, agent_id, other in await session_store.of_person(connection, person_id):
            if other != keep and await session_store.end(connection, workspace_id, other):
                ended.append((agent_id, other))
        return ended

    def tell(self, agent_id: str, session_id: str | None) -> None:
        """Hints, after a commit, that a session ended; None: all sessions of this agent."""
        self._broker.publish(f"agent:{agent_id}", msgspec.json.encode({"revoked": session_id}))

    def _signed_out(self, session: AgentSession) -> log.Entry:
        return record.entry(
            "agent.signed_out",
            workspace_id=session.workspace_id,
            by=session.agent_id,
            at=self._clock.now(),
            session=session.id,
        )
