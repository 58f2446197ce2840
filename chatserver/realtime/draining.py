"""Sends clients elsewhere before this process stops: a few at a time, each with its own delay."""

import asyncio
from collections.abc import Callable

from chatserver import failpoint
from chatserver.failpoint import Failpoint
from chatserver.realtime.crowd import Crowd

# Clients told per second. A node that gives up 10,000 sockets at once makes a storm for the others.
PER_SECOND = 200
# A slice of clients every so often, in seconds.
PAUSE_SECONDS = 0.1


class Draining:
    """Run once, when the process has been asked to stop. `random` gives numbers in [0, 1)."""

    def __init__(self, crowd: Crowd, *, seconds: float, random: Callable[[], float]) -> None:
        self._crowd = crowd
        self._limit = seconds
        self._random = random
        self.has_begun = False

    async def run(self) -> None:
        """Tells everybody within min(limit, n / 200) seconds, the time they have to come back."""
        self.has_begun = True
        self._crowd.close()
        members = list(self._crowd)
        spread = min(self._limit, len(members) / PER_SECOND)
        rounds = max(1, round(spread / PAUSE_SECONDS))
        size = -(-len(members) // rounds)
        for index in range(rounds):
            for member in members[index * size : (index + 1) * size]:
                member.drain(round(self._random() * spread * 1000))
            await asyncio.sleep(PAUSE_SECONDS)
            failpoint.reach(Failpoint.DURING_DRAIN)
