"""The table of agents' photos: one each, small, so they live beside who they show."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Column, Index, LargeBinary, String, Table, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.storage.schema import Id, UTCTime, WorkspaceId, metadata

agent_photos = Table(
    "agent_photos",
    metadata,
    Id("id", primary_key=True),
    WorkspaceId(),
    Column("agent_id", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("created_at", UTCTime, nullable=False),
    Index("uq_agent_photos_agent", "workspace_id", "agent_id", unique=True),
)

_c = agent_photos.c


async def add(
    connection: AsyncConnection,
    agent: tuple[str, str],
    photo_id: str,
    content: bytes,
    at: datetime,
) -> None:
    """`agent` is the workspace and the agent, who has none."""
    await connection.execute(
        insert(agent_photos).values(
            id=photo_id,
            workspace_id=agent[0],
            agent_id=agent[1],
            content=content,
            created_at=at,
        )
    )


async def content(connection: AsyncConnection, photo_id: str) -> bytes | None:
    """By its id alone: it is random, and whoever talks with somebody may see them."""
    query = select(_c.content).where(_c.id == photo_id)
    found: bytes | None = (await connection.execute(query)).scalar_one_or_none()
    return found


async def of_agents(
    connection: AsyncConnection, workspace_id: str, agents: Collection[str] | None = None
) -> dict[str, str]:
    """The ids of photos by those of their agents; None: of everybody in the workspace."""
    query = select(_c.agent_id, _c.id).where(_c.workspace_id == workspace_id)
    if agents is not None:
        query = query.where(_c.agent_id.in_(agents))
    return {row.agent_id: row.id for row in await connection.execute(query)}


async def remove(connection: AsyncConnection, workspace_id: str, agent_id: str) -> bool:
    """Whether there was one."""
    statement = delete(agent_photos).where(_c.workspace_id == workspace_id, _c.agent_id == agent_id)
    return (await connection.execute(statement)).rowcount > 0
