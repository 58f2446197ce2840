"""Who runs what, and how far they got. A lease carries a generation: a holder that was paused and
wakes up late finds a higher one and is refused (fencing)."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.errors import Gone
from chatserver.storage.schema import cursors, leases

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

_generation = (
    select(leases.c.generation).where(leases.c.name == bindparam("lease")).with_for_update()
)
_advance = (
    update(cursors)
    .where(cursors.c.slice == bindparam("name"), cursors.c.generation <= bindparam("mine"))
    .values(position=bindparam("to"), generation=bindparam("mine"))
)


async def acquire(
    connection: AsyncConnection, name: str, holder: str, *, now: datetime, seconds: float
) -> int | None:
    """Takes or prolongs a lease; returns its generation, or None while somebody else holds it."""
    expires = now + timedelta(seconds=seconds)
    row = (
        await connection.execute(
            select(leases.c.holder, leases.c.generation, leases.c.expires_at)
            .where(leases.c.name == name)
            .with_for_update()
        )
    ).one_or_none()
    if row is None:
        first = {"name": name, "holder": holder, "generation": 1, "expires_at": expires}
        try:
            async with connection.begin_nested():
                await connection.execute(insert(leases).values(**first))
        except IntegrityError:
            return None  # somebody else was the first at the same moment
        return 1
    if row.holder != holder and row.expires_at > now:
        if row.expires_at > now + 2 * timedelta(seconds=seconds):
            # A clock that was ahead wrote this. Whoever lives renews it before it ends now.
            await connection.execute(
                update(leases).where(leases.c.name == name).values(expires_at=expires)
            )
        return None
    generation: int = row.generation if row.holder == holder else row.generation + 1
    await connection.execute(
        update(leases)
        .where(leases.c.name == name)
        .values(holder=holder, generation=generation, expires_at=expires)
    )
    return generation


async def ahead(
    connection: AsyncConnection, name: str, holder: str, *, now: datetime, seconds: float
) -> timedelta:
    """How much further somebody else's lease reaches than any may: by so much the clock was ahead
    that wrote it."""
    query = select(leases.c.expires_at).where(leases.c.name == name, leases.c.holder != holder)
    expires_at: datetime | None = (await connection.execute(query)).scalar_one_or_none()
    longest = now + timedelta(seconds=seconds)
    return max(expires_at - longest, timedelta()) if expires_at else timedelta()


async def release(connection: AsyncConnection, name: str, holder: str, now: datetime) -> None:
    await connection.execute(
        update(leases)
        .where(leases.c.name == name, leases.c.holder == holder)
        .values(expires_at=now)
    )


async def mark(connection: AsyncConnection, name: str) -> None:
    """Writes a row that nobody holds, another one each time: to see whether writing works."""
    counted = update(leases).where(leases.c.name == name).values(generation=leases.c.generation + 1)
    if (await connection.execute(counted)).rowcount == 0:
        first = {"name": name, "holder": "", "generation": 1, "expires_at": LONG_AGO}
        await connection.execute(insert(leases).values(**first))


async def holder_of(connection: AsyncConnection, name: str) -> str | None:
    """Whoever holds it, or held it last; until the commit nobody else can change that."""
    query = select(leases.c.holder).where(leases.c.name == name).with_for_update()
    holder: str | None = (await connection.execute(query)).scalar_one_or_none()
    return holder


async def hold_for_ever(connection: AsyncConnection, name: str, holder: str) -> None:
    """Writes down a holder, whoever it was before; for a name that nobody acquires."""
    changed = update(leases).where(leases.c.name == name).values(holder=holder)
    if (await connection.execute(changed)).rowcount == 0:
        first = {"name": name, "holder": holder, "generation": 1, "expires_at": LONG_AGO}
        await connection.execute(insert(leases).values(**first))


async def replace_holders(connection: AsyncConnection) -> None:
    """Every holder finds that it was replaced, and has to begin again."""
    await connection.execute(update(leases).values(generation=leases.c.generation + 1))


async def is_held(connection: AsyncConnection, name: str, now: datetime) -> bool:
    """Whether somebody holds it now."""
    query = select(leases.c.expires_at).where(leases.c.name == name)
    expires_at: datetime | None = (await connection.execute(query)).scalar_one_or_none()
    return expires_at is not None and expires_at > now


async def sweep(connection: AsyncConnection, prefix: str, before: datetime) -> None:
    """Removes leases of this family that ran out before then: their holders never come back."""
    family = leases.c.name.startswith(prefix, autoescape=True)
    await connection.execute(delete(leases).where(family, leases.c.expires_at < before))


async def check(connection: AsyncConnection, name: str, generation: int) -> None:
    """Raises Gone when a newer generation exists: this holder has been replaced."""
    if (await connection.execute(_generation, {"lease": name})).scalar_one() != generation:
        raise Gone("the lease was taken over")


async def cursor(connection: AsyncConnection, slice_name: str) -> int | None:
    """The position a slice has read up to; None when it never ran."""
    query = select(cursors.c.position).where(cursors.c.slice == slice_name)
    position: int | None = (await connection.execute(query)).scalar_one_or_none()
    return position


async def advance(
    connection: AsyncConnection, slice_name: str, position: int, generation: int
) -> None:
    """Moves a slice's cursor, in the transaction of its effects."""
    moved = {"name": slice_name, "to": position, "mine": generation}
    changed = await connection.execute(_advance, moved)
    if changed.rowcount == 0:
        values = {"slice": slice_name, "position": position, "generation": generation}
        await connection.execute(insert(cursors).values(**values))
