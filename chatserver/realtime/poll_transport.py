"""Carries the frames of one poll: first all that were asked, then the answer as it gathers."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable

import msgspec
from msgspec import Raw, Struct

from chatserver.protocol.codes import CloseCode


class PollTransport:
    """`holds`: ends with the first news; else when nothing `waits_for_replies` any more."""

    def __init__(self, frames: Iterable[bytes], *, holds: bool, seconds: float) -> None:
        self.frames: list[bytes] = []
        self.closed_with: tuple[CloseCode, str] | None = None
        self.waits_for_replies: Callable[[], bool] = lambda: False
        self._incoming = deque(frames)
        self._holds = holds
        self._until = asyncio.get_running_loop().time() + seconds
        self._is_greeting = True
        self._has_news = False
        self._is_left = False
        self._changed = asyncio.Event()

    async def receive(self) -> bytes | None:
        if self._incoming:
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
        self._has_news = self._has_news or not self._is_greeting or _is_news(data)
        self._changed.set()

    async def close(self, code: CloseCode, reason: str) -> None:
        self.closed_with = (code, reason)
        self._changed.set()

    def abort(self) -> None:
        """Nothing here waits for whoever asked."""
        self.leave()

    def leave(self) -> None:
        """Nobody waits for the answer."""
        self._is_left = True
        self._changed.set()

    @property
    def is_open(self) -> bool:
        return self.closed_with is None

    def _is_complete(self) -> bool:
        if self._is_left or self.closed_with is not None:
            return True
        return self._has_news if self._holds else not self.waits_for_replies()


class _Sight(Struct):
    """What tells news from the greeting that every poll gets."""

    t: str
    token: str | None = None
    kind: str = ""
    rows: list[Raw] = []


_sight = msgspec.json.Decoder(_Sight)


def _is_news(data: bytes) -> bool:
    """A greeting is a welcome without a token to keep, an inbox without rows, and how far the
    visitor has read in each thread."""
    seen = _sight.decode(data)
    match seen.t:
        case "welcome":
            return seen.token is not None
        case "inbox":
            return bool(seen.rows)
        case "state":
            return seen.kind != "read"
    return True
