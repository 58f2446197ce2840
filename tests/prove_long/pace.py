"""The simulator's schedule by the clock on the wall, so that the same clients run on real time."""

import asyncio
from datetime import datetime
from time import monotonic
from typing import Any

from chatserver.clock import SystemClock
from tests.prove.schedule import Entry, Run


class Pace:
    """Stands in for `Schedule`. Seconds count from its making."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._began = monotonic()  # not the loop's: it looks at the clock once a turn
        self._began_at = SystemClock().now()

    @property
    def now(self) -> float:
        return monotonic() - self._began

    def at(self, moment: datetime) -> float:
        """When something happened that another process has timed."""
        return (moment - self._began_at).total_seconds()

    def after(self, seconds: float, run: Run, *args: Any) -> Entry:
        entry = [self.now + seconds, 0, run, args]
        self._loop.call_later(seconds, _ring, entry)
        return entry

    def soon(self, run: Run, *args: Any) -> None:
        self._loop.call_soon(run, *args)


def _ring(entry: Entry) -> None:
    _, _, run, args = entry
    if run is not None:
        run(*args)
