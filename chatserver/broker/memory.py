"""The broker of a single process: topics are lists of functions."""

import asyncio
from collections.abc import Callable

from chatserver.broker.base import Listener, Unsubscribe
from chatserver.broker.listeners import Listeners


class MemoryBroker:
    """Delivers on the next turn of the loop, as a network would: a publisher's own stack never runs
    a listener. `soon` is the loop's `call_soon`."""

    degraded = False
    waiting = lost = 0

    def __init__(self, soon: Callable[..., object]) -> None:
        self._soon = soon
        self._listeners = Listeners()
        self._closed = False
        self.doubt = asyncio.Event()  # nothing gets lost here

    def publish(self, topic: str, hint: bytes) -> None:
        if not self._closed and topic in self._listeners:
            self._soon(self._listeners.deliver, topic, hint)

    def subscribe(self, topic: str, listener: Listener) -> Unsubscribe:
        return self._listeners.add(topic, listener)

    async def settled(self) -> None:
        return

    async def close(self) -> None:
        self._closed = True
        self._listeners.clear()
