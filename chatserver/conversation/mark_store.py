"""The SQL of read marks. A mark never goes back and is not a fact."""

from collections.abc import Collection

from sqlalchemy import (
    Boolean,
    Column,
    Integer,
    Table,
    and_,
    bindparam,
    case,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.conversation.model import Conversation
from chatserver.storage.schema import Id, WorkspaceId, metadata

# How far a reader has read: `seq` in the agents' numbering, `messages` of the other side.
read_marks = Table(
    "read_marks",
    metadata,
    Id("conversation_id", primary_key=True),
    Id("reader_id", primary_key=True),
    WorkspaceId(),
    Column("is_visitor", Boolean, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("messages", Integer, nullable=False),
)

_by_visitor = case((read_marks.c.is_visitor, read_marks.c.seq), else_=0)
_by_agent = case((read_marks.c.is_visitor, 0), else_=read_marks.c.seq)
_furthest = select(
    func.coalesce(func.max(_by_visitor), 0), func.coalesce(func.max(_by_agent), 0)
).where(
    read_marks.c.workspace_id == bindparam("workspace"),
    read_marks.c.conversation_id == bindparam("conversation"),
)


async def save_mark(
    connection: AsyncConnection,
    state: Conversation,
    reader_id: str,
    *,
    is_visitor: bool,
    seq: int,
    count: int,
) -> bool:
    """Moves a read mark forward; False when it was there already. It never goes back."""
    mark = and_(
        read_marks.c.workspace_id == state.workspace_id,
        read_marks.c.conversation_id == state.id,
        read_marks.c.reader_id == reader_id,
    )
    held = (await connection.execute(select(read_marks.c.seq).where(mark))).scalar_one_or_none()
    values = {"seq": seq, "messages": count}
    if held is None:
        key = {
            "conversation_id": state.id,
            "reader_id": reader_id,
            "workspace_id": state.workspace_id,
            "is_visitor": is_visitor,
        }
        await connection.execute(insert(read_marks).values(**key, **values))
        return True
    if held >= seq:
        return False
    await connection.execute(update(read_marks).where(mark).values(**values))
    return True


async def read_counts(
    connection: AsyncConnection,
    workspace_id: str,
    reader_id: str,
    conversation_ids: Collection[str],
) -> dict[str, int]:
    """How many messages of the other side a reader has read of these conversations."""
    query = select(read_marks.c.conversation_id, read_marks.c.messages).where(
        read_marks.c.workspace_id == workspace_id,
        read_marks.c.reader_id == reader_id,
        read_marks.c.conversation_id.in_(conversation_ids),
    )
    return {row.conversation_id: row.messages for row in await connection.execute(query)}


async def furthest_marks(
    connection: AsyncConnection, workspace_id: str, conversation_id: str
) -> tuple[int, int]:
    """How far the visitor and the furthest agent have read, in the agents' numbering."""
    key = {"workspace": workspace_id, "conversation": conversation_id}
    visitor, agent = (await connection.execute(_furthest, key)).one()
    return visitor, agent
