"""Idle close: silent chats close by themselves, living ones never, and nothing acts twice."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from chatserver.conversation import store
from chatserver.conversation.commands import Assign, Close, Reopen, SendMessage
from chatserver.conversation.service import Conversations
from chatserver.conversation.transitions import Rules
from chatserver.errors import NotFound
from chatserver.features import idle
from chatserver.runner import Runner
from chatserver.storage.schema import timers
from tests.support.slices import guest, open_world, staff
from tests.support.world import VIC

HOURS = 24


class Stage:
    """The world with the slice and a runner. `conversations` may be one that never commits."""

    def __init__(self, world, spine, *, hours=HOURS, conversations=None):
        self.world, self.spine = world, spine
        self.feature = idle.build(
            conversations=conversations or spine.conversations,
            clock=world.clock,
            idle_close_hours=hours,
        )
        self.runner = Runner(
            database=world.database, clock=world.clock, ids=world.ids, features=[self.feature]
        )

    async def settle(self):
        """Lets the runner work, then waits for what it submitted, until nothing is left."""
        for _ in range(3):
            while await self.runner.run_once():
                pass
            await self.drain()

    async def ring(self):
        """Lets timers ring without reading facts."""
        deaf = replace(self.feature, reactors={}, together=None)
        world = self.world
        await Runner(
            database=world.database, clock=world.clock, ids=world.ids, features=[deaf]
        ).run_once()

    async def drain(self):
        """Commands are committed in their order: behind this one all earlier ones are."""
        with pytest.raises(NotFound):
            await self.spine.close(VIC, "no such chat")

    async def pass_by(self, **time):
        self.world.clock.advance(**time)
        await self.settle()

    async def say(self, state, who, text="hello"):
        command = SendMessage(self.world.ids.new(), text)
        return await self.world.do(who, command, state.id)

    async def state(self, state):
        async with self.world.database.read() as connection:
            return (await store.load(connection, state.workspace_id, [state.id]))[state.id]

    async def due(self):
        async with self.world.database.read() as connection:
            query = select(timers.c.key, timers.c.due_at).where(
                timers.c.slice == "idle", timers.c.workspace_id == "acme"
            )
            return {row.key: row.due_at for row in await connection.execute(query)}


@pytest.fixture
async def world(database, clock):
    return await open_world(database, clock)


@pytest.fixture
def stage(world, spine):
    return Stage(world, spine)


async def answered(stage):
    state = await stage.world.open()
    await stage.say(state, guest(stage.world.vera))
    state = await stage.say(state, staff(stage.world.ann))
    await stage.settle()
    return state


async def test_an_answered_chat_closes_a_day_after_its_last_message(stage):
    state = await answered(stage)
    await stage.pass_by(hours=HOURS, minutes=-1)
    assert (await stage.state(state)).phase == "active"
    await stage.pass_by(minutes=1)
    after = await stage.state(state)
    assert (after.phase, after.closed_at) == ("closed", stage.world.clock.now())
    assert await stage.due() == {}


async def test_a_message_puts_the_close_off(stage):
    state = await answered(stage)
    await stage.pass_by(hours=HOURS - 1)
    await stage.say(state, guest(stage.world.vera))
    await stage.pass_by(hours=HOURS - 1)
    assert (await stage.state(state)).phase == "active"
    await stage.pass_by(hours=1)
    assert (await stage.state(state)).phase == "closed"


async def test_a_visitor_whom_nobody_answered_waits_three_times_as_long(stage):
    state = await stage.world.open()
    await stage.say(state, guest(stage.world.vera))
    await stage.settle()
    await stage.pass_by(hours=3 * HOURS - 1)
    assert (await stage.state(state)).phase == "queued"
    await stage.pass_by(hours=1)
    assert (await stage.state(state)).phase == "closed"


async def test_taking_a_chat_is_news_too(stage):
    state = await stage.world.open()
    await stage.say(state, guest(stage.world.vera))
    await stage.pass_by(hours=3 * HOURS - 1)
    await stage.world.do(staff(stage.world.ann), Assign(stage.world.ann.id, "Ann"), state.id)
    await stage.pass_by(hours=2)
    assert (await stage.state(state)).phase == "active"


async def test_a_closed_chat_needs_no_timer_and_a_reopened_one_gets_a_new_one(stage):
    state = await answered(stage)
    await stage.world.do(staff(stage.world.ann), Close("agent"), state.id)
    await stage.settle()
    assert await stage.due() == {}
    await stage.pass_by(hours=HOURS * 2)
    await stage.world.do(staff(stage.world.ann), Reopen(), state.id)
    await stage.pass_by(minutes=1)
    assert (await stage.state(state)).phase == "active"
    await stage.pass_by(hours=HOURS)
    assert (await stage.state(state)).phase == "closed"


async def test_a_reactor_run_twice_changes_nothing(stage):
    await answered(stage)
    before = await stage.due()
    await stage.world.feed(stage.feature)
    await stage.world.feed(stage.feature)
    assert await stage.due() == before


async def test_a_close_that_got_lost_is_tried_again_and_acts_once(world, spine):
    never_run = Conversations(
        database=world.database,
        clock=world.clock,
        ids=world.ids,
        rules=Rules(),
        announce=lambda commit: None,
    )
    dying = Stage(world, spine, conversations=never_run)
    state = await answered(dying)
    await dying.pass_by(hours=HOURS)  # submitted, and dead before the commit
    assert (await dying.state(state)).phase == "active"
    stage = Stage(world, spine)
    await stage.pass_by(minutes=5)
    after = await stage.state(state)
    assert (after.phase, after.seq) == ("closed", state.seq + 1)
    await stage.pass_by(minutes=5)
    assert (await stage.state(state)).seq == after.seq


async def test_a_timer_that_rings_after_news_closes_nothing(stage):
    state = await answered(stage)
    stage.world.clock.advance(hours=HOURS, minutes=-1)
    await stage.say(state, guest(stage.world.vera))
    stage.world.clock.advance(minutes=1)
    await stage.ring()  # before the reactor has read the message
    await stage.drain()
    assert (await stage.state(state)).phase == "active"
    expected = (await stage.state(state)).last_at + timedelta(hours=HOURS)
    assert await stage.due() == {state.id: expected}


async def test_zero_hours_means_never(world, spine):
    stage = Stage(world, spine, hours=0)
    state = await answered(stage)
    await stage.pass_by(hours=10_000)
    assert (await stage.state(state)).phase == "active"
    assert stage.feature.reactors == {}


async def test_a_timer_of_the_time_before_it_was_switched_off_is_forgotten(stage):
    state = await answered(stage)
    later = Stage(stage.world, stage.spine, hours=0)
    stage.world.clock.advance(seconds=60)  # the first runner's lease runs out
    await later.pass_by(hours=HOURS)
    assert (await later.state(state)).phase == "active"
    assert await later.due() == {}
