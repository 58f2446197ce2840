"""One node of the service without sockets: what carries facts from a commit to whoever listens."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from chatserver.broker.memory import MemoryBroker
from chatserver.identity.directory import Directory
from chatserver.realtime.hub import Hub
from chatserver.realtime.inbox import InboxFeed
from chatserver.realtime.presence import Presence
from chatserver.realtime.relay import Relay
from chatserver.realtime.rows import RowReader
from chatserver.realtime.tail import Tail
from chatserver.tasks import Supervisor
from tests.support.world import Spine


class LossyBroker(MemoryBroker):
    """A network that loses what it is told to lose."""

    def __init__(self) -> None:
        super().__init__(asyncio.get_running_loop().call_soon)
        self.is_down = False

    def publish(self, topic: str, hint: bytes) -> None:
        if not self.is_down:
            super().publish(topic, hint)


@dataclass
class Node:
    spine: Spine
    broker: LossyBroker
    hub: Hub
    rows: RowReader
    inbox: InboxFeed
    tail: Tail

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
async def open_node(spine: Spine) -> AsyncIterator[Node]:
    """Relay, hub, inbox and tail around a spine; the tail reads when a test calls it."""
    loop = asyncio.get_running_loop()
    broker = LossyBroker()
    hub = Hub(broker)
    presence = Presence(broker, loop.call_later)
    rows = RowReader(spine.database, Directory(), presence)
    supervisor = Supervisor()
    inbox = InboxFeed(hub, rows, supervisor)
    tail = Tail(database=spine.database, broker=broker, hub=hub, inbox=inbox, seconds=3)
    spine.told.append(Relay(broker).announce)
    await tail.read_once()
    try:
        yield Node(spine, broker, hub, rows, inbox, tail)
    finally:
        await supervisor.close()
        await broker.close()
