"""What every broker promises: hints in order, to every listener, and no harm from one of them."""

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest

from chatserver.broker.base import Broker, Listener, Unsubscribe
from chatserver.broker.memory import MemoryBroker
from chatserver.broker.redis import RedisBroker


class Across:
    """Two nodes seen as one broker: what the one publishes, listeners of the other hear."""

    def __init__(self, here: Broker, there: Broker) -> None:
        self._here, self._there = here, there
        self.doubt = there.doubt

    @property
    def degraded(self) -> bool:
        return self._here.degraded or self._there.degraded

    @property
    def waiting(self) -> int:
        return self._here.waiting

    @property
    def lost(self) -> int:
        return self._here.lost

    def publish(self, topic: str, hint: bytes) -> None:
        self._here.publish(topic, hint)

    def subscribe(self, topic: str, listener: Listener) -> Unsubscribe:
        return self._there.subscribe(topic, listener)

    async def settled(self) -> None:
        await self._there.settled()

    async def close(self) -> None:
        await self._here.close()
        await self._there.close()


@pytest.fixture(params=["memory", "redis", "redis across nodes"])
async def broker(request: pytest.FixtureRequest) -> AsyncIterator[Broker]:
    """One implementation after the other; each joins with a branch here."""
    if request.param == "memory":
        opened: Broker = MemoryBroker(asyncio.get_running_loop().call_soon)
    else:
        opened = await open_node(request, "here")
        if request.param == "redis across nodes":
            opened = Across(opened, await open_node(request, "there"))
    yield opened
    await opened.close()


async def open_node(request: pytest.FixtureRequest, name: str) -> RedisBroker:
    url, prefix = (request.getfixturevalue(word) for word in ("redis_url", "bus_prefix"))
    broker = RedisBroker(url, prefix=prefix, node=name)
    await broker.open()
    return broker


class Ear:
    """Hears topics and lets a test wait until it has heard enough."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self._news = asyncio.Event()

    def __call__(self, topic: str, hint: bytes) -> None:
        self.heard.append((topic, hint))
        self._news.set()

    async def until(self, hint: bytes) -> list[bytes]:
        """Everything heard up to this hint."""
        async with asyncio.timeout(5):
            while hint not in [one for _, one in self.heard]:
                self._news.clear()
                await self._news.wait()
        return [one for _, one in self.heard]


@pytest.fixture
def ear() -> Ear:
    return Ear()


async def test_hints_arrive_in_the_order_of_their_publisher(broker, ear):
    broker.subscribe("c:1", ear)
    await broker.settled()
    for number in range(200):
        broker.publish("c:1", b"%d" % number)
    assert await ear.until(b"199") == [b"%d" % number for number in range(200)]


async def test_order_holds_across_topics_of_one_listener(broker, ear):
    for topic in ("c:1", "c:2"):
        broker.subscribe(topic, ear)
    await broker.settled()
    for number in range(50):
        broker.publish(f"c:{1 + number % 2}", b"%d" % number)
    assert await ear.until(b"49") == [b"%d" % number for number in range(50)]


async def test_every_listener_of_a_topic_hears_and_nobody_else(broker, ear):
    second, stranger = Ear(), Ear()
    broker.subscribe("c:1", ear)
    broker.subscribe("c:1", second)
    broker.subscribe("c:2", stranger)
    await broker.settled()
    broker.publish("c:1", b"hi")
    broker.publish("c:2", b"end")
    assert await ear.until(b"hi") == await second.until(b"hi") == [b"hi"]
    assert await stranger.until(b"end") == [b"end"]


async def test_a_publisher_hears_itself_but_not_on_its_own_stack(broker, ear):
    broker.subscribe("c:1", ear)
    await broker.settled()
    broker.publish("c:1", b"hi")
    assert ear.heard == []
    assert await ear.until(b"hi") == [b"hi"]
    assert ear.heard == [("c:1", b"hi")]


async def test_who_unsubscribed_hears_nothing_more(broker, ear):
    quiet = Ear()
    unsubscribe = broker.subscribe("c:1", quiet)
    broker.subscribe("c:1", ear)
    await broker.settled()
    broker.publish("c:1", b"one")
    await quiet.until(b"one")
    unsubscribe()
    unsubscribe()
    broker.publish("c:1", b"two")
    await ear.until(b"two")
    assert quiet.heard == [("c:1", b"one")]


async def test_the_same_listener_twice_hears_twice_and_leaves_one_by_one(broker, ear):
    first = broker.subscribe("c:1", ear)
    broker.subscribe("c:1", ear)
    await broker.settled()
    broker.publish("c:1", b"both")
    broker.publish("c:1", b"end")
    assert await ear.until(b"end") == [b"both", b"both", b"end", b"end"][: len(ear.heard)]
    first()
    ear.heard.clear()
    broker.publish("c:1", b"one")
    broker.publish("c:1", b"over")
    assert await ear.until(b"over") == [b"one", b"over"]


async def test_a_listener_may_subscribe_and_leave_while_it_is_called(broker, ear):
    leave = []

    def restless(topic, hint):
        leave.pop()()
        broker.subscribe(topic, ear)

    leave.append(broker.subscribe("c:1", restless))
    await broker.settled()
    broker.publish("c:1", b"one")
    broker.publish("c:1", b"two")
    assert (await ear.until(b"two"))[-1] == b"two"


async def test_a_listener_that_fails_harms_nobody(broker, ear, caplog):
    def broken(topic, hint):
        raise RuntimeError("a bug")

    caplog.set_level(logging.CRITICAL)  # the report is wanted in service, not in this output
    broker.subscribe("c:1", broken)
    broker.subscribe("c:1", ear)
    await broker.settled()
    for hint in (b"one", b"two"):
        broker.publish("c:1", hint)
    assert await ear.until(b"two") == [b"one", b"two"]


async def test_a_hint_nobody_listens_to_is_dropped(broker, ear):
    witness = Ear()
    broker.subscribe("c:2", witness)
    await broker.settled()
    broker.publish("c:1", b"early")
    broker.publish("c:2", b"gone by now")
    await witness.until(b"gone by now")
    broker.subscribe("c:1", ear)
    await broker.settled()
    broker.publish("c:1", b"late")
    assert await ear.until(b"late") == [b"late"]


async def test_after_close_nothing_is_delivered(broker, ear):
    witness = Ear()
    broker.subscribe("c:1", ear)
    await broker.close()
    broker.publish("c:1", b"too late")
    asyncio.get_running_loop().call_soon(witness, "after", b"it")
    await witness.until(b"it")
    assert ear.heard == []


async def test_a_broker_that_loses_nothing_is_not_degraded(broker):
    assert broker.degraded is False
