"""The SQL of uploads on the table of files; what a message does with it is in the conversation's
own `file_store`."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.conversation.file_store import COLUMNS, files, read
from chatserver.conversation.files import StoredFile
from chatserver.conversation.model import Phase
from chatserver.conversation.store import conversations
from chatserver.features.uploads.model import Placed, Principal

_f, _c = files.c, conversations.c
_size = func.coalesce(func.sum(_f.bytes + _f.preview_bytes), 0)


async def add(connection: AsyncConnection, file: StoredFile) -> None:
    values = {name: getattr(file, name) for name in StoredFile.__struct_fields__}
    await connection.execute(insert(files).values(**values))


async def by_upload(
    connection: AsyncConnection, who: Principal, upload_id: str
) -> StoredFile | None:
    query = select(*COLUMNS).where(*_of(who), _f.upload_id == upload_id)
    row = (await connection.execute(query)).one_or_none()
    return read(row) if row else None


async def used_by(connection: AsyncConnection, who: Principal, since: datetime) -> tuple[int, int]:
    """How many files an author has uploaded since then, and their bytes."""
    query = select(func.count(), _size).where(*_of(who), _f.created_at > since)
    count, size = (await connection.execute(query)).one()
    return int(count), int(size)


async def used_in(connection: AsyncConnection, workspace_id: str) -> int:
    """The bytes of all files of a workspace."""
    query = select(_size).where(_f.workspace_id == workspace_id)
    return int((await connection.execute(query)).scalar_one())


async def find(
    connection: AsyncConnection, workspace_id: str, ids: Collection[str]
) -> list[Placed]:
    """Files with where they were sent; unknown ids are left out."""
    sent_in = and_(_c.workspace_id == _f.workspace_id, _c.id == _f.conversation_id)
    query = (
        select(*COLUMNS, _c.visitor_id, _c.phase, _c.closed_at)
        .select_from(files.outerjoin(conversations, sent_in))
        .where(_f.workspace_id == workspace_id, _f.id.in_(ids))
    )
    width = len(COLUMNS)
    return [
        Placed(
            file=read(row[:width]),
            visitor_id=row.visitor_id,
            phase=Phase(row.phase) if row.phase else None,
            closed_at=row.closed_at,
        )
        for row in await connection.execute(query)
    ]


async def unsent_before(
    connection: AsyncConnection, before: datetime, limit: int
) -> list[tuple[str, str]]:
    """Workspace and id of files that nobody sent, of all workspaces, the oldest first."""
    query = (
        select(_f.workspace_id, _f.id)
        .where(_f.created_at < before, _f.conversation_id.is_(None))
        .order_by(_f.created_at)
        .limit(limit)
    )
    return [(row.workspace_id, row.id) for row in await connection.execute(query)]


async def remove_unsent(
    connection: AsyncConnection, found: Sequence[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Of these files, those that were still unsent; they are gone then."""
    statement = (
        delete(files)
        .where(
            _f.workspace_id.in_({workspace_id for workspace_id, _ in found}),
            _f.id.in_([file_id for _, file_id in found]),
            _f.conversation_id.is_(None),
        )
        .returning(_f.workspace_id, _f.id)
    )
    return [(row.workspace_id, row.id) for row in await connection.execute(statement)]


async def known(connection: AsyncConnection, workspace_id: str, ids: Collection[str]) -> set[str]:
    query = select(_f.id).where(_f.workspace_id == workspace_id, _f.id.in_(ids))
    return set((await connection.execute(query)).scalars())


def _of(who: Principal) -> tuple[ColumnElement[bool], ...]:
    return (
        _f.workspace_id == who.workspace_id,
        _f.author_kind == who.actor.kind.value,
        _f.author_id == who.actor.id,
    )
