"""The table of canned replies. Every statement names its workspace."""

from sqlalchemy import (
    Case,
    Column,
    ColumnElement,
    Index,
    Integer,
    String,
    Table,
    Text,
    and_,
    case,
    delete,
    func,
    insert,
    select,
    tuple_,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.errors import Invalid
from chatserver.features.canned.model import CannedReply, Place, fold
from chatserver.storage.schema import Id, UTCTime, WorkspaceId, metadata

# The folded columns are what search and uniqueness look at; folding may lengthen a text (ß: ss).
canned_replies = Table(
    "canned_replies",
    metadata,
    Id("id", primary_key=True),
    WorkspaceId(),
    Column("shortcut", String(32), nullable=False),
    Column("shortcut_key", String(128), nullable=False),
    Column("title", String(100), nullable=False),
    Column("title_key", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("text_key", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", UTCTime, nullable=False),
    Id("created_by", nullable=False),
    Column("updated_at", UTCTime, nullable=False),
    Id("updated_by", nullable=False),
    Index("uq_canned_replies_shortcut", "workspace_id", "shortcut_key", unique=True),
)

COLUMNS = [canned_replies.c[name] for name in CannedReply.__struct_fields__]
_c = canned_replies.c

_NO_MATCH = 3


async def search(
    connection: AsyncConnection,
    workspace_id: str,
    words: list[str],
    *,
    after: Place | None,
    limit: int,
) -> list[tuple[CannedReply, Place]]:
    """Those that hold every folded word: by shortcut's beginning first, then title, then text."""
    rank = _rank(words)
    query = (
        select(*COLUMNS, rank.label("rank"), _c.shortcut_key)
        .where(_c.workspace_id == workspace_id, rank < _NO_MATCH)
        .order_by(rank, _c.shortcut_key)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(rank, _c.shortcut_key) > (after.rank, after.shortcut))
    rows = await connection.execute(query)
    return [(CannedReply(*row[:-2]), Place(row[-2], row[-1])) for row in rows]


def _rank(words: list[str]) -> Case[int]:
    heading = _c.shortcut_key + " " + _c.title_key
    everything = heading + " " + _c.text_key
    begins = _c.shortcut_key.startswith(words[0] if words else "", autoescape=True)
    return case(
        (and_(begins, *_hold(everything, words)), 0),
        (and_(True, *_hold(heading, words)), 1),
        (and_(True, *_hold(everything, words)), 2),
        else_=_NO_MATCH,
    )


def _hold(column: ColumnElement[str], words: list[str]) -> list[ColumnElement[bool]]:
    return [column.contains(word, autoescape=True) for word in words]


async def find(connection: AsyncConnection, workspace_id: str, reply_id: str) -> CannedReply | None:
    query = select(*COLUMNS).where(_c.workspace_id == workspace_id, _c.id == reply_id)
    row = (await connection.execute(query)).one_or_none()
    return CannedReply(*row) if row else None


async def count(connection: AsyncConnection, workspace_id: str) -> int:
    query = select(func.count()).where(_c.workspace_id == workspace_id)
    number: int = (await connection.execute(query)).scalar_one()
    return number


async def add(connection: AsyncConnection, reply: CannedReply) -> None:
    """Raises Invalid when the shortcut is taken."""
    values = {name: getattr(reply, name) for name in CannedReply.__struct_fields__}
    try:
        await connection.execute(insert(canned_replies).values(**values, **_keys(reply)))
    except IntegrityError as error:
        raise _taken() from error


async def replace(connection: AsyncConnection, reply: CannedReply, expected: int) -> bool:
    """Writes a change over version `expected`; False when that is not the stored one any more."""
    changed = ("shortcut", "title", "text", "version", "updated_at", "updated_by")
    values = {name: getattr(reply, name) for name in changed}
    statement = (
        update(canned_replies)
        .where(
            _c.workspace_id == reply.workspace_id,
            _c.id == reply.id,
            _c.version == expected,
        )
        .values(**values, **_keys(reply))
    )
    try:
        return (await connection.execute(statement)).rowcount == 1
    except IntegrityError as error:
        raise _taken() from error


async def remove(connection: AsyncConnection, workspace_id: str, reply_id: str) -> bool:
    statement = delete(canned_replies).where(_c.workspace_id == workspace_id, _c.id == reply_id)
    return (await connection.execute(statement)).rowcount == 1


def _keys(reply: CannedReply) -> dict[str, str]:
    return {
        "shortcut_key": fold(reply.shortcut),
        "title_key": fold(reply.title),
        "text_key": fold(reply.text),
    }


def _taken() -> Invalid:
    return Invalid("another reply has this shortcut", fields={"shortcut": "taken"})
