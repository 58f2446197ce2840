"""One node of the service without sockets: what carries facts from a commit to whoever listens, and
who is here to the other nodes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from chatserver.broker.base import Broker, Listener, Unsubscribe
from chatserver.broker.memory import MemoryBroker
from chatserver.identity.directory import Directory
from chatserver.realtime.hub import Hub
from chatserver.realtime.inbox import InboxFeed
from chatserver.realtime.neighbours import Neighbours
from chatserver.realtime.presence import Presence
from chatserver.realtime.relay import Relay
from chatserver.realtime.rows import RowReader
from chatserver.realtime.tail import Tail
from chatserver.realtime.witness import Witness
from chatserver.tasks import Supervisor
from tests.support.world import Spine

OpenBroker = Callable[[str], Awaitable[Broker]]


class LossyBroker:
    """A node's way to the bus, which loses what it is told to lose."""

    def __init__(self, bus: Broker) -> None:
        self._bus = bus
        self.doubt = bus.doubt
        self.is_down = False
        self.looks_down = False
        self.has_lost = asyncio.Event()

    @property
    def degraded(self) -> bool:
        return self.looks_down or self._bus.degraded

    @property
    def waiting(self) -> int:
        return self._bus.waiting

    @property
    def lost(self) -> int:
        return self._bus.lost

    def publish(self, topic: str, hint: bytes) -> None:
        if self.is_down:
            self.has_lost.set()
        else:
            self._bus.publish(topic, hint)

    def subscribe(self, topic: str, listener: Listener) -> Unsubscribe:
        def hear(topic: str, hint: bytes) -> None:
            if not self.is_down:
                listener(topic, hint)

        return self._bus.subscribe(topic, hear)

    async def settled(self) -> None:
        await self._bus.settled()

    async def close(self) -> None:
        """The node is gone; the bus may be that of others too."""
        self.is_down = True


class Delays:
    """`call_later` in the hands of a test: what is due at once comes at once."""

    def __init__(self) -> None:
        self._waiting: list[tuple[float, Callable[[], None]]] = []

    def __call__(self, seconds: float, call: Callable[[], None]) -> None:
        if seconds == 0:
            asyncio.get_running_loop().call_soon(call)
        else:
            self._waiting.append((seconds, call))

    def pass_by(self, seconds: float) -> None:
        due = [call for left, call in self._waiting if left <= seconds]
        self._waiting = [(left - seconds, call) for left, call in self._waiting if left > seconds]
        for call in due:
            call()


@dataclass
class Node:
    spine: Spine
    broker: LossyBroker
    hub: Hub
    presence: Presence
    rows: RowReader
    inbox: InboxFeed
    tail: Tail
    neighbours: Neighbours
    delays: Delays = field(default_factory=Delays)
    is_draining: bool = False

    def slow_tail(self) -> Tail:
        """One that reads on its own every hour."""
        return Tail(
            database=self.spine.database,
            broker=self.broker,
            hub=self.hub,
            inbox=self.inbox,
            seconds=3600,
        )


@asynccontextmanager
async def open_node(
    spine: Spine, bus: Broker | None = None, *, name: str = "node"
) -> AsyncIterator[Node]:
    """Relay, hub, inbox and tail around a spine; the tail reads when a test calls it, and the node
    meets others when a test says so."""
    broker = LossyBroker(bus or MemoryBroker(asyncio.get_running_loop().call_soon))
    hub, supervisor = Hub(broker), Supervisor()
    delays = Delays()
    presence = Presence(broker, hub, delays, spine.clock)
    rows = RowReader(spine.database, Directory(), presence)
    inbox = InboxFeed(hub, rows, supervisor)
    node = Node(
        spine=spine,
        broker=broker,
        hub=hub,
        presence=presence,
        rows=rows,
        inbox=inbox,
        tail=Tail(database=spine.database, broker=broker, hub=hub, inbox=inbox, seconds=3),
        neighbours=Neighbours(
            name,
            broker=broker,
            presence=presence,
            witness=Witness(name, spine.database, spine.clock),
            clock=spine.clock,
            is_draining=lambda: node.is_draining,
        ),
        delays=delays,
    )
    spine.told.append(Relay(broker).announce)
    await node.tail.begin()
    try:
        yield node
    finally:
        await supervisor.close()
        await broker.close()
