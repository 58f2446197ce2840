"""The contract every broker keeps.

A topic is a short string; a hint is bytes, made by whoever publishes. Delivery is at most once, in
order per publisher, to every current listener of every process, the publisher's own included.
Listeners are plain functions that must not block or raise: they run on the event loop.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol

Listener = Callable[[str, bytes], None]
Unsubscribe = Callable[[], None]


class Broker(Protocol):
    """Publishes hints and calls listeners."""

    @property
    def degraded(self) -> bool:
        """True while hints may be getting lost: readers should tail the log more often."""
        ...

    @property
    def doubt(self) -> asyncio.Event:
        """Set when hints were lost, or may have been. Who tails the log clears it and reads."""
        ...

    @property
    def waiting(self) -> int:
        """Hints that wait to be sent to other processes."""
        ...

    @property
    def lost(self) -> int:
        """Hints that were dropped instead, since this was opened."""
        ...

    def publish(self, topic: str, hint: bytes) -> None:
        """Never waits and never fails for the caller; a hint that cannot be sent is dropped."""
        ...

    def subscribe(self, topic: str, listener: Listener) -> Unsubscribe:
        """Calls `listener(topic, hint)` for every hint from now on, until the result is called.
        What other processes publish comes once the subscription has `settled`."""
        ...

    async def settled(self) -> None:
        """Waits until every subscription asked for so far is in force: a snapshot that is read
        after it misses nothing. Returns soon also where that cannot be had; `doubt` follows."""
        ...

    async def close(self) -> None:
        """Ends delivery; later publishes are dropped."""
        ...
