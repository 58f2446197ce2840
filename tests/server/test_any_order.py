"""Promises that hold in whatever order, through whatever door and at whatever time things come."""

import asyncio
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatserver.conversation import mark_store
from chatserver.conversation.commands import SendMessage
from tests.support.clock import FakeClock
from tests.support.replay import stored_facts
from tests.support.world import ANN, VERA, open_spine

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
few = settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
# Examples share a database, and what a visitor has sent once is known for ever.
examples = count(1)
YEAR = 366 * 24 * 3600


@few
@given(tries=st.lists(st.tuples(st.booleans(), st.integers(1, 3)), min_size=1, max_size=12))
async def test_one_client_id_is_one_message_and_one_answer_through_any_door(database, clock, tries):
    """Two nodes, as a socket and a poll of the same tab may reach them."""
    example = next(examples)
    async with (
        open_spine(database, clock, name=f"a{example}") as here,
        open_spine(database, clock, name=f"b{example}") as there,
    ):
        chat = await here.open()
        await here.close(ANN, chat)
        clock.advance(hours=48)
        chat = await there.open()
        nodes = {True: here, False: there}
        sends = [(nodes[door], SendMessage(f"{example}-{number}", "Hi")) for door, number in tries]
        sent = await asyncio.gather(*(node.submit(VERA, chat, send) for node, send in sends))
        stored = [fact for fact in await stored_facts(database) if fact.conversation_id == chat]
        messages = {fact.client_id: fact for fact in stored if fact.client_id}
        assert len(messages) == len({number for _, number in tries})
        assert len(stored) == 1 + len(messages)
        for outcome in sent:
            assert outcome.fact == messages[outcome.fact.client_id]
        assert sum(not outcome.duplicate for outcome in sent) == len(messages)
        await here.close(ANN, chat)
        clock.advance(hours=48)


@few
@given(reads=st.lists(st.integers(1, 9), min_size=1, max_size=10))
async def test_read_marks_only_grow_in_whatever_order_they_come(spine, database, reads):
    chat = await spine.open()
    before = (await furthest(database, chat))[1]
    head = (await spine.say(VERA, chat)).state.seq
    for seq in reads:
        await spine.read(ANN, chat, min(seq, head))
        after = (await furthest(database, chat))[1]
        assert after >= before
        before = after
    assert before >= min(max(reads), head)


async def furthest(database, chat):
    async with database.read() as connection:
        return await mark_store.furthest_marks(connection, "acme", chat)


class JumpyClock(FakeClock):
    """A wall clock that somebody turns."""

    def jump(self, seconds):
        self._now += timedelta(seconds=seconds)


@few
@given(jumps=st.lists(st.integers(-YEAR, YEAR), min_size=1, max_size=10))
async def test_no_clock_changes_the_order(database, jumps):
    clock, example = JumpyClock(), next(examples)
    async with open_spine(database, clock, name=f"clock-{example}") as spine:
        chat = await spine.open()
        for number, seconds in enumerate(jumps):
            clock.jump(seconds)
            author = VERA if number % 2 else ANN
            await spine.say(author, chat, f"{number}", client_id=f"clock-{example}-{number}")
        stored = [fact for fact in await stored_facts(database) if fact.conversation_id == chat]
        texts = [fact.body.text for fact in stored if fact.client_id]
        assert texts[-len(jumps) :] == [f"{number}" for number in range(len(jumps))]
        assert [fact.seq for fact in stored] == list(range(1, len(stored) + 1))
        positions = [fact.position for fact in stored]
        assert positions == sorted(positions)
