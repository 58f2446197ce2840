"""How often something may happen, on all nodes together: the contract, and one process's form.

A bucket holds `burst` tokens and gets `rate` a second. Keys are names for whatever is bounded; no
bucket is kept for longer than it takes to fill.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Protocol

from chatserver.clock import Clock

# Each key costs some 200 bytes: 20 MB at most. The one unused longest makes room.
MOST_KEYS = 100_000
# Who waited exactly as long as told must not fail by rounding.
ALMOST = 1 - 1e-6


@dataclass(frozen=True, slots=True)
class Size:
    """Both above zero."""

    rate: float
    burst: float


class Buckets(Protocol):
    async def take(self, key: str, size: Size) -> float:
        """Takes a token: 0, or the seconds until there is one. Never fails."""
        ...

    async def give_back(self, key: str, size: Size) -> None:
        """One token more, as if it had never been taken."""
        ...

    async def fill(self, key: str) -> None:
        """Forgets what was taken."""
        ...


class MemoryBuckets:
    """Of this process alone."""

    def __init__(self, clock: Clock, most_keys: int = MOST_KEYS) -> None:
        self._clock = clock
        self._most_keys = most_keys
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._levels)

    async def take(self, key: str, size: Size) -> float:
        level = self._level(key, size)
        is_there = level >= ALMOST
        self._keep(key, max(0.0, level - 1) if is_there else level)
        return 0.0 if is_there else (1 - level) / size.rate

    async def give_back(self, key: str, size: Size) -> None:
        self._keep(key, min(size.burst, self._level(key, size) + 1))

    async def fill(self, key: str) -> None:
        self._levels.pop(key, None)

    def _level(self, key: str, size: Size) -> float:
        now = self._clock.monotonic()
        level, then = self._levels.pop(key, (size.burst, now))
        return min(size.burst, level + (now - then) * size.rate)

    def _keep(self, key: str, level: float) -> None:
        self._levels[key] = (level, self._clock.monotonic())
        while len(self._levels) > self._most_keys:
            self._levels.popitem(last=False)
