"""The SQL that reads a conversation's facts and translates between its two numberings."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    CompoundSelect,
    FromClause,
    Select,
    Subquery,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.conversation.entries import from_entry
from chatserver.conversation.events import Quoted
from chatserver.conversation.facts import Fact
from chatserver.conversation.store import conversations
from chatserver.storage import log
from chatserver.storage.bulk import DIALECTS, GIVEN, encode, given
from chatserver.storage.schema import facts

# (conversation, author, client_id): unique.
SentKey = tuple[str, str, str]
# The same with who the author is now: a visitor may have written before they were identified.
WantedKey = tuple[str, str, str, str]

# (conversation, whether the number is a visitor's, seq)
QuoteKey = tuple[str, bool, int]

_sent_key = (facts.c.conversation_id, facts.c.author_id, facts.c.client_id)
_wanted_key = (*_sent_key, conversations.c.visitor_id)
_names = [column.name for column in _wanted_key]
_workspaces: BindParameter[Any] = bindparam("workspaces", expanding=True)


def _sent_on(dialect: str) -> CompoundSelect[Any]:
    """In the conversation itself, and what a visitor sent into any of theirs."""
    fields = zip(given(dialect, _wanted_key), _names, strict=True)
    wanted = select(*(field.label(name) for field, name in fields)).subquery("wanted")
    here = facts.c.workspace_id.in_(_workspaces)
    is_theirs = conversations.c.visitor_id == wanted.c.visitor_id
    if dialect == "postgresql":
        own = and_(_only_checked(conversations.c.workspace_id).in_(_workspaces), is_theirs)
        theirs = select(conversations.c.id).where(own).offset(literal_column("0")).lateral("theirs")
        return union_all(
            _one_by_one(wanted, wanted.c.conversation_id, wanted),
            _one_by_one(wanted, theirs.c.id, wanted.join(theirs, true())),
        )
    own = and_(conversations.c.workspace_id.in_(_workspaces), is_theirs)
    sent = and_(
        facts.c.workspace_id == conversations.c.workspace_id,
        facts.c.conversation_id == conversations.c.id,
        facts.c.author_id == wanted.c.author_id,
        facts.c.client_id == wanted.c.client_id,
    )
    anywhere = wanted.join(conversations, own).join(facts, sent)
    return union_all(
        select(*log.COLUMNS).where(here, tuple_(*_sent_key).in_(select(*list(wanted.c)[:3]))),
        select(*log.COLUMNS).select_from(anywhere),
    )


def _one_by_one(
    wanted: Subquery, conversation_id: ColumnElement[str], where: FromClause
) -> Select[Any]:
    """PostgreSQL takes a list in a parameter for a hundred rows, and a table of which it has no
    statistics yet for a small one: it would read all facts of the workspace for each batch. What
    has a limit of its own is looked up row by row, in the index."""
    found = select(*log.COLUMNS).where(
        _only_checked(facts.c.workspace_id).in_(_workspaces),
        facts.c.conversation_id == conversation_id,
        facts.c.author_id == wanted.c.author_id,
        facts.c.client_id == wanted.c.client_id,
    )
    one = found.limit(literal_column("1")).lateral()
    return select(*one.c).select_from(where.join(one, true()))


def _only_checked(workspace_id: Column[str]) -> ColumnElement[str]:
    """Not to be looked up by: no index is by this."""
    return workspace_id.op("||")(literal_column("''"))


_SENT = {dialect: _sent_on(dialect) for dialect in DIALECTS}


async def sent_before(
    connection: AsyncConnection, workspace_ids: set[str], keys: set[WantedKey]
) -> dict[SentKey, Fact]:
    """The facts with these keys, for recognising a repeat."""
    if not keys:
        return {}
    rows = await connection.execute(
        _SENT[connection.dialect.name],
        {
            "workspaces": list(workspace_ids),
            GIVEN: encode([dict(zip(_names, key, strict=True)) for key in keys]),
        },
    )
    found = [from_entry(log.Entry(*row)) for row in rows]
    return {(f.conversation_id, f.author.id or "", f.client_id or ""): f for f in found}


async def caused_before(
    connection: AsyncConnection, keys: Collection[tuple[str, str]], causes: set[str]
) -> set[tuple[str, str]]:
    """Which (conversation, cause) have acted already."""
    if not causes:
        return set()
    query = select(facts.c.conversation_id, facts.c.cause).where(
        *_of(keys), facts.c.cause.in_(causes)
    )
    return {(row.conversation_id, row.cause) for row in await connection.execute(query)}


def _of(keys: Collection[tuple[str, str]]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The facts of these (workspace, conversation)."""
    return (
        facts.c.workspace_id.in_({workspace for workspace, _ in keys}),
        facts.c.conversation_id.in_({conversation for _, conversation in keys}),
    )


async def list_facts(
    connection: AsyncConnection,
    workspace_id: str,
    conversation_id: str,
    *,
    after: int = 0,
    before: int | None = None,
    limit: int = 100,
) -> list[Fact]:
    """Facts in order, numbered as agents see them: the first `limit` behind `after`, or with
    `before` the last `limit` ahead of it."""
    window = (after, before, limit)
    return await _facts(connection, workspace_id, conversation_id, facts.c.seq, window)


async def list_visitor_facts(
    connection: AsyncConnection,
    workspace_id: str,
    conversation_id: str,
    *,
    after: int = 0,
    before: int | None = None,
    limit: int = 100,
) -> list[Fact]:
    """The same in the visitor's numbering: facts that visitors may not see are not read at all."""
    window = (after, before, limit)
    return await _facts(connection, workspace_id, conversation_id, facts.c.visitor_seq, window)


def _window(seq: Column[int | None]) -> Select[Any]:
    return (
        select(*log.COLUMNS)
        .where(
            facts.c.workspace_id == bindparam("workspace"),
            facts.c.conversation_id == bindparam("conversation"),
            seq > bindparam("after"),
        )
        .limit(bindparam("most"))
    )


_numbers = (facts.c.seq, facts.c.visitor_seq)
_behind = {seq: _window(seq).order_by(seq) for seq in _numbers}
_ahead = {
    seq: _window(seq).where(seq < bindparam("before")).order_by(seq.desc()) for seq in _numbers
}
_visitors_number = select(func.max(facts.c.visitor_seq)).where(
    facts.c.workspace_id == bindparam("workspace"),
    facts.c.conversation_id == bindparam("conversation"),
    facts.c.seq <= bindparam("seq"),
)


async def _facts(
    connection: AsyncConnection,
    workspace_id: str,
    conversation_id: str,
    seq: Column[int | None],
    window: tuple[int, int | None, int],
) -> list[Fact]:
    after, before, limit = window
    wanted: dict[str, str | int] = {"workspace": workspace_id, "conversation": conversation_id}
    wanted |= {"after": after, "most": limit}
    query = _behind[seq]
    if before is not None:
        query, wanted["before"] = _ahead[seq], before
    rows = await connection.execute(query, wanted)
    found = [from_entry(log.Entry(*row)) for row in rows]
    return found if before is None else found[::-1]


async def quoted(
    connection: AsyncConnection, workspace_ids: set[str], keys: Collection[QuoteKey]
) -> dict[QuoteKey, Quoted]:
    """Those of the numbers that are messages, in both numberings."""
    by_agents = [(chat, seq) for chat, is_visitors, seq in keys if not is_visitors]
    by_visitors = [(chat, seq) for chat, is_visitors, seq in keys if is_visitors]
    query = select(facts.c.conversation_id, facts.c.seq, facts.c.visitor_seq).where(
        facts.c.workspace_id.in_(workspace_ids),
        facts.c.kind == "message.sent",
        or_(
            tuple_(facts.c.conversation_id, facts.c.seq).in_(by_agents),
            tuple_(facts.c.conversation_id, facts.c.visitor_seq).in_(by_visitors),
        ),
    )
    found: dict[QuoteKey, Quoted] = {}
    for chat, seq, visitor_seq in await connection.execute(query):
        found[chat, False, seq] = Quoted(seq, visitor_seq)
        if visitor_seq is not None:
            found[chat, True, visitor_seq] = Quoted(seq, visitor_seq)
    return found


async def by_number(
    connection: AsyncConnection, workspace_id: str, conversation_id: str, seqs: Collection[int]
) -> dict[int, Fact]:
    """The facts with these numbers of the agents' numbering."""
    if not seqs:
        return {}
    query = select(*log.COLUMNS).where(
        facts.c.workspace_id == workspace_id,
        facts.c.conversation_id == conversation_id,
        facts.c.seq.in_(seqs),
    )
    found = [from_entry(log.Entry(*row)) for row in await connection.execute(query)]
    return {fact.seq: fact for fact in found}


async def last_messages(
    connection: AsyncConnection, workspace_id: str, conversation_ids: Collection[str]
) -> dict[str, Fact]:
    """The newest message of each conversation that has one."""
    if not conversation_ids:
        return {}
    is_last = and_(
        facts.c.workspace_id == conversations.c.workspace_id,
        facts.c.conversation_id == conversations.c.id,
        facts.c.seq == conversations.c.message_seq,
    )
    query = (
        select(*log.COLUMNS)
        .join_from(conversations, facts, is_last)
        .where(
            conversations.c.workspace_id == workspace_id, conversations.c.id.in_(conversation_ids)
        )
    )
    found = [from_entry(log.Entry(*row)) for row in await connection.execute(query)]
    return {fact.conversation_id: fact for fact in found}


async def to_agents_number(
    connection: AsyncConnection, workspace_id: str, conversation_id: str, visitor_seq: int
) -> int:
    """The agents' number at a visitor's `visitor_seq`; 0 when there is none."""
    query = select(func.max(facts.c.seq)).where(
        facts.c.workspace_id == workspace_id,
        facts.c.conversation_id == conversation_id,
        facts.c.visitor_seq <= visitor_seq,
    )
    return (await connection.execute(query)).scalar() or 0


async def to_visitors_number(
    connection: AsyncConnection, workspace_id: str, conversation_id: str, seq: int
) -> int:
    """The largest visitor number at or below an agents' number; 0 when there is none."""
    if seq == 0:
        return 0
    key = {"workspace": workspace_id, "conversation": conversation_id, "seq": seq}
    return (await connection.execute(_visitors_number, key)).scalar() or 0


async def count_messages(
    connection: AsyncConnection,
    workspace_id: str,
    conversation_id: str,
    *,
    author_kind: str,
    up_to: int,
) -> int:
    """How many visible messages one side has written up to an agents' number."""
    query = select(func.count()).where(
        facts.c.workspace_id == workspace_id,
        facts.c.conversation_id == conversation_id,
        facts.c.kind == "message.sent",
        facts.c.author_kind == author_kind,
        facts.c.visitor_seq.is_not(None),
        facts.c.seq <= up_to,
    )
    return (await connection.execute(query)).scalar() or 0
