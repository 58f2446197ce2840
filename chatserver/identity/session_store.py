"""The tables of sessions and of the tickets that open an agent's socket. Both are found by the
digest of a secret only its holder knows, whatever the workspace."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Row,
    Select,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.identity.model import AgentSession, Role
from chatserver.identity.person_store import memberships, people
from chatserver.storage.schema import Id, UTCTime, WorkspaceId, metadata

sessions = Table(
    "sessions",
    metadata,
    Id("id", primary_key=True),
    WorkspaceId(),
    Column("agent_id", String(64), ForeignKey("memberships.id"), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("csrf", String(64), nullable=False),
    Column("created_at", UTCTime, nullable=False),
    Column("seen_at", UTCTime, nullable=False),
    Index("ix_sessions_agent_id", "agent_id"),
    Index("ix_sessions_seen_at", "seen_at"),
)

agent_tickets = Table(
    "agent_tickets",
    metadata,
    Column("digest", String(64), primary_key=True),
    WorkspaceId(),
    Column("session_id", String(64), ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False),
    Column("expires_at", UTCTime, nullable=False),
    Index("ix_agent_tickets_expires_at", "expires_at"),
    Index("ix_agent_tickets_session_id", "session_id"),
)

_s = sessions.c
_t = agent_tickets.c
_m = memberships.c
_p = people.c


class Found(Struct, frozen=True):
    """A session as it stands, and when it was last used."""

    session: AgentSession
    seen_at: datetime


async def add(
    connection: AsyncConnection, session: AgentSession, digest: str, at: datetime
) -> None:
    values = {
        "id": session.id,
        "workspace_id": session.workspace_id,
        "agent_id": session.agent_id,
        "digest": digest,
        "csrf": session.csrf,
        "created_at": at,
        "seen_at": at,
    }
    await connection.execute(insert(sessions).values(**values))


async def by_digest(connection: AsyncConnection, digest: str, since: datetime) -> Found | None:
    """The session of an active member, used after `since`."""
    row = (await connection.execute(_found(since).where(_s.digest == digest))).one_or_none()
    return _read(row) if row else None


async def by_id(connection: AsyncConnection, session_id: str, since: datetime) -> Found | None:
    """For the holder of a ticket, whose session it names."""
    row = (await connection.execute(_found(since).where(_s.id == session_id))).one_or_none()
    return _read(row) if row else None


async def touch(connection: AsyncConnection, session: AgentSession, at: datetime) -> None:
    await connection.execute(
        update(sessions)
        .where(_s.workspace_id == session.workspace_id, _s.id == session.id)
        .values(seen_at=at)
    )


async def end(connection: AsyncConnection, workspace_id: str, session_id: str) -> bool:
    statement = delete(sessions).where(_s.workspace_id == workspace_id, _s.id == session_id)
    return (await connection.execute(statement)).rowcount == 1


async def end_of_agent(connection: AsyncConnection, workspace_id: str, agent_id: str) -> None:
    await connection.execute(
        delete(sessions).where(_s.workspace_id == workspace_id, _s.agent_id == agent_id)
    )


async def of_person(connection: AsyncConnection, person_id: str) -> list[tuple[str, str, str]]:
    """A person's sessions in every workspace, as (workspace, agent, session)."""
    query = (
        select(_s.workspace_id, _s.agent_id, _s.id)
        .join_from(memberships, sessions, _s.agent_id == _m.id)
        .where(_m.person_id == person_id, _s.workspace_id == _m.workspace_id)
    )
    return [tuple(row) for row in await connection.execute(query)]


async def sweep(connection: AsyncConnection, before: datetime) -> None:
    """Removes what idled out, of all workspaces."""
    await connection.execute(delete(sessions).where(_s.seen_at < before))


async def add_ticket(
    connection: AsyncConnection, session: AgentSession, digest: str, expires_at: datetime
) -> None:
    values = {"workspace_id": session.workspace_id, "session_id": session.id}
    await connection.execute(
        insert(agent_tickets).values(**values, digest=digest, expires_at=expires_at)
    )


async def take_ticket(connection: AsyncConnection, digest: str, now: datetime) -> str | None:
    """Removes a ticket and says which session it belongs to; None when it is used or too old."""
    statement = (
        delete(agent_tickets).where(_t.digest == digest).returning(_t.session_id, _t.expires_at)
    )
    row = (await connection.execute(statement)).one_or_none()
    return row.session_id if row and row.expires_at > now else None


async def sweep_tickets(connection: AsyncConnection, now: datetime) -> None:
    await connection.execute(delete(agent_tickets).where(_t.expires_at < now))


def _found(since: datetime) -> Select[Any]:
    return (
        select(
            _s.id,
            _s.workspace_id,
            _s.agent_id,
            _m.person_id,
            _p.name,
            _p.email,
            _m.role,
            _p.locale,
            _s.csrf,
            _s.seen_at,
        )  # fmt: skip
        .join_from(sessions, memberships, _s.agent_id == _m.id)
        .join(people, _m.person_id == _p.id)
        .where(_m.disabled.is_(False), _s.seen_at > since)
    )


def _read(row: Row[Any]) -> Found:
    values = row._asdict()
    seen_at = values.pop("seen_at")
    values["role"] = Role(values["role"])
    return Found(AgentSession(**values), seen_at)
