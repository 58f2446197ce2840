"""One subscription per topic, however many connections listen; each hint is decoded once and each
fact encoded once per audience."""

import logging
from collections.abc import Callable

import msgspec

from chatserver.broker.base import Broker, Unsubscribe
from chatserver.conversation.events import begins_for
from chatserver.conversation.facts import Fact
from chatserver.realtime.hints import (
    FactsHint,
    RowHint,
    conversation_topic,
    decode,
    visitor_topic,
)
from chatserver.realtime.news import Delivery, News

log = logging.getLogger(__name__)


Listener = Callable[[str, News], None]


class Hub:
    """Fans hints out to this node's listeners. Knows topics, not stores or sockets."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._listeners: dict[str, dict[int, Listener]] = {}
        self._subscriptions: dict[str, Unsubscribe] = {}
        self._told: dict[str, int] = {}
        self._next = 0

    def follow(self, topic: str, listener: Listener) -> Unsubscribe:
        """Calls `listener(topic, news)` until the result is called; facts come one by one."""
        if topic not in self._subscriptions:
            self._subscriptions[topic] = self._broker.subscribe(topic, self._hinted)
            self._listeners[topic] = {}
        self._next += 1
        key = self._next
        self._listeners[topic][key] = listener

        def unfollow() -> None:
            listeners = self._listeners.get(topic)
            if listeners is None or listeners.pop(key, None) is None or listeners:
                return
            del self._listeners[topic]
            self._told.pop(topic, None)
            self._subscriptions.pop(topic)()

        return unfollow

    def began_anew(self) -> None:
        """Positions in the log mean something else now."""
        self._told.clear()

    def awaits(self, conversation_id: str, position: int) -> bool:
        """Whether somebody here follows the conversation and has not been told of anything as late
        in the log. Who was told of a later fact sees by its number that this one is missing."""
        topic = conversation_topic(conversation_id)
        return topic in self._listeners and position > self._told.get(topic, 0)

    def deliver(self, fact: Fact) -> None:
        """Hands a fact that was found in the log to whoever follows its conversation, and one that
        begins, or begins again, to its visitor's other tabs."""
        topic = conversation_topic(fact.conversation_id)
        if topic in self._listeners:
            self.tell(topic, Delivery(fact))
        if visitor_id := begins_for(fact.event):
            self.tell(visitor_topic(visitor_id), RowHint(fact.conversation_id))

    def tell(self, topic: str, news: News) -> None:
        """News of this node for its own listeners."""
        for listener in list(self._listeners.get(topic, {}).values()):
            listener(topic, news)

    def topics(self, prefix: str) -> list[str]:
        """What is followed here and begins so."""
        return [topic for topic in self._listeners if topic.startswith(prefix)]

    def _hinted(self, topic: str, data: bytes) -> None:
        try:
            hint = decode(data)
        except msgspec.MsgspecError:
            log.warning("unreadable hint", extra={"topic": topic[:2]})
            return
        if isinstance(hint, FactsHint):
            for fact in hint.facts:
                self.tell(topic, Delivery(fact))
                if fact.visitor_seq is not None and topic in self._listeners:
                    self._told[topic] = fact.position  # a note leaves no gap in a visitor's numbers
        else:
            self.tell(topic, hint)
