"""The SQL of conversations' rows. Their facts are read in `fact_store`, marks in `mark_store`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    Select,
    String,
    Table,
    Update,
    bindparam,
    insert,
    literal_column,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.conversation.model import Conversation, Phase
from chatserver.storage.bulk import DIALECTS, GIVEN, encode, given, taken
from chatserver.storage.schema import Id, UTCTime, WorkspaceId, facts, metadata

conversations = Table(
    "conversations",
    metadata,
    Id("id", primary_key=True),
    WorkspaceId(),
    Id("site_id", nullable=False),
    Id("visitor_id", nullable=False),
    Column("opened_at", UTCTime, nullable=False),
    Column("queued_at", UTCTime, nullable=False),
    Column("last_at", UTCTime, nullable=False),
    Column("phase", String(16), nullable=False),
    Id("assignee_id"),
    Column("seq", Integer, nullable=False),
    Column("visitor_seq", Integer, nullable=False),
    Column("moved_seq", Integer, nullable=False),
    Column("message_seq", Integer, nullable=False),
    Column("visitor_messages", Integer, nullable=False),
    Column("agent_messages", Integer, nullable=False),
    Column("waiting_since", UTCTime),
    Column("closed_at", UTCTime),
    Column("revision", BigInteger, nullable=False),
    # A visitor has one open conversation per site, whatever two tabs do at the same time.
    Index(
        "uq_conversations_open",
        "site_id",
        "visitor_id",
        unique=True,
        sqlite_where=literal_column("phase <> 'closed'"),
        postgresql_where=literal_column("phase <> 'closed'"),
    ),
    Index("ix_conversations_visitor_id", "visitor_id", "opened_at"),
    Index("ix_conversations_workspace_id_revision", "workspace_id", "revision"),
    Index("ix_conversations_workspace_id_phase", "workspace_id", "phase"),
)

FIELDS = Conversation.__struct_fields__
COLUMNS = [conversations.c[name] for name in FIELDS]
_KEPT = ("id", "workspace_id", "site_id", "opened_at")
# What changes together with `moved_seq` or the visitor, and only then.
_MOVES = ("visitor_id", "phase", "assignee_id", "queued_at", "closed_at", "moved_seq")


def _save_on(dialect: str, kept: Sequence[str]) -> Update:
    new = dict(zip(FIELDS, given(dialect, COLUMNS), strict=True))
    return (
        update(conversations)
        .where(conversations.c.id == new["id"], conversations.c.workspace_id == new["workspace_id"])
        .values({name: value for name, value in new.items() if name not in kept})
    )


_save = {dialect: _save_on(dialect, _KEPT) for dialect in DIALECTS}
_save_written = {dialect: _save_on(dialect, _KEPT + _MOVES) for dialect in DIALECTS}
_key = (conversations.c.workspace_id, conversations.c.id)


def _load_on(dialect: str, *, patient: bool) -> Select[Any]:
    wanted = select(*given(dialect, _key))
    locked = select(*COLUMNS).where(tuple_(*_key).in_(wanted)).order_by(conversations.c.id)
    return taken(dialect, locked.with_for_update(skip_locked=not patient))


_load_for_update = {dialect: _load_on(dialect, patient=True) for dialect in DIALECTS}
_load_free = {dialect: _load_on(dialect, patient=False) for dialect in DIALECTS}
_decode = msgspec.json.Decoder(list[Conversation]).decode


_changed = (
    select(*COLUMNS)
    .where(
        conversations.c.workspace_id == bindparam("workspace"),
        conversations.c.revision > bindparam("behind"),
    )
    .order_by(conversations.c.revision)
    .limit(bindparam("most"))
)

_opening = (
    select(facts.c.position)
    .where(
        facts.c.workspace_id == conversations.c.workspace_id,
        facts.c.conversation_id == conversations.c.id,
        facts.c.seq == 1,
    )
    .scalar_subquery()
)
_latest = (
    select(*COLUMNS)
    .where(
        conversations.c.workspace_id.in_(bindparam("workspaces", expanding=True)),
        conversations.c.visitor_id.in_(bindparam("visitors", expanding=True)),
    )
    .order_by(conversations.c.phase != Phase.CLOSED.value, _opening)
)
_of_ids = select(*COLUMNS).where(
    conversations.c.workspace_id == bindparam("workspace"),
    conversations.c.id.in_(bindparam("ids", expanding=True)),
)


def _row(values: Sequence[Any]) -> Conversation:
    named = dict(zip(FIELDS, values, strict=True))
    named["phase"] = Phase(named["phase"])
    return Conversation(**named)


def _values(state: Conversation) -> dict[str, Any]:
    return {name: getattr(state, name) for name in FIELDS}


async def load(
    connection: AsyncConnection, workspace_id: str, ids: Iterable[str]
) -> dict[str, Conversation]:
    """The conversations of one workspace with these ids; those that do not exist are absent."""
    wanted = {"workspace": workspace_id, "ids": list(ids)}
    return {state.id: state for state in map(_row, await connection.execute(_of_ids, wanted))}


async def load_for_update(
    connection: AsyncConnection, keys: set[tuple[str, str]], *, patient: bool = True
) -> dict[tuple[str, str], Conversation]:
    """Rows by (workspace, id), locked in the order of their ids. Without patience what another
    transaction holds is left out, instead of waited for."""
    if not keys:
        return {}
    wanted = encode([{"workspace_id": workspace_id, "id": id} for workspace_id, id in keys])
    query = (_load_for_update if patient else _load_free)[connection.dialect.name]
    text = (await connection.execute(query, {GIVEN: wanted})).scalar_one()
    return {(state.workspace_id, state.id): state for state in (_decode(text) if text else [])}


async def existing(connection: AsyncConnection, keys: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of these (workspace, id) that there are, whoever holds them."""
    if not keys:
        return set()
    query = select(*_key).where(
        conversations.c.workspace_id.in_({workspace_id for workspace_id, _ in keys}),
        conversations.c.id.in_({id for _, id in keys}),
    )
    return {(row.workspace_id, row.id) for row in await connection.execute(query)} & keys


async def latest_of_visitors(
    connection: AsyncConnection, keys: set[tuple[str, str]]
) -> dict[tuple[str, str], Conversation]:
    """Each (workspace, visitor)'s conversation that is open, else the one that was opened last: by
    the log, for the clock may have been wrong that day."""
    if not keys:
        return {}
    wanted = {
        "workspaces": list({workspace for workspace, _ in keys}),
        "visitors": list({visitor for _, visitor in keys}),
    }
    found = map(_row, await connection.execute(_latest, wanted))
    return {(s.workspace_id, s.visitor_id): s for s in found}


async def of_visitor(
    connection: AsyncConnection,
    workspace_id: str,
    visitor_id: str,
    *,
    before: datetime | None,
    limit: int,
) -> list[Conversation]:
    """A visitor's conversations in which somebody wrote, the last opened first."""
    query = (
        select(*COLUMNS)
        .where(
            conversations.c.workspace_id == workspace_id,
            conversations.c.visitor_id == visitor_id,
            conversations.c.message_seq > 0,
        )
        .order_by(conversations.c.opened_at.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(conversations.c.opened_at < before)
    return [_row(row) for row in await connection.execute(query)]


async def insert_rows(connection: AsyncConnection, states: list[Conversation]) -> None:
    if states:
        await connection.execute(insert(conversations), [_values(state) for state in states])


async def save(
    connection: AsyncConnection,
    states: Sequence[Conversation],
    stored: Mapping[tuple[str, str], Conversation],
) -> None:
    """Writes rows over what is `stored`; what did not move keeps its phase and all that follows
    from it, and the indexes on these are left alone."""
    moved: list[Conversation] = []
    written: list[Conversation] = []
    for state in states:
        old = stored.get((state.workspace_id, state.id))
        has_moved = old is None or (old.moved_seq, old.visitor_id) != (
            state.moved_seq,
            state.visitor_id,
        )
        (moved if has_moved else written).append(state)
    dialect = connection.dialect.name
    for statement, rows in ((_save[dialect], moved), (_save_written[dialect], written)):
        if rows:
            await connection.execute(statement, {GIVEN: encode(rows)})


async def changed_since(
    connection: AsyncConnection, workspace_id: str, revision: int, limit: int
) -> list[Conversation]:
    """Conversations whose newest fact is behind a log position, in that order."""
    behind = {"workspace": workspace_id, "behind": revision, "most": limit}
    return [_row(row) for row in await connection.execute(_changed, behind)]


async def of_visitors(
    connection: AsyncConnection, workspace_id: str, visitor_ids: Collection[str], limit: int
) -> list[Conversation]:
    """All that these visitors have or had, the newest first."""
    query = (
        select(*COLUMNS)
        .where(
            conversations.c.workspace_id == workspace_id,
            conversations.c.visitor_id.in_(visitor_ids),
        )
        .order_by(conversations.c.opened_at.desc(), conversations.c.id)
        .limit(limit)
    )
    return [_row(row) for row in await connection.execute(query)]


async def list_open(
    connection: AsyncConnection, workspace_id: str, limit: int
) -> list[Conversation]:
    """What is queued or active, the longest waiting first."""
    query = (
        select(*COLUMNS)
        .where(
            conversations.c.workspace_id == workspace_id,
            conversations.c.phase != Phase.CLOSED.value,
        )
        .order_by(conversations.c.queued_at)
        .limit(limit)
    )
    return [_row(row) for row in await connection.execute(query)]
