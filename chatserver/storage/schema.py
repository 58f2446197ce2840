"""The tables every slice stands on, and the column types all tables share.

Business tables live with their `store.py`; all hang on one `metadata`, which the migrations are
checked against.
"""

from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.dialects.sqlite import DATETIME

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


class SQLiteTime(DATETIME):
    """SQLite keeps times as text; UTCTime writes and reads it, faster than the dialect does."""

    def bind_processor(self, dialect: Any) -> None:
        return None

    def result_processor(self, dialect: Any, coltype: Any) -> None:
        return None


class UTCTime(TypeDecorator[datetime]):
    """An aware UTC time. A naive value going in is a bug."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        is_sqlite = dialect.name == "sqlite"
        own = SQLiteTime() if is_sqlite else self.impl  # type: ignore[no-untyped-call]
        return dialect.type_descriptor(own)

    def process_bind_param(self, value: datetime | None, dialect: Any) -> Any:
        if value is None:
            return None
        if value.tzinfo is not UTC:
            if value.tzinfo is None:
                raise ValueError("a stored time needs a time zone")
            value = value.astimezone(UTC)
        if dialect.name != "sqlite":
            return value
        text: str = msgspec.to_builtins(value)  # ten times as fast as isoformat
        return f"{text[:10]} {text[11:26] if value.microsecond else text[11:19] + '.000000'}"

    def process_result_value(self, value: Any, dialect: Any) -> datetime | None:
        if isinstance(value, str):
            return datetime.fromisoformat(f"{value}+00:00")
        return value if value is None else value.astimezone(UTC)


def Id(*args: Any, **kwargs: Any) -> Column[str]:  # noqa: N802 - reads like Column
    """A column for an identifier of `ids.py` (26 characters; room for imported ones)."""
    return Column(args[0], String(64), *args[1:], **kwargs)


# Positions are handed out by UPDATE … RETURNING on the one row of log_head, inside the appending
# transaction: the row's lock is the log's lock, so on every engine position order is commit order
# and a number is never used twice, even after the newest facts were deleted.
log_head = Table(
    "log_head",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("epoch", String(64), nullable=False),
    Column("position", BigInteger, nullable=False),
)

facts = Table(
    "facts",
    metadata,
    Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Id("workspace_id", nullable=False),
    Id("conversation_id"),
    Column("seq", Integer),
    Column("visitor_seq", Integer),
    Column("kind", String(64), nullable=False),
    Column("author_kind", String(16), nullable=False),
    Id("author_id"),
    Column("client_id", String(64)),
    Column("cause", String(128)),
    Column("at", UTCTime, nullable=False),
    Column("meta", Text, nullable=False),
    Column("body", Text),
    UniqueConstraint("conversation_id", "seq"),
    UniqueConstraint("conversation_id", "visitor_seq"),
    UniqueConstraint("conversation_id", "author_id", "client_id"),
    UniqueConstraint("conversation_id", "cause"),
    Index("ix_facts_workspace_id_position", "workspace_id", "position"),
)

timers = Table(
    "timers",
    metadata,
    Id("id", primary_key=True),
    Id("workspace_id", nullable=False),
    Column("slice", String(64), nullable=False),
    Column("key", String(128), nullable=False),
    Column("due_at", UTCTime, nullable=False),
    Column("payload", Text, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    UniqueConstraint("slice", "key"),
    Index("ix_timers_due_at", "due_at"),
)

cursors = Table(
    "cursors",
    metadata,
    Column("slice", String(64), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("generation", BigInteger, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("holder", String(64), nullable=False),
    Column("generation", BigInteger, nullable=False),
    Column("expires_at", UTCTime, nullable=False),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Id("id", primary_key=True),
    Column("slice", String(64), nullable=False),
    Column("position", BigInteger),
    Id("timer_id"),
    Column("error", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("at", UTCTime, nullable=False),
)

workspaces = Table(
    "workspaces",
    metadata,
    Id("id", primary_key=True),
    Column("name", String(200), nullable=False),
    Column("created_at", UTCTime, nullable=False),
)


def WorkspaceId() -> Column[str]:  # noqa: N802 - reads like Column
    """The tenant column every business table carries."""
    return Column("workspace_id", String(64), ForeignKey("workspaces.id"), nullable=False)
