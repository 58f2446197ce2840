"""Counts in the runner's tables, of the whole installation."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.storage.schema import dead_letters, timers


async def count_dead_letters(connection: AsyncConnection) -> dict[str, int]:
    """By slice."""
    query = select(dead_letters.c.slice, func.count()).group_by(dead_letters.c.slice)
    return dict(tuple(row) for row in await connection.execute(query))


async def due_timers(
    connection: AsyncConnection, now: datetime, slices: Collection[str]
) -> tuple[int, datetime | None]:
    """How many of these slices' should have rung, and since when the first of them."""
    query = select(func.count(), func.min(timers.c.due_at)).where(
        timers.c.due_at <= now, timers.c.slice.in_(list(slices))
    )
    row = (await connection.execute(query)).one()
    return row[0], row[1]
