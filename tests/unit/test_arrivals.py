"""Thousands come at once: each is let in in turn, or told when its turn will be."""

import asyncio

import pytest

from chatserver.errors import Unavailable
from chatserver.realtime.arrivals import FIRST_GUESS, LONGEST, SLOWEST, Arrivals
from tests.support.clock import FakeClock


class Door:
    """One place; `let_in` works for so many seconds on whoever has it."""

    def __init__(self, wait_seconds):
        self.clock, self.refused = FakeClock(), 0
        self.arrivals = Arrivals(
            at_once=1, wait_seconds=wait_seconds, monotonic=self.clock.monotonic, refused=self._no
        )
        self.may_end = asyncio.Queue()

    def _no(self):
        self.refused += 1

    async def comes(self):
        async with self.arrivals.turn():
            await self.may_end.get()

    async def let_in(self, seconds):
        self.clock.advance(seconds)
        self.may_end.put_nowait(None)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    async def told(self):
        with pytest.raises(Unavailable) as caught:
            await self.comes()
        return caught.value.retry_after


@pytest.fixture
async def crowd():
    """Starts tasks; those that are left when the test is over, or failed, are gone."""
    tasks = []
    async with asyncio.TaskGroup() as group:

        def start(coroutine):
            tasks.append(group.create_task(coroutine))
            return tasks[-1]

        yield start
        for task in tasks:
            task.cancel()


async def come(crowd, door, number):
    tasks = [crowd(door.comes()) for _ in range(number)]
    await asyncio.sleep(0)
    return tasks


async def test_they_are_let_in_in_the_order_they_came(crowd):
    door = Door(3.0)
    tasks = await come(crowd, door, 4)
    for done in range(1, 5):
        await door.let_in(0.01)
        await asyncio.sleep(0)
        assert sum(task.done() for task in tasks) == done
    assert door.refused == 0


async def test_who_would_wait_too_long_gets_a_later_turn_each_behind_the_other(crowd):
    door = Door(2 * FIRST_GUESS)
    tasks = await come(crowd, door, 4)  # one is in, three wait
    assert door.arrivals.waiting == 3
    first, second = await door.told(), await door.told()
    assert first == pytest.approx(3 * FIRST_GUESS)
    assert second == pytest.approx(4 * FIRST_GUESS)
    assert door.refused == 2
    for _ in tasks:
        await door.let_in(0.01)


async def test_of_a_slow_service_fewer_wait_in_place(crowd):
    """And turns are not put off for as long as it took: the crowd itself may be what slows it."""
    door = Door(20 * FIRST_GUESS)
    await come(crowd, door, 21)
    for _ in range(3):
        await door.let_in(1.0)
    await come(crowd, door, 1)
    assert door.arrivals.waiting == 18
    assert 20 * FIRST_GUESS < await door.told() < 20 * FIRST_GUESS + SLOWEST


async def test_a_pause_before_the_crowd_says_nothing_of_how_long_one_takes(crowd):
    door = Door(0.5)
    (alone,) = await come(crowd, door, 1)
    await door.let_in(3600)
    assert alone.done()
    tasks = await come(crowd, door, 10)
    for _ in tasks:
        await door.let_in(0.01)
    assert door.refused == 0


async def test_nobody_is_sent_away_for_longer_than_a_minute(crowd):
    door = Door(0.0)
    tasks = await come(crowd, door, 2)
    told = [await door.told() for _ in range(int(3 * LONGEST / FIRST_GUESS))]
    assert max(told) <= LONGEST
    assert len(set(told[-100:])) == 100
    for _ in tasks:
        await door.let_in(0)


async def test_whoever_gives_up_waiting_makes_room(crowd):
    door = Door(3.0)
    first, second, third = await come(crowd, door, 3)
    second.cancel()
    await asyncio.sleep(0)
    assert door.arrivals.waiting == 1
    await door.let_in(0.01)
    await door.let_in(0.01)
    assert first.done()
    assert third.done()
