"""Carries the frames of one poll: first all that were asked, then the answer as it gathers."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable

import msgspec
from msgspec import Raw, Struct

from chatserver.protocol.codes import CloseCode


class PollTransport:
    """`holds`: ends with the first news; else when nothing `waits_for_replies` any more. An answer
    of `most_bytes` is full: what was not asked by then is for the next poll."""

    def __init__(
        self, frames: Iterable[bytes], *, holds: bool, seconds: float, most_bytes: int
    ) -> None:
        self.frames: list[bytes] = []
        self._room = most_bytes
        self.closed_with: tuple[CloseCode, str] | None = None
        self.waits_for_replies: Callable[[], bool] = lambda: False
        self.filled: Callable[[], object] = lambda: None
        self._incoming = deque(frames)
        self._holds = holds
        self._until = asyncio.get_running_loop().time() + seconds
        self._is_greeting = True
        self._has_news = False
        self._is_left = False
        self._changed = asyncio.Event()

    async def receive(self) -> bytes | None:
        if self._incoming and not self._is_full:
            return self._incoming.popleft()
        self._is_greeting = False
        try:
            async with asyncio.timeout_at(self._until):
                while not self._is_complete():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            pass  # nothing happened, which is an answer too
        return None

    async def send(self, data: bytes) -> None:
        self.frames.append(data)
        self._room -= len(data)
        ends_hold = is_news if self._is_greeting else matters_now
        self._has_news = self._has_news or ends_hold(data)
        self._changed.set()
        if self._is_full:
            self.filled()

    async def close(self, code: CloseCode, reason: str) -> None:
        self.closed_with = (code, reason)
        self._changed.set()

    def leave(self) -> None:
        """Nobody waits for the answer."""
        self._is_left = True
        self._changed.set()

    @property
    def _is_full(self) -> bool:
        return self._room <= 0

    @property
    def is_open(self) -> bool:
        return self.closed_with is None

    def _is_complete(self) -> bool:
        if self._is_left or self.closed_with is not None or self._is_full:
            return True
        return self._has_news if self._holds else not self.waits_for_replies()


# These are said whenever there is time to.
_LATER = ("ping", "expiring")


class _Sight(Struct):
    """What tells news from the greeting that every poll gets."""

    t: str
    token: str | None = None
    kind: str = ""
    rows: list[Raw] = []


_sight = msgspec.json.Decoder(_Sight)


def matters_now(data: bytes) -> bool:
    return _sight.decode(data).t not in _LATER


def is_news(data: bytes) -> bool:
    """A greeting is a welcome without a token to keep, an inbox without rows, and how far the
    visitor has read in each thread."""
    seen = _sight.decode(data)
    match seen.t:
        case "welcome":
            return seen.token is not None
        case "inbox":
            return bool(seen.rows)
        case "state":
            return seen.kind not in ("read", "seen")
    return seen.t not in _LATER
