"""What waits to be published: bounded, because a bus that is slow must not cost memory."""

import asyncio
from collections import deque

# Hints and bytes that may wait: seconds of a very busy node. What does not fit is dropped, and
# whoever needs it finds the fact in the log.
MOST_HINTS = 10_000
MOST_BYTES = 16 * 1024 * 1024
# Hints of one round trip.
BATCH = 500

Message = tuple[str, bytes]


class Outgoing:
    """A queue with an end. `lost` counts what was dropped since it was made."""

    def __init__(self, most_hints: int = MOST_HINTS, most_bytes: int = MOST_BYTES) -> None:
        self._most_hints = most_hints
        self._most_bytes = most_bytes
        self._waiting: deque[Message] = deque()
        self._bytes = 0
        self._news = asyncio.Event()
        self._has_lost = False
        self.is_open = False
        self.lost = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, topic: str, data: bytes) -> None:
        """Never waits; drops the newest when there is no room or nobody to send it."""
        is_full = len(self._waiting) >= self._most_hints or self._bytes > self._most_bytes
        if is_full or not self.is_open:
            self._has_lost = True
            self.lost += 1
            return
        self._waiting.append((topic, data))
        self._bytes += len(data)
        self._news.set()

    async def take(self) -> list[Message]:
        """The oldest ones, in order, as soon as there are any."""
        await self._news.wait()
        batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
        self._bytes -= sum(len(data) for _, data in batch)
        if not self._waiting:
            self._news.clear()
        return batch

    def close(self) -> None:
        """The connection is gone. What waited may be stale when there is another one."""
        self.is_open = False
        self._has_lost = True
        self.lost += len(self._waiting)
        self._waiting.clear()
        self._bytes = 0
        self._news.clear()

    def admit_loss(self) -> bool:
        """Whether something was dropped since the last call."""
        lost, self._has_lost = self._has_lost, False
        return lost
