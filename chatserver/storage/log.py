"""The append-only list of what happened. Knows numbers, kinds and bytes, not what they mean.

`position` orders all facts of the database; `meta` (ids, kinds, numbers) is never changed, `body`
(personal words) may be nulled by erasure.
"""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.storage.bulk import DIALECTS, GIVEN, encode, given
from chatserver.storage.schema import facts, log_head


class Entry(Struct, frozen=True, gc=False):
    """One fact as stored. `position` is 0 until `append` gives it one."""

    workspace_id: str
    kind: str
    author_kind: str
    at: datetime
    meta: str
    body: str | None = None
    author_id: str | None = None
    conversation_id: str | None = None
    seq: int | None = None
    visitor_seq: int | None = None
    client_id: str | None = None
    cause: str | None = None
    position: int = 0


class Head(Struct, frozen=True):
    epoch: str
    position: int


COLUMNS = [facts.c[name] for name in Entry.__struct_fields__]

_advance = (
    update(log_head)
    .values(position=log_head.c.position + bindparam("count"))
    .returning(log_head.c.position)
)
_append = {
    dialect: insert(facts).from_select(COLUMNS, select(*given(dialect, COLUMNS)))
    for dialect in DIALECTS
}


_head = select(log_head.c.epoch, log_head.c.position)
_after = (
    select(*COLUMNS)
    .where(facts.c.position > bindparam("behind"))
    .order_by(facts.c.position)
    .limit(bindparam("most"))
)


async def append(connection: AsyncConnection, entries: list[Entry]) -> int:
    """Writes the entries in order and returns the first one's position; the rest follow without
    holes. Call it last in a transaction: it takes the log's lock and keeps it until the commit."""
    count = {"count": len(entries)}
    last: int = (await connection.execute(_advance, count)).scalar_one()
    first = last - len(entries) + 1
    rows = [replace(entry, position=position) for position, entry in enumerate(entries, first)]
    await connection.execute(_append[connection.dialect.name], {GIVEN: encode(rows)})
    return first


async def hold(connection: AsyncConnection) -> None:
    """Takes the log's lock and writes nothing: what everybody who appends has to get past."""
    query = select(log_head.c.position).with_for_update()
    (await connection.execute(query)).scalar_one_or_none()


def is_awaited_by(statement: str | None) -> bool:
    """Whether this is a statement that waits for the log's lock."""
    return log_head.name in (statement or "")


async def head(connection: AsyncConnection) -> Head:
    row = (await connection.execute(_head)).one()
    return Head(row.epoch, row.position)


async def begin_anew(connection: AsyncConnection, epoch: str) -> None:
    """The database starts another life: every client drops what it has and reads anew."""
    await connection.execute(update(log_head).values(epoch=epoch))


async def after(connection: AsyncConnection, position: int, limit: int) -> list[Entry]:
    """All facts of all workspaces behind a position: for the runner and the tail only."""
    rows = await connection.execute(_after, {"behind": position, "most": limit})
    return [Entry(*row) for row in rows]
