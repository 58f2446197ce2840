"""Several nodes on one database: one order, one answer, nobody blocked."""

import asyncio

from msgspec.structs import replace

from chatserver.conversation.commands import Open
from chatserver.conversation.model import Actor, AuthorKind
from chatserver.storage import log
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
