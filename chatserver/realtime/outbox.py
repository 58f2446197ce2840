"""What waits while a connection takes nothing: facts up to a bound, of small news only the newest.

The store is the queue for the rest. More here would be memory that a reader who never reads claims.
"""

import asyncio
from collections import deque
from typing import Any

from msgspec import Struct

from chatserver.protocol import agent, visitor
from chatserver.protocol.shared import Signal


class Bounds(Struct, frozen=True):
    """Most frames and bytes that wait; seconds until small news are left out, and until the
    connection is given up."""

    frames: int
    bytes: int
    signal_seconds: float
    slow_seconds: float


class Outbox:
    """Lives from the first write that waits until everything is written, which `is_empty` tells."""

    __slots__ = ("_bounds", "_frames", "_news", "bytes", "is_behind", "is_empty", "since")

    def __init__(self, bounds: Bounds, now: float) -> None:
        self._bounds = bounds
        self._frames: deque[bytes] = deque()
        self.bytes = 0
        self._news: dict[tuple[Any, ...], bytes] = {}
        self.since = now
        self.is_behind = False
        self.is_empty = asyncio.Event()

    def put(self, data: bytes) -> bool:
        """True when this was one too many: from now on the store has to be the queue."""
        self._frames.append(data)
        self.bytes += len(data)
        return self._fills(
            len(self._frames) > self._bounds.frames or self.bytes > self._bounds.bytes
        )

    def put_news(self, subject: tuple[Any, ...] | None, data: bytes, now: float) -> bool:
        """Small news, of which only the newest about a `subject` matters; None: it may get lost.
        As `put`."""
        if now - self.since < self._bounds.signal_seconds:
            return self.put(data)
        if subject is None:
            return False
        if subject in self._news or len(self._news) < self._bounds.frames:
            self._news[subject] = data
            return False
        return self._fills(True)

    def take(self) -> bytes | None:
        """What is next."""
        if self._frames:
            data = self._frames.popleft()
            self.bytes -= len(data)
            return data
        return self._news.pop(next(iter(self._news))) if self._news else None

    def clear(self) -> None:
        self._frames.clear()
        self._news.clear()
        self.bytes = 0

    def is_too_slow(self, now: float) -> bool:
        return now - self.since >= self._bounds.slow_seconds

    def _fills(self, is_full: bool) -> bool:
        begins = is_full and not self.is_behind
        self.is_behind = self.is_behind or is_full
        return begins


def is_small(frame: object) -> bool:
    """Whether a frame may be left out or replaced by a newer one. That another tab began a
    conversation may not: its facts follow."""
    if isinstance(frame, visitor.State):
        return frame.kind != "conversation"
    return isinstance(frame, Signal | agent.State)


def subject_of(frame: object) -> tuple[Any, ...] | None:
    """What small news are about; None: nothing that lasts."""
    match frame:
        case visitor.State():
            return frame.kind, frame.conversation
        case agent.State():
            about = frame.visitor or frame.agent
            return frame.kind, frame.conversation, about.id if about else None
    return None
