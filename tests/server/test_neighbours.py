"""Who is here, seen from several nodes: the same everywhere; who is only unheard is not gone."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import pytest

from chatserver.realtime.hints import (
    AgentHint,
    CertaintyHint,
    VisitorHint,
    presence_topic,
    workspace_topic,
)
from chatserver.realtime.neighbours import LEASE_SECONDS
from tests.support.nodes import Node, OpenBroker, open_node
from tests.support.world import Spine

ANN, VERA = ("acme", "ann"), ("acme", "vera")
OpenNode = Callable[[str], "asyncio.Future[Node]"]


@pytest.fixture
async def meet(spine: Spine, open_bus: OpenBroker) -> AsyncIterator[OpenNode]:
    """Opens a node that has met those opened before."""
    async with AsyncExitStack() as exits:

        async def meet(name: str) -> Node:
            bus = await open_bus(name)
            node = await exits.enter_async_context(open_node(spine, bus, name=name))
            await node.neighbours.meet()
            return node

        yield meet


@pytest.fixture
async def here(meet: OpenNode) -> Node:
    return await meet("here")


@pytest.fixture
async def there(here: Node, meet: OpenNode) -> Node:
    return await meet("there")


class Told(list[object]):
    """News of a topic; lets a test wait for what it says to be so."""

    def __init__(self, node: Node, topic: str) -> None:
        super().__init__()
        self._news = asyncio.Event()
        node.hub.follow(topic, self._hear)

    async def until(self, is_so: Callable[[], object]) -> None:
        async with asyncio.timeout(10):
            while not is_so():
                self._news.clear()
                await self._news.wait()

    def _hear(self, _topic: str, news: object) -> None:
        self.append(news)
        self._news.set()


def visitors(node: Node) -> Told:
    return Told(node, workspace_topic("acme"))


def agents(node: Node) -> Told:
    return Told(node, presence_topic("acme"))


async def test_a_visitor_of_one_node_is_online_for_the_agents_of_another(here, there):
    told = visitors(there)
    here.presence.visitor_came(*VERA)
    await told.until(lambda: there.presence.is_online(*VERA))
    assert told == [VisitorHint("vera")]


async def test_who_left_one_node_and_came_to_another_never_left(here, there):
    told, told_there = visitors(here), visitors(there)
    here.presence.visitor_came(*VERA)
    await told_there.until(lambda: there.presence.is_online(*VERA))
    there.presence.visitor_came(*VERA)
    here.presence.visitor_left(*VERA)
    here.presence.visitor_came("acme", "vic")
    here.delays.pass_by(5)
    await told_there.until(lambda: there.presence.is_online("acme", "vic"))
    assert there.presence.is_online(*VERA)
    there.presence.visitor_left(*VERA)
    there.delays.pass_by(5)
    await told.until(lambda: not here.presence.is_online(*VERA))
    await told_there.until(lambda: not there.presence.is_online(*VERA))


async def test_an_agent_of_one_node_takes_chats_on_all_of_them(here, there):
    told = agents(there)
    assert there.presence.availability("acme") == "offline"
    here.presence.agent_came(*ANN, "Ann")
    await told.until(lambda: there.presence.availability("acme") == "online")
    assert told == [AgentHint("ann", "Ann", "online")]
    assert there.presence.statuses("acme") == {"ann": "online"}
    assert there.presence.statuses("rival") == {}


async def test_a_chosen_status_holds_on_every_node_and_moves_along(here, there):
    told = agents(there)
    here.presence.agent_came(*ANN, "Ann")
    here.presence.choose_status(*ANN, "away")
    await told.until(lambda: there.presence.status(*ANN) == "away")
    here.presence.agent_left(*ANN)
    here.delays.pass_by(15)
    await told.until(lambda: there.presence.status(*ANN) == "offline")
    assert there.presence.agent_came(*ANN, "Ann") == "away"


async def test_the_latest_choice_counts_wherever_it_was_made(here, there, clock):
    told_here, told_there = agents(here), agents(there)
    here.presence.agent_came(*ANN, "Ann")
    here.presence.choose_status(*ANN, "away")
    await told_there.until(lambda: there.presence.status(*ANN) == "away")
    clock.advance(1)
    there.presence.choose_status(*ANN, "online")
    await told_here.until(lambda: here.presence.status(*ANN) == "online")


async def test_a_node_that_joins_late_learns_who_is_here(here, meet):
    here.presence.visitor_came(*VERA)
    here.presence.agent_came(*ANN, "Ann")
    here.presence.choose_status(*ANN, "away")
    late = await meet("late")
    await agents(late).until(lambda: late.presence.status(*ANN) == "away")
    assert late.presence.is_online(*VERA)
    assert late.presence.name(ANN) == "Ann"


async def test_a_change_that_got_lost_is_asked_for(here, there):
    told = visitors(there)
    here.broker.is_down = True
    here.presence.visitor_came(*VERA)
    async with asyncio.timeout(10):
        await here.broker.has_lost.wait()
    here.broker.is_down = False
    await here.neighbours.renew()
    await told.until(lambda: there.presence.is_online(*VERA))


async def test_people_of_a_node_that_died_stay_for_its_lease_and_then_go(here, there, clock):
    """The other node renews neither its lease on the bus nor the one in the database."""
    told = visitors(there)
    here.presence.visitor_came(*VERA)
    await told.until(lambda: there.presence.is_online(*VERA))
    here.broker.is_down = True
    clock.advance(LEASE_SECONDS)
    await there.neighbours.renew()
    assert there.presence.is_online(*VERA)
    clock.advance(1)
    await there.neighbours.renew()
    await told.until(lambda: len(told) == 2)
    assert not there.presence.is_online(*VERA)


async def test_a_node_without_bus_keeps_everybody_it_knew(here, there, clock):
    """It is the one that hears nothing: unknown is not absent."""
    told = visitors(there)
    here.presence.visitor_came(*VERA)
    await told.until(lambda: there.presence.is_online(*VERA))
    there.broker.looks_down = True
    for _ in range(3):
        clock.advance(LEASE_SECONDS)
        await there.neighbours.renew()
    there.broker.looks_down = False
    clock.advance(LEASE_SECONDS - 1)
    await there.neighbours.renew()
    assert there.presence.is_online(*VERA)


async def test_a_node_that_is_cut_off_but_at_work_keeps_its_people(here, there, clock):
    """Nobody hears it, and still it tells the database that it lives."""
    told = visitors(there)
    here.presence.visitor_came(*VERA)
    await told.until(lambda: there.presence.is_online(*VERA))
    here.broker.is_down = True
    for _ in range(3):
        clock.advance(LEASE_SECONDS - 5)
        await here.neighbours.renew()
        await there.neighbours.renew()
        assert there.presence.is_online(*VERA)
    await here.neighbours.leave()
    clock.advance(LEASE_SECONDS + 1)
    await there.neighbours.renew()
    assert not there.presence.is_online(*VERA)


async def test_who_leaves_a_draining_node_has_not_left(here, there):
    told = agents(there)
    here.presence.agent_came(*ANN, "Ann")
    await told.until(lambda: there.presence.status(*ANN) == "online")
    here.is_draining = True
    here.presence.agent_left(*ANN)
    here.presence.agent_came("acme", "bob", "Bob")
    here.delays.pass_by(15)
    await told.until(lambda: there.presence.status("acme", "bob") == "online")
    assert there.presence.status(*ANN) == "online"


async def test_a_node_that_never_heard_the_others_does_not_say_nobody_is_there(spine, open_bus):
    async with open_node(spine, await open_bus("alone"), name="alone") as node:
        node.broker.looks_down = True
        await node.neighbours.meet()
        told = agents(node)
        assert node.presence.availability("acme") == "online"
        assert not node.presence.is_absent(*VERA)
        node.broker.looks_down = False
        await node.neighbours.renew()
        await told.until(lambda: told == [CertaintyHint()])
        assert node.presence.availability("acme") == "offline"
        assert node.presence.is_absent(*VERA)


async def test_a_bus_that_stays_bad_is_told_once_and_so_is_its_return(here):
    told = []
    here.neighbours.changed.append(lambda: told.append(here.broker.degraded))
    for looks_down in (False, True, True, False, False):
        here.broker.looks_down = looks_down
        await here.neighbours.renew()
    assert told == [True, False]


async def test_noise_on_the_bus_changes_nothing(here, there, caplog):
    told = visitors(there)
    here.broker.publish("nodes", b"noise")
    here.presence.visitor_came(*VERA)
    await told.until(lambda: there.presence.is_online(*VERA))
    assert "unreadable news of a node" in caplog.text
