"""Writes down what one client shows, fact by fact."""

from typing import TYPE_CHECKING

from chatserver.protocol.shared import Fact
from tests.prove.history import Event, hash_of

if TYPE_CHECKING:
    from tests.prove.observer import Observer


class View:
    """A `Watcher` of one conversation of a console, or of all of a visitor's tab."""

    def __init__(self, observer: "Observer", conversation: str = "") -> None:
        self._observer, self._conversation = observer, conversation
        self.dropped()

    def applied(self, fact: Fact) -> None:
        self._began = self._observer.now if self._began is None else self._began
        self._note("fact", fact)
        self._observer.saw(fact, self._began)

    def prepended(self, fact: Fact) -> None:
        self._note("page", fact)

    def dropped(self) -> None:
        observer = self._observer
        self._began: float | None = None  # when this run was begun: what is older came as a page
        observer.note(Event(observer.now, "sub", observer.name, conversation=self._conversation))

    def marked(self, conversation: str, seq: int) -> None:
        """The agents' read mark as it is shown: over polls two answers may tell the same again."""
        observer = self._observer
        event = Event(observer.now, "read", observer.name, conversation=conversation, seq=seq)
        observer.note(event)

    def _note(self, f: str, fact: Fact) -> None:
        observer = self._observer
        observer.note(
            Event(
                observer.now,
                f,
                observer.name,
                conversation=fact.conversation,
                seq=fact.seq,
                author=fact.author.id or "",
                hash=hash_of(fact.text),
            )
        )
