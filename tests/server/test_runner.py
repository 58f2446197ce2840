"""The runner: every fact reaches every slice once, on one node at a time, whatever fails."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from chatserver.errors import Gone, Unavailable
from chatserver.feature import Feature
from chatserver.runner import CHUNK, LEASE_SECONDS, MAX_ATTEMPTS, Runner
from chatserver.storage import leases, log, timers
from chatserver.storage.log import Entry
from chatserver.storage.schema import dead_letters
from chatserver.storage.timers import Timer
from tests.support.world import CountingIds

KIND = "noticed"


class Slice:
    """A slice that answers every `noticed` with an `echoed` fact: an effect one can count."""

    def __init__(self, name, clock):
        self.name = name
        self.clock = clock
        self.poison = {}
        self.rings = []
        self.on_ring = None

    @property
    def feature(self):
        return Feature(self.name, reactors={KIND: self.notice}, on_timer=self.ring)

    async def notice(self, connection, entry):
        await log.append(connection, [self.entry("echoed", f"{self.name}:{entry.position}")])
        if entry.position in self.poison:
            raise self.poison[entry.position]()  # a new one each time, as in life

    async def ring(self, connection, timer):
        self.rings.append(timer.key)
        await log.append(connection, [self.entry("rang", timer.key)])
        if self.on_ring:
            await self.on_ring(connection, timer)

    def entry(self, kind, meta):
        return Entry("acme", kind, "system", self.clock.now(), f'"{meta}"')


@pytest.fixture
def echo(clock):
    return Slice("echo", clock)


@pytest.fixture
def other(clock):
    return Slice("other", clock)


@pytest.fixture
def start(database, clock):
    """A runner on a node of its own."""
    names = CountingIds("node")

    def start(*slices):
        return Runner(
            database=database,
            clock=clock,
            ids=CountingIds(names.new()),
            features=[one.feature for one in slices],
        )

    return start


async def notice(database, clock, count=1):
    entry = Entry("acme", KIND, "system", clock.now(), "{}")
    async with database.write() as connection:
        return await log.append(connection, [entry] * count)


async def effects(database, kind="echoed"):
    """What was done, by name."""
    async with database.read() as connection:
        entries = await log.after(connection, 0, 10_000)
    return Counter(entry.meta.strip('"') for entry in entries if entry.kind == kind)


async def cursor(database, name="echo"):
    async with database.read() as connection:
        return await leases.cursor(connection, name)


async def letters(database):
    async with database.read() as connection:
        query = select(dead_letters.c.slice, dead_letters.c.position, dead_letters.c.error)
        return [tuple(row) for row in await connection.execute(query)]


async def work(*runners):
    """Rounds until nobody has anything left to do."""
    while any([await runner.run_once() for runner in runners]):
        pass


# Facts


async def test_every_slice_gets_every_fact_of_its_kinds_once(database, clock, start, echo, other):
    await notice(database, clock, 3)
    await work(start(echo, other))
    wanted = {f"{name}:{position}" for name in ("echo", "other") for position in (1, 2, 3)}
    assert await effects(database) == dict.fromkeys(wanted, 1)


async def test_more_facts_than_one_transaction_takes_are_all_read(database, clock, start, echo):
    await notice(database, clock, 2 * CHUNK + 1)
    runner = start(echo)
    await work(runner)
    assert len(await effects(database)) == 2 * CHUNK + 1
    assert runner.lag == 0


async def test_a_reactor_run_twice_changes_nothing(database, clock, start, echo):
    """A new process goes on where the last one stopped: cursor and effects are one commit."""
    await notice(database, clock, 2)
    await work(start(echo))
    first = await effects(database)
    clock.advance(LEASE_SECONDS)
    await work(start(echo))
    assert await effects(database) == first


async def test_a_process_that_dies_in_the_middle_leaves_no_half_done_work(
    database, clock, start, echo
):
    await notice(database, clock, 2)
    echo.poison[2] = asyncio.CancelledError
    with pytest.raises(asyncio.CancelledError):
        await work(start(echo))
    assert (await effects(database), await cursor(database)) == ({}, None)
    echo.poison.clear()
    clock.advance(LEASE_SECONDS)
    await work(start(echo))
    assert await effects(database) == {"echo:1": 1, "echo:2": 1}


async def test_facts_a_slice_does_not_want_move_its_cursor_too(database, clock, start, echo):
    async with database.write() as connection:
        await log.append(connection, [echo.entry("unheard-of", "x")] * 5)
    await work(start(echo))
    assert await cursor(database) == 5


# Failures


async def test_what_fails_once_is_done_at_the_next_try(database, clock, start, echo):
    await notice(database, clock, 3)
    echo.poison[2] = RuntimeError
    runner = start(echo)
    await work(runner)
    assert await effects(database) == {"echo:1": 1}
    echo.poison.clear()
    await work(runner)
    assert await effects(database) == {"echo:1": 1}, "it waits before it tries again"
    clock.advance(1)
    await work(runner)
    assert await effects(database) == {"echo:1": 1, "echo:2": 1, "echo:3": 1}
    assert await letters(database) == []


async def test_what_keeps_failing_becomes_a_dead_letter_and_the_rest_goes_on(
    database, clock, start, echo
):
    await notice(database, clock, 3)
    echo.poison[2] = RuntimeError
    runner = start(echo)
    for tries in range(1, MAX_ATTEMPTS + 1):
        assert await letters(database) == []
        await work(runner)
        clock.advance(2 ** (tries - 1))
    assert await letters(database) == [("echo", 2, "RuntimeError")]
    await work(runner)
    assert await effects(database) == {"echo:1": 1, "echo:3": 1}


async def test_what_is_only_temporary_is_never_given_up(database, clock, start, echo):
    await notice(database, clock)
    echo.poison[1] = Unavailable
    runner = start(echo)
    for _ in range(2 + MAX_ATTEMPTS):
        await work(runner)
        clock.advance(60)
    assert await letters(database) == []
    echo.poison.clear()
    await work(runner)
    assert await effects(database) == {"echo:1": 1}


@pytest.mark.parametrize("error", [RuntimeError, Gone, Unavailable])
async def test_a_slice_that_fails_never_blocks_another(database, clock, start, echo, other, error):
    """Whatever it raises, also what the runner itself uses."""
    await notice(database, clock, 3)
    echo.poison[1] = error
    runner = start(echo, other)
    await work(runner)
    clock.advance(2)
    await work(runner)
    done = await effects(database)
    assert {name for name in done if name.startswith("other")} == {"other:1", "other:2", "other:3"}
    assert not any(name.startswith("echo") for name in done)


async def test_a_failing_slice_is_seen_as_lag(database, clock, start, echo, other):
    await notice(database, clock, 3)
    echo.poison[1] = RuntimeError
    runner = start(echo, other)
    await work(runner)
    assert runner.lag >= 3


# Nodes


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


# Timers


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
