"""A frozen node holds rows until PostgreSQL ends its transaction. Only who wants these has to come
again: whoever writes in the same moment is served."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from chatserver.conversation import store
from chatserver.conversation.commands import MarkRead, Open, SendMessage
from chatserver.conversation.events import Opened
from chatserver.conversation.transitions import begin
from chatserver.errors import NotFound, Unavailable
from chatserver.storage.condition import NotStored
from chatserver.storage.database import open_database
from tests.support.locks import locked
from tests.support.world import ANN, ROLF, VERA, VIC

pytestmark = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)


@asynccontextmanager
async def frozen(database_url):
    """Another node's transaction, which stays open; what it wrote is undone."""
    other = open_database(database_url)
    try:
        async with other.write() as connection:
            yield connection
            await connection.rollback()
    finally:
        await other.close()


@asynccontextmanager
async def held(database_url, chat):
    async with frozen(database_url) as connection:
        await store.load_for_update(connection, {("acme", chat)})
        yield


def say(spine, who, chat, number):
    return spine.submit(who, chat, SendMessage(f"m-{number}", f"line {number}"))


async def outcomes(*submitted):
    async with asyncio.timeout(20):
        return await asyncio.gather(*submitted, return_exceptions=True)


async def test_who_writes_beside_a_held_chat_is_stored(spine, database_url):
    stuck, free = await spine.open(VERA), await spine.open(VIC)
    async with held(database_url, stuck):
        refused, stored, marked, opened, missing = await outcomes(
            say(spine, VERA, stuck, 1),
            say(spine, VIC, free, 2),
            spine.submit(ANN, free, MarkRead(1)),
            spine.submit(ROLF, "", Open("stall", "rolf")),
            say(spine, ANN, "no-chat", 3),
        )
    assert isinstance(refused, Unavailable)
    assert not isinstance(refused, NotStored)
    assert 0 < refused.retry_after <= 1
    assert (stored.fact.seq, marked.duplicate, opened.state.seq) == (2, False, 1)
    assert isinstance(missing, NotFound)
    assert (await spine.say(VERA, stuck, "line 1", client_id="m-1")).fact.seq == 2


async def test_a_chat_that_is_known_to_be_held_is_not_waited_for_again(spine, database_url):
    stuck, free = await spine.open(VERA), await spine.open(VIC)
    async with held(database_url, stuck):
        await outcomes(say(spine, VERA, stuck, 1))
        for number in range(2, 6):
            refused, stored = await outcomes(
                say(spine, VERA, stuck, number), say(spine, VIC, free, number)
            )
            assert isinstance(refused, Unavailable)
            assert stored.fact.seq == number
    assert spine.conversations.failures == {"unavailable": 1}  # transactions that waited
    assert (await spine.say(VERA, stuck)).fact.seq == 2


async def test_who_opens_what_a_frozen_node_was_about_to_open_keeps_nobody_else(
    spine, database_url
):
    free = await spine.open(VIC)
    async with frozen(database_url) as connection:
        row = begin("theirs", "acme", Opened("shop", "vera"), spine.clock.now())
        await store.insert_rows(connection, [row])
        refused, stored = await outcomes(
            spine.submit(VERA, "", Open("shop", "vera")), say(spine, VIC, free, 1)
        )
    assert isinstance(refused, Unavailable)
    assert stored.fact.seq == 2
    assert (await spine.submit(VERA, "", Open("shop", "vera"))).fact.seq == 1


async def test_the_log_is_everybodys_and_nobody_is_tried_alone(spine, database_url):
    chat = await spine.open(VERA)
    async with locked(database_url):
        refused = await outcomes(*(say(spine, VERA, chat, n) for n in range(50)))
    assert {type(one) for one in refused} == {NotStored}
