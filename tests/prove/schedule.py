"""Simulated time: what runs when. Nothing here waits, and no real clock is read."""

from collections import deque
from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

# [when, number, run, arguments]: a list, so that a timer is called off by emptying its third place.
Entry = list[Any]
Run = Callable[..., object]


class Schedule:
    """Runs what falls due, in order of time and then of asking."""

    def __init__(self) -> None:
        self.now = 0.0
        self.ran = 0
        self._heap: list[Entry] = []
        self._soon: deque[tuple[Run, tuple[Any, ...]]] = deque()

    def after(self, seconds: float, run: Run, *args: Any) -> Entry:
        self.ran += 1
        entry = [self.now + seconds, self.ran, run, args]
        heappush(self._heap, entry)
        return entry

    def soon(self, run: Run, *args: Any) -> None:
        """When the present step has ended, before time moves on."""
        self._soon.append((run, args))

    def settle(self) -> None:
        soon = self._soon
        while soon:
            run, args = soon.popleft()
            run(*args)

    def run_until(self, end: float) -> None:
        heap = self._heap
        self.settle()
        while heap and heap[0][0] <= end:
            when, _, run, args = heappop(heap)
            if run is not None:
                self.now = when
                run(*args)
                if self._soon:
                    self.settle()
        self.now = end


def cancel(entry: Entry | None) -> None:
    if entry is not None:
        entry[2] = None


class Clock:
    """A client's time: timers that go on evenly, and a wall clock that may jump."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self.jump_ms: float = 0.0
        self.stopped = False

    def now(self) -> float:
        """Milliseconds, as `Date.now()` would say."""
        return self._schedule.now * 1000 + self.jump_ms

    def later(self, ms: float, run: Run, *args: Any) -> Entry:
        return self._schedule.after(ms / 1000, self._ring, run, args)

    def soon(self, run: Run, *args: Any) -> None:
        self._schedule.soon(self._ring, run, args)

    def _ring(self, run: Run, args: tuple[Any, ...]) -> None:
        if not self.stopped:
            run(*args)
