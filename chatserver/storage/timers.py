"""Wake a slice about a key at a time. A timer is a row, written in the caller's transaction."""

from collections.abc import Collection
from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import bindparam, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.storage.schema import timers


class Timer(Struct, frozen=True):
    id: str
    workspace_id: str
    slice: str
    key: str
    due_at: datetime
    payload: str
    attempts: int = 0


COLUMNS = [timers.c[name] for name in Timer.__struct_fields__]


# So long rest the timers of a slice that nobody here has: another release may come back for them.
KEPT = timedelta(days=30)

_due = (
    select(*COLUMNS)
    .where(
        timers.c.due_at <= bindparam("now"),
        or_(
            timers.c.slice.in_(bindparam("slices", expanding=True)),
            timers.c.due_at <= bindparam("forgotten"),
        ),
    )
    .order_by(timers.c.due_at)
    .limit(bindparam("most"))
)


async def schedule(connection: AsyncConnection, timer: Timer) -> None:
    """Sets the one timer of (slice, key), replacing an earlier one."""
    await cancel(connection, timer.slice, timer.key)
    values = {name: getattr(timer, name) for name in Timer.__struct_fields__}
    await connection.execute(insert(timers).values(**values))


async def cancel(connection: AsyncConnection, slice_name: str, key: str) -> None:
    await connection.execute(
        delete(timers).where(timers.c.slice == slice_name, timers.c.key == key)
    )


async def find(connection: AsyncConnection, slice_name: str, key: str) -> Timer | None:
    query = select(*COLUMNS).where(timers.c.slice == slice_name, timers.c.key == key)
    row = (await connection.execute(query)).one_or_none()
    return Timer(*row) if row else None


async def due(
    connection: AsyncConnection, now: datetime, limit: int, slices: Collection[str]
) -> list[Timer]:
    """What of these slices should have rung by now, the oldest first; also what rested in vain."""
    wanted = {"now": now, "forgotten": now - KEPT, "slices": list(slices), "most": limit}
    rows = await connection.execute(_due, wanted)
    return [Timer(*row) for row in rows]


async def pull(connection: AsyncConnection, by: timedelta, now: datetime) -> int:
    """Sets everything to come earlier: the clock it was set by was ahead by that much. Returns how
    many timers there were."""
    coming = select(timers.c.id, timers.c.due_at).where(timers.c.due_at > now)
    rows = [
        {"timer": key, "was": due_at, "sooner": due_at - by}
        for key, due_at in await connection.execute(coming)
    ]
    if rows:
        same = (timers.c.id == bindparam("timer"), timers.c.due_at == bindparam("was"))
        await connection.execute(
            update(timers).where(*same).values(due_at=bindparam("sooner")), rows
        )
    return len(rows)


async def done(connection: AsyncConnection, timer: Timer) -> bool:
    """Removes a timer that rang; False when somebody moved or cancelled it meanwhile."""
    result = await connection.execute(
        delete(timers).where(timers.c.id == timer.id, timers.c.due_at == timer.due_at)
    )
    return result.rowcount == 1


async def postpone(connection: AsyncConnection, timer: Timer, until: datetime) -> None:
    await connection.execute(
        update(timers)
        .where(timers.c.id == timer.id, timers.c.due_at == timer.due_at)
        .values(due_at=until, attempts=timer.attempts + 1)
    )
