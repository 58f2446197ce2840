"""A visitor's tabs on several nodes: counted together, and the oldest one has to go."""

import asyncio

import pytest

from chatserver.protocol.codes import CloseCode
from chatserver.realtime.places import Places
from tests.support.clock import FakeClock
from tests.support.nodes import LossyBroker, OpenBroker

VERA = "visitor vera"
LIMIT = 3


class Tab:
    def __init__(self) -> None:
        self.is_told_to_go = asyncio.Event()

    def hang(self, code: CloseCode, _reason: str) -> None:
        assert code is CloseCode.REPLACED
        self.is_told_to_go.set()


class Node:
    def __init__(self, name: str, broker: LossyBroker, clock: FakeClock) -> None:
        self.broker = broker
        self.clock = clock
        self.places = Places(name, broker, clock)

    async def open(self, tab: Tab, principal: str = VERA):
        """The result closes the tab."""
        self.clock.advance(1)
        leave = self.places.join(principal, tab, LIMIT)
        await self.broker.settled()
        return leave


@pytest.fixture
async def nodes(open_bus: OpenBroker, clock: FakeClock) -> list[Node]:
    return [Node(name, LossyBroker(await open_bus(name)), clock) for name in ("one", "two")]


async def told(tab: Tab) -> None:
    async with asyncio.timeout(10):
        await tab.is_told_to_go.wait()


async def test_beyond_the_limit_the_oldest_tab_goes_wherever_it_is(nodes):
    tabs = [Tab() for _ in range(5)]
    for number, tab in enumerate(tabs):
        await nodes[number % 2].open(tab)
    await told(tabs[0])
    await told(tabs[1])
    assert [tab.is_told_to_go.is_set() for tab in tabs[2:]] == [False] * 3


async def test_a_tab_that_was_closed_counts_nowhere(nodes):
    here, there = nodes
    oldest = Tab()
    await here.open(oldest)
    for _ in range(LIMIT):
        (await there.open(Tab()))()
    marker, mark = Tab(), Tab()
    await here.open(marker, "visitor vic")
    for _ in range(LIMIT):  # everything that was said before has been heard by then
        await there.open(mark, "visitor vic")
    await told(marker)
    assert not oldest.is_told_to_go.is_set()


async def test_tabs_of_a_node_that_is_gone_count_no_more(nodes):
    here, there = nodes
    oldest, second = Tab(), Tab()
    await here.open(oldest)
    for _ in range(LIMIT - 1):
        await there.open(Tab())
    await here.open(second, "visitor vic")
    for _ in range(LIMIT):
        await there.open(Tab(), "visitor vic")
    await told(second)
    here.places.forget("two")
    for _ in range(LIMIT - 1):
        await here.open(Tab())
    assert not oldest.is_told_to_go.is_set()
    await here.open(Tab())
    await told(oldest)


async def test_without_the_bus_each_node_counts_for_itself(nodes):
    here, there = nodes
    for node in nodes:
        node.broker.is_down = True
    oldest = Tab()
    await here.open(oldest)
    for _ in range(LIMIT):
        await there.open(Tab())
    for _ in range(LIMIT - 1):
        await here.open(Tab())
    assert not oldest.is_told_to_go.is_set()
    await here.open(Tab())
    await told(oldest)


async def test_who_left_for_good_is_forgotten(nodes):
    here, there = nodes
    leave, leave_there = await here.open(Tab()), await there.open(Tab())
    leave()
    leave_there()
    assert len(here.places) == len(there.places) == 0
