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
    """Counts messages, never numbers: those written by the visitor, less those the agent read.
    Only of conversations that were news since the agent arrived: a workspace may have thousands."""

    __slots__ = ("_read", "_written")

    def __init__(self) -> None:
        self._read: dict[str, int] = {}
        self._written: dict[str, int] = {}

    def unknown(self, rows: Sequence[RowNews]) -> list[str]:
        """Of which conversations somebody has to look up how much the agent has read."""
        named = [news.row.conversation for news in rows if not news.row.gone]
        return [name for name in named if name not in self._read]

    def learn(self, read: Mapping[str, int]) -> None:
        """Messages read, by conversation. Marks never go back."""
        for conversation_id, messages in read.items():
            self._read[conversation_id] = max(self._read.get(conversation_id, 0), messages)

    def marked(self, conversation_id: str, *, read: int, written: int) -> int:
        """The agent has read so many of so many messages; how many are left."""
        self.learn({conversation_id: read})
        known = self._written.get(conversation_id, 0)
        self._written[conversation_id] = max(known, written)
        return self._of(conversation_id)

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
        if news.row.gone:
            self._read.pop(conversation_id, None)
            self._written.pop(conversation_id, None)
            return news.row
        self._written[conversation_id] = news.visitor_messages
        return replace(news.row, unread=self._of(conversation_id))

    def _of(self, conversation_id: str) -> int:
        written = self._written.get(conversation_id, 0)
        return max(0, written - self._read.get(conversation_id, 0))
