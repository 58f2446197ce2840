"""More come than can be let in: over real sockets and polls each is told when to come back."""

import asyncio
from contextlib import AsyncExitStack

import pytest_asyncio

from chatserver.protocol.codes import CloseCode
from tests.support.inside import run_inside, until
from tests.support.sockets import dial, frame_boot, open_agent, site_key


@pytest_asyncio.fixture
async def house(tmp_path):
    async with run_inside(tmp_path, arrivals_at_once=1, arrival_wait_seconds=0.0) as inside:
        yield inside


async def greet(house, stack, site):
    wire = await stack.enter_async_context(dial(house, "/ws/visitor"))
    ticket = (await frame_boot(house, site))["ticket"]
    await wire.send({"t": "hello", "v": 2, "site": site, "ticket": ticket, "tab": "t"})
    return wire


async def test_one_waits_in_its_place_and_the_next_is_told_when_to_come_back(house):
    site, arrivals = await site_key(house), house.app.parts.realtime.visitor_arrivals
    async with AsyncExitStack() as stack:
        async with arrivals.turn():
            first = await greet(house, stack, site)
            await until(lambda: arrivals.waiting == 1)
            second = await greet(house, stack, site)
            assert (await second.until("drain"))["reconnect_in_ms"] > 0
            assert await second.close_code() == CloseCode.TRY_LATER
        assert (await first.until("welcome"))["session"]


async def test_agents_do_not_stand_behind_visitors(house):
    crowd = house.app.parts.realtime.visitor_arrivals.turn()
    async with crowd, asyncio.timeout(10), open_agent(house, "ann@teahouse.example") as ann:
        assert ann.welcome["you"]["name"]
