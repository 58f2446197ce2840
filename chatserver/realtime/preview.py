"""What a visitor has written and not sent, on its way to the agents. Pure.

It is passed on and forgotten: no store, no log, no fact may ever hold it.
"""

from chatserver.errors import BadRequest
from chatserver.protocol.text import check_text
from chatserver.realtime.manners import Bucket

# The client shares at most every 2 s; two may come together when a network hiccups.
RATE = 0.5
BURST = 2


class Preview:
    """One tab's. `is_shared`: the site's owner wants it, and the visitor has been told."""

    __slots__ = ("_bucket", "_chars", "is_shared")

    def __init__(self, chars: int) -> None:
        self._chars = chars
        self._bucket: Bucket | None = None  # most visitors never share anything
        self.is_shared = False

    def shown(self, draft: str, now: float) -> str | None:
        """The end of it, which is where somebody writes; None: it comes too soon, or is no text."""
        self._bucket = self._bucket or Bucket(RATE, BURST, now)
        if self._bucket.take(now):
            return None
        try:
            return check_text(draft[-self._chars :], self._chars)
        except BadRequest:
            return None
