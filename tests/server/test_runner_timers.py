"""The runner's timers: each rings once, when it is due, whatever fails."""

from datetime import timedelta

from sqlalchemy import text

from chatserver.runner import CHUNK, LEASE_SECONDS, MAX_ATTEMPTS
from chatserver.storage import leases, timers
from chatserver.storage.timers import Timer
from tests.support.counted import effects, letters, work


async def schedule(database, clock, *keys, minutes=5):
    async with database.write() as connection:
        for key in keys:
            due = clock.now() + timedelta(minutes=minutes)
            await timers.schedule(connection, Timer(f"t-{key}", "acme", "echo", key, due, ""))


async def left(database):
    async with database.read() as connection:
        rows = await connection.execute(text("SELECT key, attempts FROM timers ORDER BY key"))
        return [tuple(row) for row in rows]


async def test_a_timer_rings_once_and_not_before_its_time(database, clock, start, echo):
    await schedule(database, clock, "a")
    runner = start(echo)
    clock.advance(minutes=4.9)
    await work(runner)
    assert echo.rings == []
    clock.advance(minutes=0.1)
    await work(runner)
    clock.advance(minutes=60)
    await work(runner)
    assert echo.rings == ["a"]
    assert await effects(database, "rang") == {"a": 1}


async def test_a_timer_whose_ringing_fails_rings_again_later(database, clock, start, echo):
    async def fails(connection, timer):
        raise RuntimeError("a bug")

    await schedule(database, clock, "a")
    clock.advance(minutes=5)
    echo.on_ring = fails
    runner = start(echo)
    await work(runner)
    assert await left(database) == [("a", 1)]
    echo.on_ring = None
    clock.advance(1)
    await work(runner)
    assert await effects(database, "rang") == {"a": 1}
    assert await left(database) == []


async def test_a_timer_that_keeps_failing_becomes_a_dead_letter(database, clock, start, echo):
    async def fails(connection, timer):
        raise RuntimeError("a bug")

    await schedule(database, clock, "a", "b")
    echo.on_ring = fails
    runner = start(echo)
    for _ in range(MAX_ATTEMPTS):
        clock.advance(minutes=6)
        await work(runner)
    assert len(echo.rings) == 2 * MAX_ATTEMPTS
    assert await letters(database) == [("echo", None, "RuntimeError")] * 2
    assert await left(database) == []


async def test_a_timer_may_set_itself_again(database, clock, start, echo):
    async def again(connection, timer):
        due = clock.now() + timedelta(minutes=5)
        await timers.schedule(connection, Timer("t-2", "acme", "echo", "a", due, ""))

    await schedule(database, clock, "a")
    clock.advance(minutes=5)
    echo.on_ring = again
    await work(start(echo))
    assert (echo.rings, await left(database)) == (["a"], [("a", 0)])


async def test_a_timer_that_another_one_cancelled_does_not_ring(database, clock, start, echo):
    """Both were due and read together."""

    async def cancel_b(connection, timer):
        await timers.cancel(connection, "echo", "b")

    await schedule(database, clock, "a")
    await schedule(database, clock, "b", minutes=5.01)
    clock.advance(minutes=6)
    echo.on_ring = cancel_b
    await work(start(echo))
    assert echo.rings == ["a"]


async def test_a_timer_of_another_releases_slice_waits_for_it(database, clock, start, echo, other):
    """The release before serves for a while, as during an upgrade."""
    await schedule(database, clock, "a", *map(str, range(CHUNK)))
    clock.advance(minutes=60 * 24)
    await work(start(other))
    assert len(await left(database)) == CHUNK + 1
    clock.advance(seconds=LEASE_SECONDS)
    await work(start(echo))
    assert (len(echo.rings), await left(database)) == (CHUNK + 1, [])


async def test_a_timer_of_a_slice_that_is_gone_disappears(database, clock, start, other):
    await schedule(database, clock, "a")
    clock.advance(minutes=5 + 60 * 24 * 30)
    await work(start(other))
    assert await left(database) == []


async def test_a_paused_holder_rings_nothing(database, clock, start, echo):
    paused = start(echo)
    await work(paused)
    await schedule(database, clock, "a", minutes=0)
    async with database.write() as connection:
        soon = clock.now() + timedelta(seconds=LEASE_SECONDS)
        await leases.acquire(connection, "runner", "heir", now=soon, seconds=LEASE_SECONDS)
    await work(paused)
    assert (echo.rings, await left(database)) == ([], [("a", 0)])
