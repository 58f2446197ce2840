"""What one console has been sent of its inbox: up to where, and which rows wait for what. Pure."""

from collections.abc import Mapping, Sequence

from chatserver.realtime.effects import Effect, LoadInbox, LoadRead, Send
from chatserver.realtime.hints import UnreadHint
from chatserver.realtime.unread import RowNews, Unread


class InboxView:
    """Rows that change while others are loaded are held and follow them. `position` is the place
    in the log up to which the console was told everything."""

    def __init__(self) -> None:
        self.position = 0
        self._unread = Unread()
        self._is_loading = True
        self._held: list[tuple[int, Sequence[RowNews]]] | None = []

    def load(self, position: int | None) -> LoadInbox:
        """From here on changes are held, until `loaded`."""
        self._held, self._is_loading = [], True
        return LoadInbox(position)

    def loaded(
        self, position: int, rows: Sequence[RowNews], read: Mapping[str, int]
    ) -> list[Effect]:
        self._unread.learn({news.row.conversation: 0 for news in rows} | dict(read))
        self._is_loading = False
        effects = self._rows(position, rows)
        held = self._held or []
        self._held = [(later, changed) for later, changed in held if later > position]
        return effects + self._release()

    def changed(self, position: int, rows: Sequence[RowNews], *, is_behind: bool) -> list[Effect]:
        if self._held is not None:
            self._held.append((position, rows))
            return []
        if is_behind:
            return []
        self._held = [(position, rows)]
        return self._release()

    def read_known(
        self, conversation_ids: Sequence[str], read: Mapping[str, int], *, is_behind: bool
    ) -> list[Effect]:
        self._unread.learn(dict.fromkeys(conversation_ids, 0) | dict(read))
        if self._is_loading:
            return []  # what is held follows what is being loaded
        if is_behind:
            self._held = None  # it will be loaded
            return []
        return self._release()

    def marked(self, hint: UnreadHint) -> int:
        """What is unread of a conversation after the agent read it."""
        return self._unread.marked(hint.conversation_id, read=hint.messages, written=hint.written)

    def _release(self) -> list[Effect]:
        """Sends the rows that were held, up to the first of which nobody knows yet how much of it
        the agent has read."""
        held, self._held = self._held or [], None
        effects: list[Effect] = []
        for index, (position, rows) in enumerate(held):
            if unknown := self._unread.unknown(rows):
                self._held = held[index:]
                return [*effects, LoadRead(tuple(unknown))]
            effects.extend(self._rows(position, rows))
        return effects

    def _rows(self, position: int, rows: Sequence[RowNews]) -> list[Effect]:
        before, self.position = self.position, max(self.position, position)
        return [Send(frame) for frame in self._unread.frames(before, position, rows)]
