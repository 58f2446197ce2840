"""Messages from their writer's side: what was asked and answered against what is stored."""

from tests.prove.anomalies import Anomalies
from tests.prove.history import Event
from tests.prove.ledger import Ledger


class Sent:
    """One message. `number` counts what its process has written before; `verdict` is the last."""

    __slots__ = ("author", "hash", "number", "process", "verdict")

    def __init__(self, event: Event, number: int) -> None:
        self.author, self.process = event.author, event.process
        self.hash, self.number = event.hash, number
        self.verdict = "info"


class Sends:
    def __init__(self, ledger: Ledger, anomalies: Anomalies) -> None:
        self._ledger, self._found = ledger, anomalies.found
        self._sent: dict[str, Sent] = {}
        self._numbers: dict[str, int] = {}
        self._visitors: set[str] = set()
        self._gone: set[str] = set()

    def joined(self, event: Event) -> None:
        if event.kind == "visitor":
            self._visitors.add(event.author)

    def access_changed(self, event: Event) -> None:
        (self._gone.discard if event.op == "ok" else self._gone.add)(event.author)

    def sent(self, event: Event) -> None:
        if event.op == "invoke":
            lane = f"{event.process} {event.conversation}"
            number = self._numbers[lane] = self._numbers.get(lane, 0) + 1
            self._sent[event.client_id] = Sent(event, number)
            self._sent[event.client_id].process = lane
            return
        sent = self._sent.get(event.client_id)
        if sent is not None and sent.verdict != "ok":  # a good answer stays true
            sent.verdict = event.op

    @property
    def written(self) -> int:
        return len(self._sent)

    @property
    def acknowledged(self) -> int:
        return sum(sent.verdict == "ok" for sent in self._sent.values())

    def end(self) -> None:
        stored = self._read_log()
        for client_id, sent in self._sent.items():
            if client_id in stored:
                continue
            if sent.verdict == "ok":
                self._found("lost", f"{client_id} was acknowledged and is not stored")
            elif sent.verdict == "info" and sent.author not in self._gone:
                self._found("lost", f"{client_id} never went out")

    def _read_log(self) -> set[str]:
        """One pass over the log: no message twice, none that nobody wrote, each order kept."""
        seen: set[tuple[str, str, str]] = set()
        stored: set[str] = set()
        last: dict[str, int] = {}
        for fact in self._ledger.facts:
            if not fact.client_id:
                continue
            # A visitor's is unique in all of the visitor's conversations.
            lane = "" if fact.author in self._visitors else fact.conversation
            key = (fact.author, lane, fact.client_id)
            if key in seen:
                self._found("duplicate", f"{fact.client_id} in {fact.conversation}", fact.t)
                continue
            seen.add(key)
            stored.add(fact.client_id)
            self._check_writer(fact, last)
        return stored

    def _check_writer(self, fact: Event, last: dict[str, int]) -> None:
        sent = self._sent.get(fact.client_id)
        if sent is None or (sent.author, sent.hash) != (fact.author, fact.hash):
            self._found("phantom", f"{fact.client_id} was never written so", fact.t)
            return
        if sent.verdict == "fail":
            self._found("phantom", f"{fact.client_id} was refused and is stored", fact.t)
        if sent.number <= last.get(sent.process, 0):
            self._found("reorder", f"{fact.client_id} of {sent.process}", fact.t)
        last[sent.process] = max(sent.number, last.get(sent.process, 0))
