"""How much of each conversation one agent has not read, for the rows of the inbox. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from chatserver.protocol import agent as wire

# Rows of one inbox frame.
ROWS_PER_FRAME = 100


class RowNews(Struct, frozen=True, gc=False):
    """A row as all agents of the workspace see it; `unread` is filled in for each."""

    row: wire.InboxRow
    visitor_messages: int


class Unread:
    """Counts messages, never numbers: those written by the visitor, less those the agent read."""

    __slots__ = ("_read", "_written")

    def __init__(self) -> None:
        self._read: dict[str, int] = {}
        self._written: dict[str, int] = {}

    def learn(self, read: Mapping[str, int]) -> None:
        """Messages read, by conversation. Marks never go back."""
        for conversation_id, messages in read.items():
            self._read[conversation_id] = max(self._read.get(conversation_id, 0), messages)

    def of(self, conversation_id: str) -> int:
        written = self._written.get(conversation_id, 0)
        return max(0, written - self._read.get(conversation_id, 0))

    def frames(self, before: int, position: int, rows: Sequence[RowNews]) -> Iterator[wire.Inbox]:
        """The rows as this agent sees them. Only the last frame moves the client's cursor: a
        connection that breaks in between must not skip the rows that were not sent."""
        own = [self._own(news) for news in rows]
        starts = range(0, max(1, len(own)), ROWS_PER_FRAME)
        for start in starts:
            reached = position if start == starts[-1] else before
            yield wire.Inbox(reached, own[start : start + ROWS_PER_FRAME])

    def _own(self, news: RowNews) -> wire.InboxRow:
        conversation_id = news.row.conversation
        self._written[conversation_id] = news.visitor_messages
        return replace(news.row, unread=self.of(conversation_id))
