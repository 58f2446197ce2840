"""The table of ratings. Every statement names its workspace."""

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Row,
    Select,
    SmallInteger,
    Table,
    Text,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.features.csat.model import Rating
from chatserver.storage.schema import Id, UTCTime, WorkspaceId, metadata

ratings = Table(
    "ratings",
    metadata,
    Id("conversation_id", primary_key=True),
    WorkspaceId(),
    Id("site_id", nullable=False),
    Id("visitor_id", nullable=False),
    Id("agent_id"),
    Column("score", SmallInteger, nullable=False),
    Column("resolved", Boolean),
    Column("reasons", Text, nullable=False),
    Column("comment", Text, nullable=False),
    Column("rated_at", UTCTime, nullable=False),
    Column("position", BigInteger, nullable=False),
    Index("ix_ratings_workspace_id_score", "workspace_id", "score"),
    Index("ix_ratings_workspace_id_rated_at", "workspace_id", "rated_at"),
)

_c = ratings.c
COLUMNS = [_c[name] for name in Rating.__struct_fields__]
_reasons = msgspec.json.Decoder(tuple[str, ...]).decode


async def find_all(
    connection: AsyncConnection, workspace_id: str, conversation_ids: Collection[str]
) -> dict[str, Rating]:
    """Those of these conversations that were rated."""
    query = select(*COLUMNS).where(
        _c.workspace_id == workspace_id, _c.conversation_id.in_(conversation_ids)
    )
    return {one.conversation_id: one for one in map(_rating, await connection.execute(query))}


def with_scores(workspace_id: str, scores: Collection[int]) -> Select[tuple[str]]:
    """Ids of the conversations whose rating is one of these: a part of somebody else's question."""
    return select(_c.conversation_id).where(
        _c.workspace_id == workspace_id, _c.score.in_(list(scores))
    )


async def add(connection: AsyncConnection, rating: Rating) -> None:
    await connection.execute(insert(ratings).values(**_values(rating)))


async def replace(connection: AsyncConnection, rating: Rating) -> None:
    await connection.execute(
        update(ratings)
        .where(
            _c.workspace_id == rating.workspace_id,
            _c.conversation_id == rating.conversation_id,
        )
        .values(**_values(rating))
    )


def _values(rating: Rating) -> dict[str, Any]:
    values = {name: getattr(rating, name) for name in Rating.__struct_fields__}
    return values | {"reasons": msgspec.json.encode(rating.reasons).decode()}


def _rating(row: Row[Any]) -> Rating:
    values = dict(row._mapping)
    return Rating(**values | {"reasons": _reasons(values["reasons"])})
