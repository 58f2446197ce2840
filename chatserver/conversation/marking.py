"""Moves read marks forward and says where they are in both numberings."""

from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.conversation import fact_store, mark_store
from chatserver.conversation.model import Actor, AuthorKind, Conversation
from chatserver.conversation.outcome import Mark


async def move_mark(
    connection: AsyncConnection, state: Conversation, actor: Actor, seq: int
) -> Mark | None:
    """Marks everything up to `seq` (the actor's own numbering) as read; None when it was already.

    A number beyond the end means the end.
    """
    is_visitor = actor.kind is AuthorKind.VISITOR
    agents_seq, visitor_seq = await _both_numbers(connection, state, seq, is_visitor)
    count = await _count(connection, state, agents_seq, is_visitor)
    reader = actor.id or ""
    moved = await mark_store.save_mark(
        connection, state, reader, is_visitor=is_visitor, seq=agents_seq, count=count
    )
    if not moved:
        return None
    written = state.agent_messages if is_visitor else state.visitor_messages
    return Mark(
        state.workspace_id, state.id, reader, is_visitor, agents_seq, visitor_seq, count, written
    )


async def _both_numbers(
    connection: AsyncConnection, state: Conversation, seq: int, is_visitor: bool
) -> tuple[int, int]:
    key = (state.workspace_id, state.id)
    if is_visitor:
        visitor_seq = min(seq, state.visitor_seq)
        return await fact_store.to_agents_number(connection, *key, visitor_seq), visitor_seq
    agents_seq = min(seq, state.seq)
    if agents_seq == state.seq:
        return agents_seq, state.visitor_seq
    return agents_seq, await fact_store.to_visitors_number(connection, *key, agents_seq)


async def _count(
    connection: AsyncConnection, state: Conversation, seq: int, is_visitor: bool
) -> int:
    if seq >= state.message_seq:
        return state.agent_messages if is_visitor else state.visitor_messages
    other = AuthorKind.AGENT if is_visitor else AuthorKind.VISITOR
    return await fact_store.count_messages(
        connection, state.workspace_id, state.id, author_kind=other.value, up_to=seq
    )
