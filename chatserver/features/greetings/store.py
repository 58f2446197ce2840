"""The table of figures: a row for each greeting and day. Nobody in particular is in it."""

from collections.abc import Mapping

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.features.greetings.model import Figures
from chatserver.storage.schema import Id, metadata

greeting_counts = Table(
    "greeting_counts",
    metadata,
    Id("workspace_id", ForeignKey("workspaces.id"), primary_key=True),
    Column("site_id", String(64), primary_key=True),
    Column("greeting", String(64), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("shown", Integer, nullable=False),
    Column("dismissed", Integer, nullable=False),
    Column("opened", Integer, nullable=False),
    Column("chats", Integer, nullable=False),
)

_c = greeting_counts.c
EVENTS = Figures.__struct_fields__


async def count(
    connection: AsyncConnection,
    place: tuple[str, str],
    greeting: str,
    day: str,
    more: Mapping[str, int],
) -> None:
    """`place` is the workspace and the site. Adds to the row of that day, or begins it."""
    if await _add(connection, place, greeting, day, more):
        return
    values = dict.fromkeys(EVENTS, 0) | dict(more)
    row = {"workspace_id": place[0], "site_id": place[1], "greeting": greeting, "day": day}
    try:
        async with connection.begin_nested():
            await connection.execute(insert(greeting_counts).values(**row, **values))
    except IntegrityError:  # another node began it in this moment
        await _add(connection, place, greeting, day, more)


async def _add(
    connection: AsyncConnection,
    place: tuple[str, str],
    greeting: str,
    day: str,
    more: Mapping[str, int],
) -> bool:
    changed = await connection.execute(
        update(greeting_counts)
        .where(
            _c.workspace_id == place[0],
            _c.site_id == place[1],
            _c.greeting == greeting,
            _c.day == day,
        )
        .values({_c[event]: _c[event] + number for event, number in more.items()})
    )
    return changed.rowcount > 0


async def figures(
    connection: AsyncConnection, place: tuple[str, str], since: str
) -> dict[str, Figures]:
    sums = [func.sum(_c[event]).label(event) for event in EVENTS]
    query = (
        select(_c.greeting, *sums)
        .where(_c.workspace_id == place[0], _c.site_id == place[1], _c.day >= since)
        .group_by(_c.greeting)
    )
    rows = (row._asdict() for row in await connection.execute(query))
    return {row.pop("greeting"): Figures(**{k: int(v) for k, v in row.items()}) for row in rows}
