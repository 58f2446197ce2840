"""The table of invitations. One is found by the digest of its secret, or by its workspace."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Row, String, Table, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.identity.model import Invitation, Role
from chatserver.storage.schema import Id, UTCTime, WorkspaceId, metadata

invitations = Table(
    "invitations",
    metadata,
    Id("id", primary_key=True),
    WorkspaceId(),
    Column("email", String(254), nullable=False),
    Column("role", String(16), nullable=False),
    Id("invited_by", nullable=False),
    Column("created_at", UTCTime, nullable=False),
    Column("expires_at", UTCTime, nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Index("ix_invitations_workspace_id", "workspace_id", "email"),
)

_c = invitations.c
COLUMNS = [_c[name] for name in Invitation.__struct_fields__]


async def add(connection: AsyncConnection, invitation: Invitation, digest: str) -> None:
    values = {name: getattr(invitation, name) for name in Invitation.__struct_fields__}
    await connection.execute(insert(invitations).values(**values, digest=digest))


async def by_digest(connection: AsyncConnection, digest: str) -> Invitation | None:
    """For the holder of the link, who knows no workspace yet."""
    query = select(*COLUMNS).where(_c.digest == digest).with_for_update()
    row = (await connection.execute(query)).one_or_none()
    return _read(row) if row else None


async def list_open(
    connection: AsyncConnection, workspace_id: str, now: datetime
) -> list[Invitation]:
    query = (
        select(*COLUMNS)
        .where(_c.workspace_id == workspace_id, _c.expires_at > now)
        .order_by(_c.created_at.desc(), _c.id)
    )
    return [_read(row) for row in await connection.execute(query)]


async def remove(connection: AsyncConnection, workspace_id: str, invitation_id: str) -> bool:
    statement = delete(invitations).where(_c.workspace_id == workspace_id, _c.id == invitation_id)
    return (await connection.execute(statement)).rowcount == 1


async def remove_for(connection: AsyncConnection, workspace_id: str, email: str) -> None:
    """Withdraws earlier invitations of the same address."""
    await connection.execute(
        delete(invitations).where(_c.workspace_id == workspace_id, _c.email == email)
    )


def _read(row: Row[Any]) -> Invitation:
    values = row._asdict()
    return Invitation(**values | {"role": Role(values["role"])})
