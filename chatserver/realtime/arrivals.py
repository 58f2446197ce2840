"""Lets hellos in a few at a time. When thousands come at once, as after the death of a process,
each one that would wait too long is told when it will be its turn, instead of being worked on when
its client has long given up."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from chatserver.errors import Unavailable

# How long one takes, in seconds, before any was measured; and how much the newest one counts.
FIRST_GUESS = 0.01
WEIGHT = 0.1
# A crowd at the door slows down whoever is being let in: they wait for the loop, not for each
# other. Nothing is reckoned slower than this, or a service with nothing to do would let nobody in.
SLOWEST = 0.015
# Nobody is sent away for longer, in seconds: by then other processes may have started. Those who
# would be come back within the half of it before that, not all at the same moment.
LONGEST = 60.0


class Arrivals:
    """Of one kind of client. `monotonic` gives seconds, `refused` counts who was sent away."""

    def __init__(
        self,
        *,
        at_once: int,
        wait_seconds: float,
        monotonic: Callable[[], float],
        refused: Callable[[], None],
    ) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._wait_seconds = wait_seconds
        self._monotonic = monotonic
        self._refused = refused
        self._pace = FIRST_GUESS
        self._since = 0.0  # the last end, or when somebody began to wait
        self._promised_until = 0.0
        self.waiting = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Waits for a place. Raises Unavailable, with `retry_after`, when that would be long."""
        if self.waiting * self._pace > self._wait_seconds:
            self._refused()
            raise Unavailable("many come at the same time", retry_after=self._next_turn())
        if not self.waiting:
            self._since = self._monotonic()
        self.waiting += 1
        try:
            await self._places.acquire()
        finally:
            self.waiting -= 1
        try:
            yield
        finally:
            self._measure()
            self._places.release()

    def _next_turn(self) -> float:
        """Behind everybody who waits here or was given a later time."""
        now = self._monotonic()
        self._promised_until = max(self._promised_until, now + self._wait_seconds) + self._pace
        if self._promised_until - now > LONGEST:
            self._promised_until -= LONGEST / 2
        return self._promised_until - now

    def _measure(self) -> None:
        """From one end to the next, as long as somebody waits."""
        if self.waiting:
            now = self._monotonic()
            self._pace += WEIGHT * (min(now - self._since, SLOWEST) - self._pace)
            self._since = now
