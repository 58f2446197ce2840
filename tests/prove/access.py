"""What goes to whom, and who still acts after their access has ended."""

from tests.prove.anomalies import Anomalies
from tests.prove.history import Event
from tests.prove.ledger import Ledger

# Commands that were under way when access ended, in seconds.
ZOMBIE_SECONDS = 30.0


class Access:
    def __init__(self, ledger: Ledger, anomalies: Anomalies) -> None:
        self._ledger, self._anomalies = ledger, anomalies
        self._visitors: dict[str, str] = {}
        self._authors: dict[str, str] = {}
        self._ended: dict[str, Event] = {}

    def joined(self, event: Event) -> None:
        self._authors[event.process] = event.author
        if event.kind == "visitor":
            self._visitors[event.process] = event.author

    def changed(self, event: Event) -> None:
        if event.op == "ok":
            self._ended.pop(event.author, None)
        else:
            self._ended[event.author] = event

    def framed(self, event: Event) -> None:
        visitor = self._visitors.get(event.process)
        if visitor is not None:
            owner = self._ledger.owners.get(event.conversation, visitor)
            if owner != visitor:
                self._leak(event, f"is sent {event.conversation} of {owner}")
            if event.private:
                self._leak(event, f"is sent a note in {event.conversation}")
        ended = self._ended.get(self._authors[event.process])
        if ended is not None and event.t - ended.t > ended.seconds:
            self._leak(event, f"still listens {event.t - ended.t:.1f} s after the end")

    def stored(self, fact: Event) -> None:
        """Somebody did something, and it was accepted."""
        ended = self._ended.get(fact.author)
        if ended is not None and fact.t - ended.t > ZOMBIE_SECONDS:
            what = f"{fact.author} writes {fact.t - ended.t:.0f} s after the end"
            self._anomalies.found("zombie", what, fact.t)

    def _leak(self, event: Event, what: str) -> None:
        self._anomalies.found("leak", f"{event.process} {what}", event.t)
