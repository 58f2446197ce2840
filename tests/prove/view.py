"""What one client shows of one conversation, checked fact by fact against what is stored."""

from typing import TYPE_CHECKING

from chatserver.protocol.shared import Fact

if TYPE_CHECKING:
    from tests.prove.observer import Observer


class View:
    """A `Watcher`: one run of numbers without holes, in the numbering of its audience."""

    def __init__(self, observer: "Observer") -> None:
        self._observer = observer
        self._conversation: str | None = None
        self._last = 0
        self._first = 0
        self._mark = 0
        self._began = 0.0  # when this run was begun: what is older came as a page

    def applied(self, fact: Fact) -> None:
        observer = self._observer
        if self._conversation != fact.conversation:
            if self._conversation is not None and self._last:
                observer.anomaly("divergent", f"two conversations in one view: {fact.conversation}")
            self._conversation, self._first = fact.conversation, fact.seq
            self._mark, self._began = 0, observer.now
        elif self._last and fact.seq != self._last + 1:
            known = self._first <= fact.seq <= self._last
            kind = "duplicate" if known else "gap" if fact.seq > self._last else "reorder"
            observer.anomaly(kind, f"{fact.conversation} {fact.seq} after {self._last}")
        self._last = fact.seq
        observer.saw(fact, self._began)

    def prepended(self, fact: Fact) -> None:
        if fact.seq != self._first - 1:
            self._observer.anomaly("gap", f"{fact.conversation} {fact.seq} before {self._first}")
        self._first = fact.seq
        self._observer.compare(fact)

    def dropped(self) -> None:
        self._conversation, self._last, self._first = None, 0, 0

    def marked(self, conversation: str, seq: int) -> None:
        """The agents' read mark as the client is told of it."""
        if self._conversation == conversation:
            if seq < self._mark:
                self._observer.anomaly("regress", f"mark of {conversation}: {self._mark} → {seq}")
            self._mark = seq
