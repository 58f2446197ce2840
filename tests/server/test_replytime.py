"""Reply time: the median of real first answers within opening hours, or nothing at all."""

from zoneinfo import ZoneInfo

import pytest

from chatserver.calendar import Calendar, Interval, always
from chatserver.conversation.commands import SendMessage
from chatserver.features import replytime
from chatserver.features.replytime.model import usual
from chatserver.features.replytime.service import KEPT_SECONDS
from tests.support.slices import guest, open_world, staff

UTC = ZoneInfo("UTC")
OFFICE = Calendar(UTC, ((Interval(9 * 60, 17 * 60),),) * 7)


@pytest.fixture
async def world(database, clock):
    return await open_world(database, clock)


@pytest.fixture
def replies(world):
    return replytime.Replies(database=world.database, clock=world.clock)


def reader(calendar):
    async def calendar_of(_connection, _workspace_id, _site_id):
        return calendar

    return replytime.build(calendar_of=calendar_of)


async def chat(world, wait, *, who=None):
    """Somebody new asks and is answered after `wait` seconds."""
    visitor = await world.visitor("Bo")
    state = await world.open(visitor)
    await world.do(guest(visitor), SendMessage(world.ids.new(), "Hello?"), state.id)
    note = SendMessage(world.ids.new(), "a note is no answer", private=True)
    await world.do(staff(world.ann), note, state.id)
    world.clock.advance(wait - 3)
    for text in ("Hello!", "Still here"):
        await world.do(staff(who or world.ann), SendMessage(world.ids.new(), text), state.id)
        world.clock.advance(60)
    return state


async def test_the_median_is_said_in_steps_and_not_below_five_answers(world, replies):
    feature = reader(always(UTC))
    for wait in (20, 50, 240, 250):
        await chat(world, wait)
    await world.feed(feature)
    assert await replies.usual(world.site) is None
    await chat(world, 100)
    await world.feed(feature)
    assert await replies.usual(world.site) is None  # kept a while: every page of every site asks
    world.clock.advance(KEPT_SECONDS)
    assert await replies.usual(world.site) == 300


async def test_reading_the_log_again_or_in_pieces_changes_nothing(world, replies):
    feature = reader(always(UTC))
    position = 0
    for wait in (100,) * 5:
        await chat(world, wait)
        position = await world.feed(feature, after=position)
    await world.feed(feature)
    async with world.database.write() as connection:
        await feature.together(connection, [])
    assert await replies.usual(world.site) == 300


async def test_only_open_time_counts_and_who_came_at_night_not_at_all(world, replies):
    feature = reader(OFFICE)
    world.clock.advance(hours=14)  # 23:00
    for _ in range(6):
        await chat(world, 30)
    await world.feed(feature)
    assert await replies.usual(world.site) is None
    world.clock.advance(hours=16.5)  # the afternoon of the next day
    for _ in range(5):
        await chat(world, 600)
    await world.feed(feature)
    world.clock.advance(KEPT_SECONDS)
    assert await replies.usual(world.site) == 600


async def test_old_answers_say_nothing_of_todays_team(world, replies):
    feature = reader(always(UTC))
    for _ in range(5):
        await chat(world, 30)
    await world.feed(feature)
    assert await replies.usual(world.site) == 60
    world.clock.advance(hours=15 * 24)
    assert await replies.usual(world.site) is None


async def test_another_sites_answers_are_its_own(world, replies):
    feature = reader(always(UTC))
    for _ in range(5):
        await chat(world, 30)
    await world.feed(feature)
    stall = type(world.site)(**{**_fields(world.site), "id": "stall", "workspace_id": "rival"})
    assert await replies.usual(stall) is None


def _fields(struct):
    return {name: getattr(struct, name) for name in struct.__struct_fields__}


@pytest.mark.parametrize(
    ("waits", "said"),
    [
        ([], None),
        ([1] * 4, None),
        ([1] * 5, 60),
        ([60] * 5, 60),
        ([61] * 5, 300),
        ([1, 1, 1, 4000, 4000, 4000], 7200),
        ([86_400] * 5, 86_400),
        ([86_401] * 5, None),
    ],
)
def test_what_is_said_is_the_next_step_above_the_median(waits, said):
    assert usual(waits) == said
