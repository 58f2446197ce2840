"""What every engine promises of timers, leases and cursors."""

import asyncio
from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy.exc import IntegrityError

from chatserver.errors import Gone
from chatserver.storage import leases, log, timers
from chatserver.storage.timers import Timer
from tests.support.entries import AT, entry, head

# Timers


def timer(key="c-1", *, minutes=5, name="t-1"):
    return Timer(name, "acme", "idle", key, AT + timedelta(minutes=minutes), '{"seq":1}')


async def due(database, minutes):
    async with database.read() as connection:
        return await timers.due(connection, AT + timedelta(minutes=minutes), 10, ["idle"])


async def schedule(database, *wanted):
    async with database.write() as connection:
        for one in wanted:
            await timers.schedule(connection, one)


async def test_a_timer_is_due_at_its_time_and_not_before(database):
    await schedule(database, timer())
    assert await due(database, 4.9) == []
    assert await due(database, 5) == [timer()]


async def test_the_oldest_timers_come_first(database):
    await schedule(database, timer("b", minutes=3, name="2"), timer("a", minutes=1, name="1"))
    assert [one.key for one in await due(database, 9)] == ["a", "b"]


async def test_a_timer_of_the_same_key_replaces_the_earlier_one(database):
    await schedule(database, timer(), timer(minutes=9, name="t-2"))
    assert await due(database, 8) == []
    assert [one.id for one in await due(database, 9)] == ["t-2"]


async def test_a_timer_is_done_once(database):
    await schedule(database, timer())
    async with database.write() as connection:
        assert await timers.done(connection, timer())
        assert not await timers.done(connection, timer())
    assert await due(database, 9) == []


async def test_a_timer_that_was_moved_meanwhile_is_not_done(database):
    await schedule(database, timer())
    (old,) = await due(database, 5)
    async with database.write() as connection:
        await timers.postpone(connection, old, AT + timedelta(minutes=7))
        assert not await timers.done(connection, old)
    (moved,) = await due(database, 7)
    assert moved == replace(old, due_at=AT + timedelta(minutes=7), attempts=1)


async def test_a_cancelled_timer_never_rings(database):
    await schedule(database, timer())
    async with database.write() as connection:
        await timers.cancel(connection, "idle", "c-1")
    assert await due(database, 99) == []


async def test_a_timer_of_a_failed_transaction_was_never_set(database):
    with pytest.raises(RuntimeError):
        async with database.write() as connection:
            await timers.schedule(connection, timer())
            raise RuntimeError
    assert await due(database, 99) == []


# Leases and cursors


async def acquire(database, holder, *, seconds=0.0):
    async with database.write() as connection:
        now = AT + timedelta(seconds=seconds)
        return await leases.acquire(connection, "runner", holder, now=now, seconds=9)


async def test_a_lease_has_one_holder_until_it_runs_out(database):
    assert await acquire(database, "a") == 1
    assert await acquire(database, "b", seconds=8.9) is None
    assert await acquire(database, "b", seconds=9) == 2
    assert await acquire(database, "a", seconds=10) is None


async def test_a_holder_that_renews_keeps_its_generation(database):
    assert [await acquire(database, "a", seconds=at) for at in (0, 5, 10, 15)] == [1, 1, 1, 1]
    assert await acquire(database, "b", seconds=20) is None


async def test_a_released_lease_can_be_taken_at_once(database):
    await acquire(database, "a")
    async with database.write() as connection:
        await leases.release(connection, "runner", "a", AT)
    assert await acquire(database, "b") == 2


async def test_nobody_releases_the_lease_of_another(database):
    await acquire(database, "a")
    async with database.write() as connection:
        await leases.release(connection, "runner", "b", AT)
    assert await acquire(database, "b") is None


async def test_two_that_ask_for_the_first_lease_at_once_get_one(database):
    got = await asyncio.gather(acquire(database, "a"), acquire(database, "b"))
    assert sorted(got, key=str) == [1, None]


async def test_a_holder_that_was_replaced_is_refused(database):
    await acquire(database, "a")
    await acquire(database, "b", seconds=60)
    with pytest.raises(Gone):
        async with database.write() as connection:
            await leases.check(connection, "runner", 1)
            await log.append(connection, [entry()])
    assert await head(database) == 0


async def test_a_cursor_starts_unknown_and_moves_on(database):
    for position in (None, 5, 9):
        async with database.write() as connection:
            assert await leases.cursor(connection, "idle") == (position if position != 9 else 5)
            await leases.advance(connection, "idle", position or 5, 1)
    async with database.read() as connection:
        assert await leases.cursor(connection, "idle") == 9
        assert await leases.cursor(connection, "other") is None


async def test_a_replaced_holder_cannot_move_a_cursor_back(database):
    async with database.write() as connection:
        await leases.advance(connection, "idle", 9, 2)
    with pytest.raises(IntegrityError):
        async with database.write() as connection:
            await leases.advance(connection, "idle", 5, 1)
