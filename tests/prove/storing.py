"""What is stored, as it is stored: numbers that count 1, 2, 3, and marks that only go forward."""

from tests.prove.anomalies import Anomalies
from tests.prove.history import Event
from tests.prove.ledger import Ledger


class Storing:
    def __init__(self, ledger: Ledger, anomalies: Anomalies) -> None:
        self._ledger, self._anomalies = ledger, anomalies
        self._marks: dict[tuple[str, str], int] = {}

    def stored(self, fact: Event) -> None:
        self._check_number(fact, fact.seq, visitor=False)
        if fact.shown:
            self._check_number(fact, fact.shown, visitor=True)
        self._ledger.add(fact)

    def marked(self, event: Event) -> None:
        key = event.conversation, event.author
        before = self._marks.get(key, 0)
        if event.seq < before:
            what = f"mark of {event.author} in {event.conversation}: {before} → {event.seq}"
            self._anomalies.found("regress", what, event.t)
        self._marks[key] = max(before, event.seq)

    def _check_number(self, fact: Event, seq: int, *, visitor: bool) -> None:
        head = self._ledger.head(fact.conversation, visitor=visitor)
        if seq != head + 1:
            side = "visitors" if visitor else "agents"
            kind = "gap" if seq > head else "regress"
            what = f"{side}' head of {fact.conversation}: {head} → {seq}"
            self._anomalies.found(kind, what, fact.t)
