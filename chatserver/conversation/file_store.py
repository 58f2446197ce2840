"""The table of uploaded files, and the SQL by which a message takes some of them along. What else
happens to them is in `features/uploads`."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    String,
    Table,
    bindparam,
    literal_column,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.conversation.files import StoredFile
from chatserver.storage.schema import Id, UTCTime, WorkspaceId, metadata

files = Table(
    "files",
    metadata,
    Id("id", primary_key=True),
    WorkspaceId(),
    Column("author_kind", String(16), nullable=False),
    Id("author_id", nullable=False),
    Column("upload_id", String(64), nullable=False),
    Column("name", String(255), nullable=False),
    Column("type", String(128), nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("preview_bytes", BigInteger, nullable=False),
    Column("created_at", UTCTime, nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    Id("conversation_id"),
    Column("seq", Integer),
    Column("private", Boolean, nullable=False),
    # A repeated upload finds the first one's file, whichever node it reaches.
    Index("uq_files_upload", "workspace_id", "author_kind", "author_id", "upload_id", unique=True),
    Index("ix_files_author", "workspace_id", "author_kind", "author_id", "created_at"),
    # Adding up a workspace's files reads this index alone.
    Index("ix_files_workspace_id_bytes", "workspace_id", "bytes", "preview_bytes"),
    Index("ix_files_conversation_id", "conversation_id"),
    Index(
        "ix_files_unsent",
        "created_at",
        sqlite_where=literal_column("conversation_id IS NULL"),
        postgresql_where=literal_column("conversation_id IS NULL"),
    ),
)

_f = files.c
COLUMNS = [_f[name] for name in StoredFile.__struct_fields__]
_claim = (
    update(files)
    .where(
        _f.workspace_id == bindparam("of_workspace"),
        _f.id == bindparam("of_file"),
        _f.conversation_id.is_(None),
    )
    .values(
        conversation_id=bindparam("to_conversation"),
        seq=bindparam("to_seq"),
        private=bindparam("is_private"),
    )
)


def read(row: Sequence[Any]) -> StoredFile:
    return StoredFile(*row)


async def lock_unsent(
    connection: AsyncConnection, workspace_ids: Collection[str], ids: Collection[str]
) -> dict[str, StoredFile]:
    """Those of the files that no message has taken yet, locked in one order on all nodes."""
    query = (
        select(*COLUMNS)
        .where(_f.workspace_id.in_(workspace_ids), _f.id.in_(ids), _f.conversation_id.is_(None))
        .order_by(_f.id)
        .with_for_update()
    )
    return {row.id: read(row) for row in await connection.execute(query)}


async def claim(connection: AsyncConnection, taken: Sequence[StoredFile]) -> None:
    """Writes which message each file is part of."""
    rows = [
        {
            "of_workspace": file.workspace_id,
            "of_file": file.id,
            "to_conversation": file.conversation_id,
            "to_seq": file.seq,
            "is_private": file.private,
        }
        for file in taken
    ]
    await connection.execute(_claim, rows)
