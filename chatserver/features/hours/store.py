"""The table of opening hours. Every statement names its workspace.

A plan belongs to an owner: a site today. `owner_kind` is there for departments, whose plans will be
rows beside these.
"""

import msgspec
from sqlalchemy import Column, Index, Integer, String, Table, Text, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.features.hours.model import SiteHours
from chatserver.features.hours.reading import read
from chatserver.storage.schema import Id, UTCTime, WorkspaceId, metadata

SITE = "site"

opening_hours = Table(
    "opening_hours",
    metadata,
    Id("id", primary_key=True),
    WorkspaceId(),
    Column("owner_kind", String(16), nullable=False),
    Id("owner_id", nullable=False),
    Column("plan", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_at", UTCTime, nullable=False),
    Id("updated_by", nullable=False),
    Index("uq_opening_hours_owner", "workspace_id", "owner_kind", "owner_id", unique=True),
)

_c = opening_hours.c


async def find(connection: AsyncConnection, workspace_id: str, site_id: str) -> SiteHours | None:
    query = select(_c.plan, _c.version, _c.updated_at, _c.updated_by).where(
        _c.workspace_id == workspace_id, _c.owner_kind == SITE, _c.owner_id == site_id
    )
    row = (await connection.execute(query)).one_or_none()
    return SiteHours(read(row.plan), row.version, row.updated_at, row.updated_by) if row else None


async def add(
    connection: AsyncConnection, row_id: str, workspace_id: str, site_id: str, hours: SiteHours
) -> bool:
    """False when somebody else wrote the first version meanwhile."""
    owner = {"workspace_id": workspace_id, "owner_kind": SITE, "owner_id": site_id}
    try:
        async with connection.begin_nested():
            await connection.execute(
                insert(opening_hours).values(id=row_id, **owner, **_values(hours))
            )
    except IntegrityError:
        return False
    return True


async def replace(
    connection: AsyncConnection, workspace_id: str, site_id: str, hours: SiteHours
) -> bool:
    """Writes over the version before `hours`; False when that is not the stored one any more."""
    statement = (
        update(opening_hours)
        .where(
            _c.workspace_id == workspace_id,
            _c.owner_kind == SITE,
            _c.owner_id == site_id,
            _c.version == hours.version - 1,
        )
        .values(**_values(hours))
    )
    return (await connection.execute(statement)).rowcount == 1


def _values(hours: SiteHours) -> dict[str, object]:
    return {
        "plan": msgspec.json.encode(hours.plan).decode(),
        "version": hours.version,
        "updated_at": hours.updated_at,
        "updated_by": hours.updated_by,
    }
