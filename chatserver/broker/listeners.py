"""Who listens to what in this process; the part that every broker has in common."""

import logging

from chatserver.broker.base import Listener, Unsubscribe

log = logging.getLogger(__name__)


class Listeners:
    """Topics and their functions."""

    def __init__(self) -> None:
        self._topics: dict[str, dict[int, Listener]] = {}
        self._next = 0

    def __contains__(self, topic: str) -> bool:
        return topic in self._topics

    def topics(self) -> set[str]:
        return set(self._topics)

    def add(self, topic: str, listener: Listener) -> Unsubscribe:
        self._next += 1
        key = self._next
        self._topics.setdefault(topic, {})[key] = listener

        def remove() -> None:
            listeners = self._topics.get(topic, {})
            listeners.pop(key, None)
            if not listeners:
                self._topics.pop(topic, None)

        return remove

    def clear(self) -> None:
        self._topics.clear()

    def deliver(self, topic: str, hint: bytes) -> None:
        for listener in list(self._topics.get(topic, {}).values()):
            try:
                listener(topic, hint)
            except Exception:
                log.exception("listener failed", extra={"topic": topic.split(":")[0]})
