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
async def group():
    async with asyncio.TaskGroup() as group:
        yield group


async def come(group, door, number):
    tasks = [group.create_task(door.comes()) for _ in range(number)]
    await asyncio.sleep(0)
    return tasks


async def test_they_are_let_in_in_the_order_they_came(group):
    door = Door(3.0)
    tasks = await come(group, door, 4)
    for done in range(1, 5):
        await door.let_in(0.01)
        await asyncio.sleep(0)
        assert sum(task.done() for task in tasks) == done
    assert door.refused == 0


async def test_who_would_wait_too_long_gets_a_later_turn_each_behind_the_other(group):
    door = Door(2 * FIRST_GUESS)
    tasks = await come(group, door, 4)  # one is in, three wait
    assert door.arrivals.waiting == 3
    first, second = await door.told(), await door.told()
    assert first == pytest.approx(3 * FIRST_GUESS)
    assert second == pytest.approx(4 * FIRST_GUESS)
    assert door.refused == 2
    for _ in tasks:
        await door.let_in(0.01)


async def test_of_a_slow_service_fewer_wait_in_place_and_turns_are_not_put_off_for_it(group):
    """The crowd itself may be what slows it down: it must not stand idle afterwards."""
    door = Door(1.0)
    tasks = await come(group, door, 40)
    for _ in range(20):
        await door.let_in(1.0)
    assert door.arrivals.waiting == 19
    assert await door.told() == pytest.approx(1.0 + SLOWEST)
    for _ in tasks[20:]:
        await door.let_in(0)


async def test_a_pause_before_the_crowd_says_nothing_of_how_long_one_takes(group):
    door = Door(0.5)
    (alone,) = await come(group, door, 1)
    await door.let_in(3600)
    assert alone.done()
    tasks = await come(group, door, 10)
    for _ in tasks:
        await door.let_in(0.01)
    assert door.refused == 0


async def test_nobody_is_sent_away_for_longer_than_a_minute(group):
    door = Door(0.0)
    tasks = await come(group, door, 2)
    told = [await door.told() for _ in range(int(2 * LONGEST / SLOWEST))]
    assert max(told) <= LONGEST
    assert len(set(told[-100:])) == 100
    for _ in tasks:
        await door.let_in(0)


async def test_whoever_gives_up_waiting_makes_room(group):
    door = Door(3.0)
    first, second, third = await come(group, door, 3)
    second.cancel()
    await asyncio.sleep(0)
    assert door.arrivals.waiting == 1
    await door.let_in(0.01)
    await door.let_in(0.01)
    assert first.done()
    assert third.done()
