"""Read marks: never back, in both numberings, and counted in messages of the other side."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatserver.conversation import fact_store, mark_store
from chatserver.conversation.commands import MarkRead
from chatserver.errors import NotFound
from tests.support.replay import stored_facts
from tests.support.world import ANN, BOB, RITA, VERA, open_spine


@pytest.fixture
async def chat(spine):
    """agents' numbers   1 opened  2 vera  3 taken  4 note  5 ann  6 note  7 vera
    visitors' numbers    1         2       3                4              5"""
    chat = await spine.open()
    await spine.say(VERA, chat)
    await spine.take(ANN, chat)
    await spine.say(ANN, chat, "note", private=True)
    await spine.say(ANN, chat)
    await spine.say(BOB, chat, "note", private=True)
    await spine.say(VERA, chat)
    spine.commits.clear()
    return chat


def marks(spine):
    """(seq, visitor_seq, count) of every mark that moved."""
    found = [mark for commit in spine.commits for mark in commit.marks]
    return [(mark.seq, mark.visitor_seq, mark.count) for mark in found]


async def furthest(database, chat):
    async with database.read() as connection:
        return await mark_store.furthest_marks(connection, "acme", chat)


@pytest.mark.parametrize(
    ("seq", "mark"),
    [(1, (1, 1, 0)), (2, (2, 2, 1)), (4, (4, 3, 1)), (6, (6, 4, 1)), (7, (7, 5, 2))],
)
async def test_an_agents_mark_reaches_the_visitor_in_the_visitors_numbers(spine, chat, seq, mark):
    await spine.read(ANN, chat, seq)
    assert marks(spine) == [mark]


@pytest.mark.parametrize(
    ("seq", "mark"), [(1, (1, 1, 0)), (3, (3, 3, 0)), (4, (5, 4, 1)), (5, (7, 5, 1))]
)
async def test_a_visitors_mark_reaches_the_agents_in_their_numbers(spine, chat, seq, mark):
    await spine.read(VERA, chat, seq)
    assert marks(spine) == [mark]


async def test_a_mark_beyond_the_end_means_the_end(spine, chat, database):
    await spine.read(ANN, chat, 10**6)
    await spine.read(VERA, chat, 10**6)
    assert await furthest(database, chat) == (7, 7)


async def test_a_mark_never_goes_back(spine, chat, database):
    moved = [await spine.read(ANN, chat, seq) for seq in (5, 2, 5, 6)]
    assert [outcome.duplicate for outcome in moved] == [False, True, True, False]
    assert await furthest(database, chat) == (0, 6)
    assert [seq for seq, _, _ in marks(spine)] == [5, 6]


async def test_the_furthest_agent_counts(spine, chat, database):
    await spine.read(ANN, chat, 6)
    await spine.read(BOB, chat, 3)
    assert await furthest(database, chat) == (0, 6)


async def test_marks_are_no_facts(spine, chat, database):
    before = await stored_facts(database)
    await spine.read(VERA, chat, 5)
    assert await stored_facts(database) == before


async def test_marks_of_one_batch_end_at_the_highest(spine, chat, database):
    wanted = [spine.submit(ANN, chat, MarkRead(seq)) for seq in (3, 7, 5, 1)]
    await asyncio.gather(*wanted)
    assert await furthest(database, chat) == (0, 7)


async def test_marks_through_two_nodes_end_at_the_highest(database, clock, spine, chat):
    async with open_spine(database, clock, name="other") as other:
        for low, high in ((1, 2), (3, 5), (6, 7)):
            await asyncio.gather(other.read(BOB, chat, low), spine.read(BOB, chat, high))
            assert await furthest(database, chat) == (0, high)


async def test_how_much_was_read_is_remembered_for_each_agent(spine, chat, database):
    await spine.read(ANN, chat, 5)
    async with database.read() as connection:
        assert await mark_store.read_counts(connection, "acme", "ann", [chat, "d"]) == {chat: 1}
        assert await mark_store.read_counts(connection, "acme", "ann", ["d"]) == {}
        assert await mark_store.read_counts(connection, "acme", "bob", [chat]) == {}
        assert await mark_store.read_counts(connection, "rival", "ann", [chat]) == {}


async def test_nobody_marks_a_conversation_of_another_workspace(spine, chat, database):
    with pytest.raises(NotFound):
        await spine.read(RITA, chat, 3)
    assert await furthest(database, chat) == (0, 0)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(private=st.lists(st.booleans(), max_size=8))
async def test_numbers_translate_there_and_back(spine, database, private):
    chat = await spine.open()
    for is_note in private:
        await spine.say(ANN, chat, private=is_note)
    history = [fact for fact in await stored_facts(database) if fact.conversation_id == chat]
    async with database.read() as connection:
        for fact in history:
            there = await fact_store.to_visitors_number(connection, "acme", chat, fact.seq)
            back = await fact_store.to_agents_number(connection, "acme", chat, there)
            shown = [f for f in history if f.visitor_seq is not None and f.seq <= fact.seq]
            assert (there, back) == (shown[-1].visitor_seq, shown[-1].seq)
