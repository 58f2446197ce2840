"""Several nodes on one database: one order, one answer, nobody blocked."""

import asyncio

import pytest
from msgspec.structs import replace

from chatserver.conversation.commands import Open
from chatserver.conversation.model import Actor, AuthorKind
from chatserver.realtime.hints import conversation_topic
from chatserver.realtime.news import Delivery
from chatserver.storage import log
from tests.support.nodes import open_node
from tests.support.replay import stored_facts
from tests.support.world import ANN, VERA, VIC, open_spine


async def test_two_nodes_that_open_at_once_make_one_conversation(database, clock):
    async with (
        open_spine(database, clock, name="a") as here,
        open_spine(database, clock, name="b") as there,
    ):
        for _ in range(10):
            both = await asyncio.gather(here.open(VERA), there.open(VERA))
            assert both[0] == both[1]
            await here.close(ANN, both[0])
            clock.advance(hours=25)


async def test_nodes_that_open_many_chats_in_opposite_order_do_not_block_each_other(
    database, clock
):
    guests = [Actor(AuthorKind.VISITOR, f"guest-{number}") for number in range(20)]

    def opening(spine, guest):
        request = replace(spine.request(VERA, "", Open("shop", guest.id)), actor=guest)
        return spine.conversations.submit(request)

    async with (
        open_spine(database, clock, name="a") as here,
        open_spine(database, clock, name="b") as there,
    ):
        opened = await asyncio.gather(
            *(opening(here, guest) for guest in guests),
            *(opening(there, guest) for guest in reversed(guests)),
        )
    assert len({outcome.state.id for outcome in opened}) == len(guests)


async def test_a_message_resent_through_two_nodes_has_one_seq(database, clock):
    async with (
        open_spine(database, clock, name="a") as here,
        open_spine(database, clock, name="b") as there,
    ):
        chat = await here.open()
        for number in range(10):
            sent = await asyncio.gather(
                here.say(VERA, chat, "Hi", client_id=f"m-{number}"),
                there.say(VERA, chat, "Hi", client_id=f"m-{number}"),
            )
            assert sent[0].fact == sent[1].fact
            assert sorted(one.duplicate for one in sent) == [False, True]


async def test_positions_rise_by_one_in_commit_order_however_many_nodes_write(database, clock):
    async with (
        open_spine(database, clock, name="a") as a,
        open_spine(database, clock, name="b") as b,
        open_spine(database, clock, name="d") as d,
    ):
        chats = [await a.open(VERA), await b.open(VIC)]
        seen: list[int] = []
        for node in (a, b, d):
            node.told.append(lambda commit: seen.extend(fact.position for fact in commit.facts))

        async def write(node, name):
            for number in range(15):
                for chat in chats:
                    await node.say(ANN, chat, client_id=f"{name}-{number}")

        await asyncio.gather(write(a, "a"), write(b, "b"), write(d, "d"))
    positions = sorted(fact.position for fact in await stored_facts(database))
    assert positions == list(range(1, len(positions) + 1))
    assert sorted(seen) == positions[2:]


async def test_a_reader_behind_a_position_never_misses_a_fact(database, clock):
    """What the tail and the runner stand on: no fact appears behind a position already read."""
    async with (
        open_spine(database, clock, name="a") as a,
        open_spine(database, clock, name="b") as b,
    ):
        chats = [await a.open(VERA), await b.open(VIC)]
        read: list[int] = []

        async def tail(until):
            while not read or read[-1] < until:
                async with database.read() as connection:
                    entries = await log.after(connection, read[-1] if read else 0, 100)
                read.extend(entry.position for entry in entries)

        async def write(node, chat, name):
            for number in range(20):
                await node.say(ANN, chat, client_id=f"{name}-{number}")

        # two openings, two assignments, forty messages
        await asyncio.gather(write(a, chats[0], "a"), write(b, chats[1], "b"), tail(44))
    assert read == list(range(1, 45))


@pytest.fixture
async def two(database, clock, open_bus):
    """Two nodes that hear each other: in this process with SQLite, over Redis with PostgreSQL."""
    async with (
        open_spine(database, clock, name="a") as a,
        open_spine(database, clock, name="b") as b,
        open_node(a, await open_bus("a"), name="a") as here,
        open_node(b, await open_bus("b"), name="b") as there,
    ):
        yield here, there


class Follower:
    """Facts of one chat, as a node tells them."""

    def __init__(self, node, chat):
        self.seqs = []
        self._news = asyncio.Event()
        node.hub.follow(conversation_topic(chat), self._told)

    async def until(self, seqs):
        async with asyncio.timeout(10):
            while not set(seqs) <= set(self.seqs):
                self._news.clear()
                await self._news.wait()

    def _told(self, _topic, news):
        if isinstance(news, Delivery):
            self.seqs.append(news.fact.seq)
            self._news.set()


async def test_what_is_said_through_one_node_is_heard_at_the_other_in_order(two):
    here, there = two
    chat = await here.spine.open()
    follower = Follower(there, chat)
    await there.broker.settled()
    for number in range(30):
        await here.spine.say(VERA, chat, f"line {number}")
    await follower.until([31])
    assert follower.seqs == list(range(2, 32))


async def test_nodes_that_write_at_once_leave_no_follower_without_a_fact(two):
    here, there = two
    chat = await here.spine.open()
    followers = [Follower(node, chat) for node in two]
    for node in two:
        await node.broker.settled()

    async def write(node, name):
        for number in range(15):
            await node.spine.say(ANN, chat, client_id=f"{name}-{number}")

    await asyncio.gather(write(here, "a"), write(there, "b"))
    for follower in followers:
        await follower.until(range(2, 33))  # thirty answers, the first of which assigns the chat
        assert len(follower.seqs) == 31


async def test_what_a_node_did_not_hear_its_tail_reads(two):
    here, there = two
    chat = await here.spine.open()
    await there.tail.read_once()
    follower = Follower(there, chat)
    await there.broker.settled()
    there.broker.is_down = True
    for _ in range(3):
        await here.spine.say(VERA, chat)
    await there.tail.read_once()
    assert follower.seqs == [2, 3, 4]
