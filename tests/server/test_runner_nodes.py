"""Runners on several nodes: one works at a time, and another takes over."""

import asyncio
from datetime import timedelta

from chatserver.runner import LEASE_SECONDS
from chatserver.storage import leases
from tests.support.counted import cursor, effects, notice, work


async def test_of_two_runners_one_works(database, clock, start, echo):
    await notice(database, clock, 3)
    first, second = start(echo), start(echo)
    assert await first.run_once()
    assert not await second.run_once()
    await work(first, second)
    assert await effects(database) == {"echo:1": 1, "echo:2": 1, "echo:3": 1}
    assert second.lag == 0


async def test_two_runners_that_start_at_once_do_everything_once(database, clock, start, echo):
    await notice(database, clock, 3)
    first, second = start(echo), start(echo)
    await asyncio.gather(work(first), work(second))
    await work(first, second)
    assert await effects(database) == {"echo:1": 1, "echo:2": 1, "echo:3": 1}


async def test_a_dead_holder_is_replaced_when_its_lease_is_over(database, clock, start, echo):
    dead, heir = start(echo), start(echo)
    await work(dead)
    await notice(database, clock)
    clock.advance(LEASE_SECONDS - 0.1)
    assert not await heir.run_once()
    clock.advance(0.1)
    await work(heir)
    assert await effects(database) == {"echo:1": 1}


async def test_a_paused_holder_that_wakes_up_is_refused(database, clock, start, echo):
    """Its own clock stood still, so it believes to hold the lease."""
    paused, heir = start(echo), start(echo)
    await work(paused)
    async with database.write() as connection:
        soon = clock.now() + timedelta(seconds=LEASE_SECONDS)
        await leases.acquire(connection, "runner", "heir", now=soon, seconds=LEASE_SECONDS)
    await notice(database, clock)
    assert not await paused.run_once()
    assert (await effects(database), await cursor(database)) == ({}, None)
    clock.advance(2 * LEASE_SECONDS)
    await work(heir)
    assert await effects(database) == {"echo:1": 1}


async def test_a_node_that_stops_hands_over_at_once(database, clock, start, echo):
    first, heir = start(echo), start(echo)
    running = asyncio.get_running_loop().create_task(first.run())
    await notice(database, clock)
    async with asyncio.timeout(5):
        while not await effects(database):
            pass
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await notice(database, clock)
    await work(heir)
    assert sum((await effects(database)).values()) == 2
