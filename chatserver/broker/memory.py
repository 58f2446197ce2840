"""The broker of a single process: topics are lists of functions."""

import logging
from collections.abc import Callable

from chatserver.broker.base import Listener, Unsubscribe

log = logging.getLogger(__name__)


class MemoryBroker:
    """Delivers on the next turn of the loop, as a network would: a publisher's own stack never runs
    a listener. `soon` is the loop's `call_soon`."""

    degraded = False

    def __init__(self, soon: Callable[..., object]) -> None:
        self._soon = soon
        self._topics: dict[str, dict[int, Listener]] = {}
        self._next = 0
        self._closed = False

    def publish(self, topic: str, hint: bytes) -> None:
        if not self._closed and topic in self._topics:
            self._soon(self._deliver, topic, hint)

    def subscribe(self, topic: str, listener: Listener) -> Unsubscribe:
        self._next += 1
        key = self._next
        self._topics.setdefault(topic, {})[key] = listener

        def unsubscribe() -> None:
            listeners = self._topics.get(topic, {})
            listeners.pop(key, None)
            if not listeners:
                self._topics.pop(topic, None)

        return unsubscribe

    async def close(self) -> None:
        self._closed = True
        self._topics.clear()

    def _deliver(self, topic: str, hint: bytes) -> None:
        for listener in list(self._topics.get(topic, {}).values()):
            try:
                listener(topic, hint)
            except Exception:
                log.exception("listener failed", extra={"topic": topic.split(":")[0]})
