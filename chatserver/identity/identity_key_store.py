"""The table of the keys with which sites vouch for their visitors. What is secret is sealed."""

from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Row, String, Table, Text, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.identity.model import Algorithm, IdentityKey
from chatserver.storage.schema import Id, UTCTime, WorkspaceId, metadata

identity_keys = Table(
    "identity_keys",
    metadata,
    Id("id", primary_key=True),
    WorkspaceId(),
    Column("site_id", String(64), ForeignKey("sites.id"), nullable=False),
    Column("algorithm", String(8), nullable=False),
    Column("sealed", Text, nullable=False),
    Column("created_at", UTCTime, nullable=False),
    Id("created_by", nullable=False),
    Index("ix_identity_keys_site_id", "site_id"),
)

_c = identity_keys.c
COLUMNS = [_c[name] for name in IdentityKey.__struct_fields__]


async def list_keys(
    connection: AsyncConnection, workspace_id: str, site_id: str
) -> list[IdentityKey]:
    query = (
        select(*COLUMNS)
        .where(_c.workspace_id == workspace_id, _c.site_id == site_id)
        .order_by(_c.created_at, _c.id)
    )
    return [_read(row) for row in await connection.execute(query)]


async def add(connection: AsyncConnection, key: IdentityKey) -> None:
    values = {name: getattr(key, name) for name in IdentityKey.__struct_fields__}
    await connection.execute(insert(identity_keys).values(**values))


async def remove(connection: AsyncConnection, workspace_id: str, key_id: str) -> IdentityKey | None:
    """The key as it was."""
    statement = (
        delete(identity_keys)
        .where(_c.workspace_id == workspace_id, _c.id == key_id)
        .returning(*COLUMNS)
    )
    row = (await connection.execute(statement)).one_or_none()
    return _read(row) if row else None


def _read(row: Row[Any]) -> IdentityKey:
    values = row._asdict()
    return IdentityKey(**values | {"algorithm": Algorithm(values["algorithm"])})
