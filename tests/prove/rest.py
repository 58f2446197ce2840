"""At rest, when all faults are over and nothing is under way: everybody holds everything."""

from tests.prove.anomalies import Anomalies
from tests.prove.history import Event
from tests.prove.ledger import Ledger


class Rest:
    def __init__(self, ledger: Ledger, anomalies: Anomalies) -> None:
        self._ledger, self._anomalies = ledger, anomalies
        self._visitors: dict[str, str] = {}

    def joined(self, event: Event) -> None:
        if event.kind == "visitor":
            self._visitors[event.process] = event.author

    def held(self, event: Event) -> None:
        visitor = self._visitors.get(event.process)
        if visitor is not None:
            newest = self._ledger.newest.get(visitor)
            if newest in self._ledger.open and event.conversation != newest:
                self._lost(event, f"does not know of {newest}")
                return
        head = self._ledger.head(event.conversation, visitor=visitor is not None)
        if event.seq != head:
            self._lost(event, f"holds {event.seq} of {head} in {event.conversation}")

    def row(self, event: Event) -> None:
        position = self._ledger.open.get(event.conversation, 0)
        if event.seq != position:
            self._lost(event, f"shows {event.conversation} of {event.seq}, not {position}")

    def rows(self, event: Event) -> None:
        if event.seq != len(self._ledger.open):
            self._lost(event, f"shows {event.seq} of {len(self._ledger.open)} rows")

    def _lost(self, event: Event, what: str) -> None:
        self._anomalies.found("lost", f"{event.process} {what}", event.t)
