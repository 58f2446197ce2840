"""Two nodes, and one of them dies or freezes: the other one goes on with its chats and its work."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from chatserver.storage.database import Database, open_database
from chatserver.storage.schema import leases
from tests.support.redis import RedisServer
from tests.support.running import Running
from tests.support.sockets import open_chat, open_visitor, site_key
from tests.support.two_nodes import WAIT_SECONDS, Ear, chatting, listening, running

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("engine", ["postgresql"], indirect=True),
]


@pytest.fixture
def nodes(tmp_path: Path, empty_url: str, redis_server: RedisServer) -> Iterator[list[Running]]:
    with running(tmp_path, empty_url, redis_server) as nodes:
        yield nodes


@pytest.fixture
async def store(empty_url: str) -> AsyncIterator[Database]:
    database = open_database(empty_url)
    yield database
    await database.close()


async def runner(store: Database) -> tuple[str, int]:
    """Who works for all slices, and in which generation."""
    query = select(leases.c.holder, leases.c.generation).where(leases.c.name == "runner")
    async with store.read() as connection:
        holder, generation = (await connection.execute(query)).one()
    return holder, generation


async def next_runner(store: Database, before: tuple[str, int]) -> tuple[str, int]:
    async with asyncio.timeout(WAIT_SECONDS):
        while (now := await runner(store)) == before:  # noqa: ASYNC110 - in the database
            await asyncio.sleep(0.2)
    return now


@pytest.mark.parametrize("end", [Running.kill, Running.stop])
async def test_a_visitor_of_a_node_that_ends_goes_on_at_the_other(nodes, store, end):
    """Killed, or asked to stop. Nobody put them back into the queue, and to Ann they never left."""
    async with chatting(nodes) as town:
        before = await runner(store)
        token, last = town.vera.welcome["token"], town.vera.numbers()[-1]
        await asyncio.to_thread(end, nodes[0])
        resume = {"conversation": town.chat, "epoch": town.vera.welcome["epoch"], "seq": last}
        async with open_visitor(nodes[1], town.site, token=token, resume=resume) as wire:
            vera = Ear(wire)
            async with listening(vera):
                await vera.say(town.chat, "here again")
                await town.ann.until(lambda: "here again" in town.ann.texts())
                after = await next_runner(store, before)
        assert after[1] > before[1]
        cards = [one["visitor"] for one in town.ann.states("visitor")]
        assert [card for card in cards if not card["online"]] == []
        assert "conversation.unassigned" not in town.ann.kinds()


async def test_a_node_that_froze_holds_nobody_up_and_is_refused_when_it_wakes(nodes, store):
    """It was the one that worked for all: the other one takes that over, and keeps it."""
    before = await runner(store)
    nodes[0].send_signal(signal.SIGSTOP)
    try:
        async with chatting(nodes[1:] * 2) as town:
            await town.exchange("while it is frozen")
        after = await next_runner(store, before)
    finally:
        nodes[0].send_signal(signal.SIGCONT)
    async with open_visitor(nodes[0], await site_key(nodes[0])) as vera:
        await open_chat(vera)
    assert after[1] > before[1]
    assert await runner(store) == after
