"""Reads the log for what the hints did not bring: realtime/tail.py as a task."""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from chatserver.conversation.events import kind_of
from chatserver.errors import Unavailable
from chatserver.realtime.tail import ALWAYS, CHUNK, DEGRADED_SECONDS
from tests.prove.socket import Task

if TYPE_CHECKING:
    from tests.prove.node import Node

SECONDS = 3.0
BEGIN_SECONDS = 1.0


class Tail:
    def __init__(self, node: "Node") -> None:
        self._node = node
        self._position = 0

    def begin(self) -> Task:
        while True:
            try:
                yield from self._node.reading()
            except Unavailable:
                yield BEGIN_SECONDS
            else:
                self._position = self._node.store.position
                return

    def run(self) -> Task:
        while True:
            try:
                while (yield from self._read_once()):
                    pass
            except Unavailable:
                pass  # the next reading starts here again
            broker = self._node.broker
            yield broker.doubting(DEGRADED_SECONDS if broker.degraded else SECONDS)

    def _read_once(self) -> Generator[Any, Any, bool]:
        node = self._node
        yield from node.reading()
        facts = node.store.facts[self._position : self._position + CHUNK]
        self._position += len(facts)
        for fact in facts:
            is_new = kind_of(fact.event) in ALWAYS
            if is_new or node.hub.awaits(fact.conversation_id, fact.position):
                node.hub.deliver(fact)
            node.inbox.conversation_changed(fact)
        return len(facts) == CHUNK
