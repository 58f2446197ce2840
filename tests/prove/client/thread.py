"""What a visitor's tab holds: state.ts, frames.ts and thread.ts, as far as facts and marks go."""

from collections.abc import Sequence
from typing import Protocol

from chatserver.protocol.shared import Fact
from chatserver.protocol.visitor import Head, Welcome


class Watcher(Protocol):
    """Sees each fact that a client puts on its screen, and each copy that it drops."""

    def applied(self, fact: Fact) -> None: ...

    def prepended(self, fact: Fact) -> None: ...

    def dropped(self) -> None: ...

    def marked(self, conversation: str, seq: int) -> None: ...


class VisitorState:
    """One run of numbers without holes of the present conversation."""

    checks_seq = True

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher
        self.epoch: str | None = None
        self.conversation: str | None = None
        self.thread: list[Fact] = []
        self.told = 0
        self.read = 0
        self.agent_read = 0
        self.phase = "closed"

    @property
    def last(self) -> int:
        return self.thread[-1].seq if self.thread else 0

    @property
    def first(self) -> int:
        return self.thread[0].seq if self.thread else 0

    @property
    def has_hole(self) -> bool:
        return self.told > self.last

    def welcomed(self, frame: Welcome) -> None:
        if self.epoch not in (None, frame.epoch):
            self._hold_nothing()
        self.epoch = frame.epoch
        if frame.conversation is None:
            self._hold_nothing()
            self.conversation, self.phase = None, "closed"
        else:
            self._headed(frame.conversation)

    def arrived(self, conversation: str, facts: Sequence[Fact]) -> None:
        begins = bool(facts) and facts[0].kind == "conversation.opened"
        if conversation != self.conversation:
            if not begins and self.conversation is not None:
                return
            self.enter(conversation)
        self.add(facts)

    def enter(self, conversation: str) -> None:
        if self.conversation != conversation:
            self.conversation, self.phase = conversation, "queued"
            self._hold_nothing()

    def add(self, facts: Sequence[Fact]) -> None:
        """Facts that lie next to the held ones, at either end; others change nothing."""
        before, thread, applied = self.last, self.thread, self._watcher.applied
        for fact in facts:
            self.told = max(self.told, fact.seq)
            if not thread or fact.seq == thread[-1].seq + 1 or not self.checks_seq:
                thread.append(fact)
                applied(fact)
                self.phase = phase_after(self.phase, fact)
        if facts and thread and before and facts[0].seq < thread[0].seq:
            for fact in reversed(facts):
                if fact.seq == thread[0].seq - 1:
                    thread.insert(0, fact)
                    self._watcher.prepended(fact)

    def has_read(self, conversation: str, seq: int) -> None:
        if conversation == self.conversation:
            self.read = max(self.read, seq)

    def agents_have_read(self, conversation: str | None, seq: int) -> None:
        if conversation is not None and conversation == self.conversation:
            self.agent_read = max(self.agent_read, seq)
            self._watcher.marked(conversation, self.agent_read)

    def dropped(self, conversation: str | None, epoch: str) -> None:
        if conversation in (None, self.conversation):
            read = self.read
            self._hold_nothing()
            self.read, self.epoch = read, epoch

    def _headed(self, head: Head) -> None:
        self.enter(head.id)
        self.phase = head.phase
        self._watcher.marked(head.id, head.agent_read)
        self.read = max(self.read, head.read)
        self.agent_read = max(self.agent_read, head.agent_read)

    def _hold_nothing(self) -> None:
        if self.thread:
            self._watcher.dropped()
        self.thread, self.told, self.read, self.agent_read = [], 0, 0, 0


def phase_after(phase: str, fact: Fact) -> str:
    match fact.kind:
        case "conversation.opened" | "conversation.unassigned" | "conversation.reopened":
            return "queued"
        case "conversation.assigned":
            return "active"
        case "conversation.closed":
            return "closed"
        case _:
            return "active" if fact.author.kind == "agent" else phase
