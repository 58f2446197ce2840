"""The tables of visitors and of their tokens. A token is found by its digest, whatever the
workspace; everything else names the workspace."""

from collections.abc import Collection, Mapping
from datetime import datetime

from msgspec import Struct
from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.identity.model import Visitor
from chatserver.storage.schema import Id, UTCTime, WorkspaceId, metadata

visitors = Table(
    "visitors",
    metadata,
    Id("id", primary_key=True),
    WorkspaceId(),
    Column("site_id", String(64), ForeignKey("sites.id"), nullable=False),
    Column("created_at", UTCTime, nullable=False),
    Column("seen_at", UTCTime, nullable=False),
    Column("name", String(100)),
    Column("email", String(254)),
    Column("locale", String(35)),
    Column("browser", String(64)),
    Column("system", String(64)),
    Column("page_url", Text),
    Column("page_title", Text),
    Column("referrer", Text),
    Column("phone", String(40)),
    Id("customer_id"),
    Id("merged_into"),
    Column("merged_at", UTCTime),
    Index("ix_visitors_workspace_id", "workspace_id", "site_id"),
    # All browsers of a customer are one visitor of a site, so that they share one conversation.
    Index("uq_visitors_customer", "site_id", "customer_id", unique=True),
    Index("ix_visitors_customer_id", "customer_id"),
    Index("ix_visitors_merged_into", "merged_into"),
)

# `succeeds` is the token this one was given for. Its first use retires that one.
visitor_tokens = Table(
    "visitor_tokens",
    metadata,
    Column("digest", String(64), primary_key=True),
    WorkspaceId(),
    Id("site_id", nullable=False),
    Column("visitor_id", String(64), ForeignKey("visitors.id"), nullable=False),
    Column("issued_at", UTCTime, nullable=False),
    Column("expires_at", UTCTime, nullable=False),
    Column("used_at", UTCTime),
    Column("retires_at", UTCTime),
    Column("succeeds", String(64)),
    Index("ix_visitor_tokens_visitor_id", "visitor_id"),
)

# Browsers of one customer whose last words, sent under another name, may still be on their way.
FORMER = 20

_v = visitors.c
_t = visitor_tokens.c
COLUMNS = [_v[name] for name in Visitor.__struct_fields__]


class Token(Struct, frozen=True):
    """A token as stored: never the secret, only its digest."""

    digest: str
    workspace_id: str
    site_id: str
    visitor_id: str
    issued_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    retires_at: datetime | None = None
    succeeds: str | None = None


TOKEN_COLUMNS = [_t[name] for name in Token.__struct_fields__]

# Made once: thousands of visitors come back at the same moment.
_of_ids = select(*COLUMNS).where(
    _v.workspace_id == bindparam("workspace"), _v.id.in_(bindparam("ids", expanding=True))
)
_set_seen = (
    update(visitors)
    .where(
        _v.workspace_id == bindparam("workspace"),
        _v.id == bindparam("visitor"),
        _v.seen_at < bindparam("at"),
    )
    .values(seen_at=bindparam("at"))
)
_good = select(*TOKEN_COLUMNS).where(
    _t.digest == bindparam("digest"),
    _t.expires_at > bindparam("since"),
    or_(_t.retires_at.is_(None), _t.retires_at > bindparam("now")),
)
_good_to_change = _good.with_for_update()


async def add(connection: AsyncConnection, visitor: Visitor) -> None:
    values = {name: getattr(visitor, name) for name in Visitor.__struct_fields__}
    await connection.execute(insert(visitors).values(**values))


async def get(
    connection: AsyncConnection, workspace_id: str, ids: Collection[str]
) -> dict[str, Visitor]:
    wanted = {"workspace": workspace_id, "ids": list(ids)}
    return {row[0]: Visitor(*row) for row in await connection.execute(_of_ids, wanted)}


async def of_customer(
    connection: AsyncConnection, workspace_id: str, site_id: str, customer_id: str
) -> Visitor | None:
    """The one that a customer is on a site."""
    query = select(*COLUMNS).where(
        _v.workspace_id == workspace_id, _v.site_id == site_id, _v.customer_id == customer_id
    )
    row = (await connection.execute(query)).one_or_none()
    return Visitor(*row) if row else None


async def all_of_customer(
    connection: AsyncConnection, workspace_id: str, customer_id: str
) -> list[Visitor]:
    """On all sites of the workspace."""
    query = select(*COLUMNS).where(_v.workspace_id == workspace_id, _v.customer_id == customer_id)
    return [Visitor(*row) for row in await connection.execute(query)]


async def former(
    connection: AsyncConnection, workspace_id: str, visitor_id: str
) -> tuple[Visitor, ...]:
    """Whom this one was before it was known, the newest first."""
    query = (
        select(*COLUMNS)
        .where(_v.workspace_id == workspace_id, _v.merged_into == visitor_id)
        .order_by(_v.merged_at.desc())
        .limit(FORMER)
    )
    return tuple(Visitor(*row) for row in await connection.execute(query))


async def change(
    connection: AsyncConnection, workspace_id: str, visitor_id: str, values: Mapping[str, object]
) -> Visitor | None:
    statement = (
        update(visitors)
        .where(_v.workspace_id == workspace_id, _v.id == visitor_id)
        .values(**values)
        .returning(*COLUMNS)
    )
    row = (await connection.execute(statement)).one_or_none()
    return Visitor(*row) if row else None


async def set_seen(connection: AsyncConnection, seen: Mapping[tuple[str, str], datetime]) -> None:
    """By (workspace, visitor), in one order on all nodes: no deadlock. Nobody was seen earlier than
    it says already."""
    rows = [
        {"workspace": workspace, "visitor": visitor, "at": at}
        for (workspace, visitor), at in sorted(seen.items())
    ]
    await connection.execute(_set_seen, rows)


async def add_token(connection: AsyncConnection, token: Token) -> None:
    values = {name: getattr(token, name) for name in Token.__struct_fields__}
    await connection.execute(insert(visitor_tokens).values(**values))


async def token(
    connection: AsyncConnection, digest: str, since: datetime, now: datetime
) -> Token | None:
    """A token that ends after `since` and was not replaced, to be changed in this transaction."""
    wanted = {"digest": digest, "since": since, "now": now}
    row = (await connection.execute(_good_to_change, wanted)).one_or_none()
    return Token(*row) if row else None


async def look_up(
    connection: AsyncConnection, digest: str, since: datetime, now: datetime
) -> Token | None:
    """As `token`, for a look at whose it is."""
    wanted = {"digest": digest, "since": since, "now": now}
    row = (await connection.execute(_good, wanted)).one_or_none()
    return Token(*row) if row else None


async def change_token(
    connection: AsyncConnection, token: Token, values: Mapping[str, object]
) -> None:
    await connection.execute(
        update(visitor_tokens)
        .where(_t.workspace_id == token.workspace_id, _t.digest == token.digest)
        .values(**values)
    )


async def retire(connection: AsyncConnection, token: Token, at: datetime) -> None:
    """Sets the end of the token that this one succeeds, unless it has one already."""
    await connection.execute(
        update(visitor_tokens)
        .where(
            _t.workspace_id == token.workspace_id,
            _t.digest == token.succeeds,
            _t.retires_at.is_(None),
        )
        .values(retires_at=at)
    )


async def tidy_tokens(connection: AsyncConnection, token: Token, keep: int, now: datetime) -> None:
    """Drops a visitor's dead tokens and all but the newest `keep` unused successors of this one."""
    spare = (
        select(_t.digest)
        .where(
            _t.workspace_id == token.workspace_id,
            _t.succeeds == token.digest,
            _t.used_at.is_(None),
        )
        .order_by(_t.issued_at.desc(), _t.digest)
        .offset(keep)
    )
    dead = and_(_t.visitor_id == token.visitor_id, or_(_t.expires_at <= now, _t.retires_at <= now))
    await connection.execute(
        delete(visitor_tokens).where(
            _t.workspace_id == token.workspace_id, or_(dead, _t.digest.in_(spare))
        )
    )


async def end_token(connection: AsyncConnection, token: Token) -> None:
    await connection.execute(
        delete(visitor_tokens).where(
            _t.workspace_id == token.workspace_id, _t.digest == token.digest
        )
    )


async def end_tokens(connection: AsyncConnection, workspace_id: str, visitor_id: str) -> None:
    """All of a visitor: whoever holds one is a stranger from now on."""
    await connection.execute(
        delete(visitor_tokens).where(_t.workspace_id == workspace_id, _t.visitor_id == visitor_id)
    )
