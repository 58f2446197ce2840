"""The table of sites. A key is public and unique in the installation: it finds its site alone."""

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Row,
    String,
    Table,
    Text,
    bindparam,
    false,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.identity.model import Position, Site
from chatserver.identity.widget import reading
from chatserver.storage.schema import Id, UTCTime, WorkspaceId, metadata

sites = Table(
    "sites",
    metadata,
    Id("id", primary_key=True),
    WorkspaceId(),
    Column("key", String(64), nullable=False, unique=True),
    Column("name", String(100), nullable=False),
    Column("color", String(7), nullable=False),
    Column("position", String(8), nullable=False),
    Column("greeting", String(300), nullable=False),
    Column("locale", String(16), nullable=False),
    Column("origins", Text, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("created_at", UTCTime, nullable=False),
    # The release before this one does not know it.
    Column("drafts", Boolean, nullable=False, server_default=false()),
    # What widget/settings.py describes, as JSON, with whatever another release keeps there.
    Column("widget", Text, nullable=False, server_default="{}"),
    Index("ix_sites_workspace_id", "workspace_id", "created_at"),
)

_c = sites.c
FIELDS = Site.__struct_fields__
COLUMNS = [_c[name] for name in FIELDS]
_by_key = select(*COLUMNS).where(_c.key == bindparam("site_key"))
_origins = msgspec.json.Decoder(tuple[str, ...]).decode


async def add(connection: AsyncConnection, site: Site) -> None:
    await connection.execute(insert(sites).values(**_values(site)))


async def replace(connection: AsyncConnection, site: Site) -> None:
    await connection.execute(
        update(sites)
        .where(_c.workspace_id == site.workspace_id, _c.id == site.id)
        .values(**_values(site))
    )


async def by_key(connection: AsyncConnection, key: str) -> Site | None:
    row = (await connection.execute(_by_key, {"site_key": key})).one_or_none()
    return _read(row) if row else None


async def find(connection: AsyncConnection, workspace_id: str, site_id: str) -> Site | None:
    """One site, locked against a change by somebody else."""
    query = select(*COLUMNS).where(_c.workspace_id == workspace_id, _c.id == site_id)
    row = (await connection.execute(query.with_for_update())).one_or_none()
    return _read(row) if row else None


async def widget_text(connection: AsyncConnection, workspace_id: str, site_id: str) -> str | None:
    """The settings as they are stored, locked against a change by somebody else."""
    query = select(_c.widget).where(_c.workspace_id == workspace_id, _c.id == site_id)
    text: str | None = (await connection.execute(query.with_for_update())).scalar_one_or_none()
    return text


async def set_widget_text(
    connection: AsyncConnection, workspace_id: str, site_id: str, text: str
) -> None:
    await connection.execute(
        update(sites).where(_c.workspace_id == workspace_id, _c.id == site_id).values(widget=text)
    )


async def get(
    connection: AsyncConnection, workspace_id: str, ids: Collection[str]
) -> dict[str, Site]:
    query = select(*COLUMNS).where(_c.workspace_id == workspace_id, _c.id.in_(ids))
    return {row.id: _read(row) for row in await connection.execute(query)}


async def list_sites(connection: AsyncConnection, workspace_id: str) -> list[Site]:
    query = select(*COLUMNS).where(_c.workspace_id == workspace_id).order_by(_c.created_at, _c.id)
    return [_read(row) for row in await connection.execute(query)]


async def count(connection: AsyncConnection, workspace_id: str) -> int:
    query = select(func.count()).where(_c.workspace_id == workspace_id)
    number: int = (await connection.execute(query)).scalar_one()
    return number


def _values(site: Site) -> dict[str, object]:
    """All but the widget's settings, which are changed as a text: we may not know all of them."""
    values = {name: getattr(site, name) for name in FIELDS if name != "widget"}
    return values | {"origins": msgspec.json.encode(site.origins).decode()}


def _read(row: Row[Any]) -> Site:
    values = row._asdict()
    values["position"] = Position(values["position"])
    values["widget"] = reading.read(values["widget"])
    return Site(**values | {"origins": _origins(values["origins"])})
