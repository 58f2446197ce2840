"""Filling what is missing: catchup.ts. Holes, a head not reached, older pages."""

from typing import Any, Protocol

from chatserver.protocol import visitor as wire
from chatserver.protocol.shared import Problem
from tests.prove.client.connection import Connection
from tests.prove.client.requests import Outcome, Requests
from tests.prove.client.thread import VisitorState
from tests.prove.schedule import Clock

PAGE = 50
GRACE_MS = 2_000


class Tab(Protocol):
    clock: Clock
    connection: Connection


class CatchUp:
    def __init__(self, tab: Tab, state: VisitorState, requests: Requests) -> None:
        self._tab, self._state, self._requests = tab, state, requests
        self._repairing = False
        self._loading_earlier = False

    def expect(self, head: int) -> None:
        """The server's conversation reaches this far; ask if we do not get there by ourselves."""
        if self._state.last < head:
            self._tab.clock.later(GRACE_MS, self._look, self._state.conversation, head)

    def repair(self) -> None:
        """Numbers are missing: ask for them once, then start over."""
        if self._repairing or self._state.conversation is None:
            return
        self._repairing = True
        last = self._state.last

        def loaded(filled: bool) -> None:
            self._repairing = False
            if not filled or not self._state.has_hole:
                return
            if self._state.last == last:
                self._tab.connection.drop()
            else:
                self.repair()

        self._load({"after": last} if last > 0 else {}, loaded)

    def earlier(self) -> None:
        first = self._state.first
        if first <= 1 or self._loading_earlier:
            return
        self._loading_earlier = True

        def loaded(_filled: bool) -> None:
            self._loading_earlier = False

        self._load({"before": first}, loaded)

    def _look(self, conversation: str | None, head: int) -> None:
        behind = self._state.conversation == conversation and self._state.last < head
        if behind and self._tab.connection.stage == "live":
            self.repair()

    def _load(self, window: dict[str, int], then: Any) -> None:
        conversation = self._state.conversation
        if conversation is None:
            then(False)
            return

        def arrived(outcome: Outcome) -> None:
            if not isinstance(outcome, Problem) and conversation == self._state.conversation:
                self._state.add(outcome.facts or [])
            then(not isinstance(outcome, Problem))

        self._requests.ask(lambda id: wire.History(id, conversation, limit=PAGE, **window), arrived)
