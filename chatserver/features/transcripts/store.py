"""The index of transcripts: one card per conversation, searchable. The words themselves are copied
here folded, for search alone; what is shown is always read from the log."""

from collections.abc import Collection, Sequence
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
    Text,
    Update,
    insert,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.features.transcripts.model import Filter, Person, Place, Transcript, fold
from chatserver.storage.bulk import DIALECTS, GIVEN, encode, given
from chatserver.storage.schema import Id, UTCTime, WorkspaceId, metadata

transcripts = Table(
    "transcripts",
    metadata,
    Id("conversation_id", primary_key=True),
    WorkspaceId(),
    Id("site_id", nullable=False),
    Id("visitor_id", nullable=False),
    Column("visitor_name", Text),
    Column("visitor_email", Text),
    Column("agents", Text, nullable=False),
    Column("phase", String(16), nullable=False),
    Column("opened_at", UTCTime, nullable=False),
    Column("closed_at", UTCTime),
    Column("last_at", UTCTime, nullable=False),
    Column("messages", Integer, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("names_key", Text, nullable=False),
    # Last on purpose: SQLite reads a row from the left and stops before this long one if it can.
    Column("words_key", Text, nullable=False, default=""),
    Index("ix_transcripts_last_at", "workspace_id", "last_at", "conversation_id"),
)

_c = transcripts.c
_ALL = list(transcripts.c)
FIELDS = Transcript.__struct_fields__
COLUMNS = [_c[name] for name in FIELDS]


def _change_on(dialect: str) -> Update:
    new = {column.name: value for column, value in zip(_ALL, given(dialect, _ALL), strict=True)}
    new["words_key"] = _c.words_key + new["words_key"]
    mine = (new.pop("workspace_id"), new.pop("conversation_id"))
    return (
        update(transcripts)
        .where(_c.workspace_id == mine[0], _c.conversation_id == mine[1])
        .values(new)
    )


_change = {dialect: _change_on(dialect) for dialect in DIALECTS}
_decode_agents = msgspec.json.Decoder(tuple[Person, ...]).decode


async def find(
    connection: AsyncConnection, workspace_id: str, conversation_id: str
) -> Transcript | None:
    query = select(*COLUMNS).where(
        _c.workspace_id == workspace_id, _c.conversation_id == conversation_id
    )
    row = (await connection.execute(query)).one_or_none()
    return _card(row) if row else None


async def find_all(
    connection: AsyncConnection, workspace_id: str, conversation_ids: Collection[str]
) -> dict[str, Transcript]:
    query = select(*COLUMNS).where(
        _c.workspace_id == workspace_id, _c.conversation_id.in_(conversation_ids)
    )
    return {card.conversation_id: card for card in map(_card, await connection.execute(query))}


async def search(
    connection: AsyncConnection,
    workspace_id: str,
    wanted: Filter,
    *,
    after: Place | None,
    limit: int,
    among: Select[tuple[str]] | None = None,
) -> list[Transcript]:
    """Cards with at least one message, the newest first; with `among`, of these conversations."""
    query = (
        select(*COLUMNS)
        .where(_c.workspace_id == workspace_id, _c.messages > 0)
        .order_by(_c.last_at.desc(), _c.conversation_id.desc())
        .limit(limit)
    )
    if among is not None:
        query = query.where(_c.conversation_id.in_(among))
    if after is not None:
        place = tuple_(_c.last_at, _c.conversation_id)
        query = query.where(place < (after.last_at, after.conversation_id))
    return [_card(row) for row in await connection.execute(_narrowed(query, wanted))]


def _narrowed(query: Select[Any], wanted: Filter) -> Select[Any]:
    if wanted.site_id is not None:
        query = query.where(_c.site_id == wanted.site_id)
    if wanted.agent_id is not None:
        query = query.where(_c.agents.contains(f'"id":"{wanted.agent_id}"', autoescape=True))
    if wanted.since is not None:
        query = query.where(_c.last_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(_c.last_at <= wanted.until)
    for word in wanted.words:
        held = (column.contains(word, autoescape=True) for column in (_c.names_key, _c.words_key))
        query = query.where(or_(*held))
    return query


async def add(connection: AsyncConnection, card: Transcript, words: Sequence[str]) -> None:
    await connection.execute(insert(transcripts).values(**_values(card, words)))


async def change(
    connection: AsyncConnection, cards: Sequence[tuple[Transcript, Sequence[str]]]
) -> None:
    """Writes cards; their words are added to those that search already knows."""
    if cards:
        rows = [_values(card, words) for card, words in cards]
        await connection.execute(_change[connection.dialect.name], {GIVEN: encode(rows)})


def _values(card: Transcript, words: Sequence[str]) -> dict[str, Any]:
    values = {name: getattr(card, name) for name in FIELDS}
    values["agents"] = msgspec.json.encode(card.agents).decode()
    values["names_key"] = _names(card)
    values["words_key"] = "".join(f"{fold(text)}\n" for text in words if text)
    return values


def _names(card: Transcript) -> str:
    agents = (agent.name for agent in card.agents)
    return fold("\n".join((card.visitor_name or "", card.visitor_email or "", *agents)))


def _card(row: Row[Any]) -> Transcript:
    named = dict(zip(FIELDS, row, strict=True))
    named["agents"] = _decode_agents(named["agents"])
    return Transcript(**named)
