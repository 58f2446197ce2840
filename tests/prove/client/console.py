"""What an agent's console holds: its inbox.ts and thread.ts, as far as facts and rows go."""

from collections.abc import Callable, Sequence

from chatserver.protocol.agent import Inbox, InboxRow
from chatserver.protocol.shared import Fact
from tests.prove.client.thread import Watcher


class Thread:
    """One conversation on screen. `gap`: a fact arrived ahead of its turn."""

    def __init__(self, conversation: str, watcher: Watcher) -> None:
        self.conversation = conversation
        self.watcher = watcher
        self.restart()

    def restart(self) -> None:
        self.facts: list[Fact] = []
        self.is_first = True
        self.gap = False

    @property
    def last(self) -> int:
        return self.facts[-1].seq if self.facts else 0

    def append(self, facts: Sequence[Fact]) -> None:
        overtook = not self.facts and self.is_first and len(facts) == 1 and facts[0].seq != 1
        if not overtook:  # else the first page will contain it
            self._join(facts)

    def page(self, facts: Sequence[Fact]) -> None:
        self._join(facts)
        self.is_first = False

    def _join(self, facts: Sequence[Fact]) -> None:
        held = self.facts
        for fact in facts:
            if held and fact.seq <= held[-1].seq:
                continue
            if held and fact.seq != held[-1].seq + 1:
                self.gap = True
                return
            held.append(fact)
            self.watcher.applied(fact)
        self.gap = False


class Console:
    """Rows by conversation up to log `position`, and the open threads."""

    def __init__(self, watch: Callable[[str], Watcher]) -> None:
        self._watch = watch
        self.epoch: str | None = None
        self.ready = False
        self.position = 0
        self.rows: dict[str, InboxRow] = {}
        self.threads: dict[str, Thread] = {}

    def open(self, conversation: str) -> None:
        self.threads[conversation] = Thread(conversation, self._watch(conversation))

    def inbox(self, frame: Inbox) -> None:
        for row in frame.rows:
            held = self.rows.get(row.conversation)
            if held is not None and row.revision < held.revision:
                continue
            if row.gone:
                self.rows.pop(row.conversation, None)
            else:
                self.rows[row.conversation] = row
        self.ready, self.position = True, max(self.position, frame.position)

    def reset(self, conversation: str | None, epoch: str) -> None:
        if conversation is not None:
            if conversation in self.threads:
                self._restart(self.threads[conversation])
            return
        self.epoch, self.ready, self.position, self.rows = epoch, False, 0, {}
        for thread in self.threads.values():
            self._restart(thread)

    def _restart(self, thread: Thread) -> None:
        thread.restart()
        thread.watcher.dropped()
