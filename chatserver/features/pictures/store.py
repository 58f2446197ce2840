"""The table of site pictures. They are small, so they live with the settings that name them."""

from datetime import datetime

from sqlalchemy import Column, Index, LargeBinary, String, Table, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.storage.schema import Id, UTCTime, WorkspaceId, metadata

site_pictures = Table(
    "site_pictures",
    metadata,
    Id("id", primary_key=True),
    WorkspaceId(),
    Column("site_id", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("created_at", UTCTime, nullable=False),
    Index("ix_site_pictures_site", "workspace_id", "site_id"),
)

_c = site_pictures.c


async def add(
    connection: AsyncConnection,
    place: tuple[str, str],
    picture_id: str,
    content: bytes,
    at: datetime,
) -> None:
    """`place` is the workspace and the site."""
    await connection.execute(
        insert(site_pictures).values(
            id=picture_id,
            workspace_id=place[0],
            site_id=place[1],
            content=content,
            created_at=at,
        )
    )


async def content(connection: AsyncConnection, picture_id: str) -> bytes | None:
    """By its id alone: it is random, and whoever may see the website may see the picture."""
    query = select(_c.content).where(_c.id == picture_id)
    found: bytes | None = (await connection.execute(query)).scalar_one_or_none()
    return found


async def count(connection: AsyncConnection, place: tuple[str, str]) -> int:
    query = select(func.count()).where(_c.workspace_id == place[0], _c.site_id == place[1])
    number: int = (await connection.execute(query)).scalar_one()
    return number


async def older(connection: AsyncConnection, place: tuple[str, str], before: datetime) -> list[str]:
    query = select(_c.id).where(
        _c.workspace_id == place[0], _c.site_id == place[1], _c.created_at < before
    )
    return list((await connection.execute(query)).scalars())


async def remove(connection: AsyncConnection, place: tuple[str, str], ids: list[str]) -> None:
    await connection.execute(
        delete(site_pictures).where(
            _c.workspace_id == place[0], _c.site_id == place[1], _c.id.in_(ids)
        )
    )
