"""Keeps the inboxes of a node's agents current: realtime/inbox.py without a loop."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from chatserver.conversation.facts import Fact
from chatserver.errors import Unavailable
from chatserver.realtime.hints import RowHint, workspace_topic
from chatserver.realtime.inbox import INTERVAL
from chatserver.realtime.news import News
from tests.prove.reading import Rows, rows_behind
from tests.prove.socket import Task
from tests.prove.transaction import WORKSPACE

if TYPE_CHECKING:
    from tests.prove.node import Node


class Listener(Protocol):
    def rows_changed(self, rows: Rows) -> None: ...


class InboxFeed:
    """One reading for all consoles, at most four times a second."""

    def __init__(self, node: "Node") -> None:
        self._node = node
        self._listeners: dict[int, Listener] = {}
        self._unfollow: Callable[[], None] | None = None
        self._is_stale = self._is_running = False
        self._position = 0
        self._next = 0

    def join(self, listener: Listener, position: int) -> Callable[[], None]:
        if self._unfollow is None:
            self._unfollow = self._node.hub.follow(workspace_topic(WORKSPACE), self._heard)
            self._position = position
        self._next += 1
        key = self._next
        self._listeners[key] = listener

        def leave() -> None:
            if self._listeners.pop(key, None) and not self._listeners and self._unfollow:
                self._unfollow()
                self._unfollow = None

        return leave

    def conversation_changed(self, fact: Fact) -> None:
        """A change found in the log; news only when no reading has covered it."""
        if self._listeners and fact.position > self._position:
            self._heard("", RowHint(fact.conversation_id))

    def _heard(self, _topic: str, news: News) -> None:
        self._is_stale |= isinstance(news, RowHint)
        if not self._is_running:
            self._is_running = True
            self._node.spawn(self._read())

    def _read(self) -> Task:
        while self._listeners and self._is_stale:
            self._is_stale = False
            try:
                yield from self._read_once()
            except Unavailable:
                self._is_stale = True
            yield INTERVAL
        self._is_running = False

    def _read_once(self) -> Task:
        yield from self._node.reading()
        rows = rows_behind(self._node.store, self._position)
        yield from self._node.answering()
        self._position = rows.position
        self._is_stale |= rows.more
        for listener in list(self._listeners.values()):
            listener.rows_changed(rows)
