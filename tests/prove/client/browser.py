"""What the tabs of one browser share: the shelf, the locks and the channel (tabs.ts, mirror.ts)."""

from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

from tests.prove.client.outgoing import Outgoing
from tests.prove.schedule import Clock, Entry, cancel

LOCK_PATIENCE_MS = 12_000

Done = Callable[[], None]
Work = Callable[[Done], None]


class Tab(Protocol):
    name: str
    clock: Clock

    def heard(self, news: tuple[Any, ...]) -> None: ...


class Browser:
    """`shelf` holds, by tab, what is not acknowledged yet. `has_locks` False: an old browser."""

    def __init__(self, *, has_locks: bool = True) -> None:
        self.shelf: dict[str, list[Outgoing]] = {}
        self.tabs: dict[str, Tab] = {}
        self._has_locks = has_locks
        self._lanes: dict[str, tuple[Tab, Done]] = {}
        self._queues: dict[str, deque[tuple[Tab, Work, Done, Entry]]] = {}

    def exclusively(self, tab: Tab, lane: str, work: Work, then: Done) -> None:
        """Does `work` while no other tab works on `lane`; who waits too long goes on without."""
        if not self._has_locks:
            work(then)
            return
        queue = self._queues.setdefault(lane, deque())
        patience = tab.clock.later(LOCK_PATIENCE_MS, self._give_up, lane, tab)
        queue.append((tab, work, then, patience))
        self._grant(lane)

    def if_gone(self, name: str, take: Done) -> None:
        if not self._has_locks or name not in self.tabs:
            take()

    def gone(self, tab: Tab) -> None:
        """The tab was closed or crashed: its locks are free."""
        self.tabs.pop(tab.name, None)
        for lane, queue in self._queues.items():
            self._queues[lane] = deque(waiting for waiting in queue if waiting[0] is not tab)
            if lane in self._lanes and self._lanes[lane][0] is tab:
                self._free(lane)

    def tell(self, sender: Tab, news: tuple[Any, ...]) -> None:
        for tab in list(self.tabs.values()):
            if tab is not sender:
                tab.clock.soon(tab.heard, news)

    def _grant(self, lane: str) -> None:
        queue = self._queues[lane]
        if lane in self._lanes or not queue:
            return
        tab, work, then, patience = queue.popleft()
        cancel(patience)

        def done() -> None:
            if self._lanes.get(lane, (None, None))[1] is done:
                self._free(lane)
            then()

        self._lanes[lane] = (tab, done)
        tab.clock.soon(work, done)

    def _free(self, lane: str) -> None:
        del self._lanes[lane]
        self._grant(lane)

    def _give_up(self, lane: str, tab: Tab) -> None:
        queue = self._queues[lane]
        for waiting in list(queue):
            if waiting[0] is tab:
                queue.remove(waiting)
                waiting[1](waiting[2])
                return
