"""The tables of mails to visitors who left: links back, who was written to, who wants none. Every
statement names its workspace, but where the digest of a bearer secret says whose row it is."""

from datetime import datetime

from sqlalchemy import Column, Index, Integer, Table, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.features.absent.model import Link, Mailed
from chatserver.storage.schema import Id, UTCTime, WorkspaceId, metadata

resume_links = Table(
    "resume_links",
    metadata,
    Id("digest", primary_key=True),
    Id("conversation_id", nullable=False),
    Id("site_id", nullable=False),
    Id("visitor_id", nullable=False),
    WorkspaceId(),
    Id("customer_id"),
    Column("created_at", UTCTime, nullable=False),
    Column("expires_at", UTCTime, nullable=False),
    Column("used_at", UTCTime),
    Index("ix_resume_links_expires_at", "expires_at"),
)

absent_mails = Table(
    "absent_mails",
    metadata,
    Id("visitor_id", primary_key=True),
    Id("conversation_id", nullable=False),
    WorkspaceId(),
    Column("seq", Integer, nullable=False),
    Column("mailed_at", UTCTime, nullable=False),
)

mail_refusals = Table(
    "mail_refusals",
    metadata,
    Id("digest", primary_key=True),
    WorkspaceId(),
    Column("refused_at", UTCTime, nullable=False),
)

_l, _m, _r = resume_links.c, absent_mails.c, mail_refusals.c
LINK = [_l[name] for name in Link.__struct_fields__]
MAILED = [_m[name] for name in Mailed.__struct_fields__]


async def add_link(connection: AsyncConnection, link: Link) -> None:
    values = {name: getattr(link, name) for name in Link.__struct_fields__}
    await connection.execute(insert(resume_links).values(**values))


async def find_link(connection: AsyncConnection, digest: str) -> Link | None:
    row = (await connection.execute(select(*LINK).where(_l.digest == digest))).one_or_none()
    return Link(**row._mapping) if row else None


async def use_link(connection: AsyncConnection, link: Link, now: datetime) -> bool:
    """Once: False for whoever comes second, or too late."""
    statement = (
        update(resume_links)
        .where(_l.digest == link.digest, _l.used_at.is_(None), _l.expires_at > now)
        .values(used_at=now)
    )
    return (await connection.execute(statement)).rowcount == 1


async def sweep_links(connection: AsyncConnection, before: datetime) -> None:
    """Of all workspaces: what ended before."""
    await connection.execute(delete(resume_links).where(_l.expires_at < before))


async def mailed(connection: AsyncConnection, workspace_id: str, visitor_id: str) -> Mailed | None:
    query = select(*MAILED).where(_m.workspace_id == workspace_id, _m.visitor_id == visitor_id)
    row = (await connection.execute(query)).one_or_none()
    return Mailed(**row._mapping) if row else None


async def note_mailed(connection: AsyncConnection, sent: Mailed) -> None:
    await connection.execute(
        delete(absent_mails).where(
            _m.workspace_id == sent.workspace_id, _m.visitor_id == sent.visitor_id
        )
    )
    values = {name: getattr(sent, name) for name in Mailed.__struct_fields__}
    await connection.execute(insert(absent_mails).values(**values))


async def refuses(connection: AsyncConnection, workspace_id: str, digest: str) -> bool:
    query = select(_r.digest).where(_r.workspace_id == workspace_id, _r.digest == digest)
    return (await connection.execute(query)).first() is not None


async def refuse(
    connection: AsyncConnection, workspace_id: str, digest: str, now: datetime
) -> None:
    if not await refuses(connection, workspace_id, digest):
        values = {"digest": digest, "workspace_id": workspace_id, "refused_at": now}
        await connection.execute(insert(mail_refusals).values(**values))
