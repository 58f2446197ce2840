"""The table of waits for a first answer. Every statement names its workspace."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Column, Index, Integer, Table, bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.features.replytime.model import Wait
from chatserver.storage.schema import Id, UTCTime, WorkspaceId, metadata

# The newest answers of a site that are looked at; more would not move the median.
MOST = 500

reply_times = Table(
    "reply_times",
    metadata,
    Id("conversation_id", primary_key=True),
    Id("site_id", nullable=False),
    WorkspaceId(),
    Column("asked_at", UTCTime, nullable=False),
    Column("seconds", Integer),
    Index("ix_reply_times_site_id", "workspace_id", "site_id", "asked_at"),
)

_c = reply_times.c
COLUMNS = [_c[name] for name in Wait.__struct_fields__]


async def find_all(
    connection: AsyncConnection, workspace_id: str, conversation_ids: Collection[str]
) -> dict[str, Wait]:
    query = select(*COLUMNS).where(
        _c.workspace_id == workspace_id, _c.conversation_id.in_(conversation_ids)
    )
    rows = await connection.execute(query)
    return {row.conversation_id: Wait(**row._mapping) for row in rows}


async def add(connection: AsyncConnection, waits: Sequence[Wait]) -> None:
    if waits:
        names = Wait.__struct_fields__
        rows = [{name: getattr(wait, name) for name in names} for wait in waits]
        await connection.execute(insert(reply_times), rows)


async def answered(connection: AsyncConnection, wait: Wait, seconds: int) -> None:
    await connection.execute(
        update(reply_times)
        .where(_c.workspace_id == wait.workspace_id, _c.conversation_id == wait.conversation_id)
        .values(seconds=seconds)
    )


async def forget(connection: AsyncConnection, workspace_id: str, conversation_id: str) -> None:
    """A wait that says nothing of the team, or will never end."""
    await connection.execute(
        delete(reply_times).where(
            _c.workspace_id == workspace_id, _c.conversation_id == conversation_id
        )
    )


async def sweep(
    connection: AsyncConnection, workspace_id: str, site_id: str, before: datetime
) -> None:
    await connection.execute(
        delete(reply_times).where(
            _c.workspace_id == workspace_id, _c.site_id == site_id, _c.asked_at < before
        )
    )


_waits = (
    select(_c.seconds)
    .where(
        _c.workspace_id == bindparam("workspace"),
        _c.site_id == bindparam("site"),
        _c.asked_at >= bindparam("since"),
        _c.seconds.is_not(None),
    )
    .order_by(_c.asked_at.desc())
    .limit(MOST)
)


async def waits_since(
    connection: AsyncConnection, workspace_id: str, site_id: str, since: datetime
) -> list[int]:
    """How long the newest answered ones waited, in seconds."""
    asked = {"workspace": workspace_id, "site": site_id, "since": since}
    return list((await connection.execute(_waits, asked)).scalars())
