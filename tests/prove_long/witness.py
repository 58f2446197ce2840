"""What all onlookers share: the history that they write, and what anybody has seen so far."""

from tests.prove.client.outgoing import Outgoing
from tests.prove.client.requests import Outcome
from tests.prove.history import Event, History, hash_of
from tests.prove.recovery import Recoveries
from tests.prove_long.pace import Pace


class Witness:
    """`heads` are the highest numbers anybody was told of, by conversation and audience: what a
    client that was away has to reach. The store itself is looked at when all is over."""

    def __init__(self, pace: Pace, history: History) -> None:
        self.pace, self.history = pace, history
        self.recoveries = Recoveries()
        self.heads: dict[tuple[str, bool], int] = {}
        self.position = 0
        self.hint_kind = "hint"  # as what a late hint counts, now
        self.is_bus_well = True
        self.store_back_at = 0.0  # when the database last came back to all nodes
        self.written = 0
        self.acked_at: dict[str, float] = {}  # by client_id
        self.gone: set[str] = set()
        self._texts: dict[str, str] = {}

    @property
    def now(self) -> float:
        return self.pace.now

    def note(self, event: Event) -> None:
        self.history.note(event)

    def wrote(self, process: str, author: str, message: tuple[str, str, str], *, private: bool):
        """`message` is (client_id, lane, text)."""
        client_id, lane, text = message
        self.written += 1
        self._texts[text] = client_id
        self.note(
            Event(
                self.now, "send", process, "invoke", lane,
                author=author, client_id=client_id, hash=hash_of(text), private=private,
            )
        )  # fmt: skip

    def answered(self, message: Outgoing, outcome: Outcome) -> None:
        """A temporary problem leaves open whether it is stored."""
        problem = getattr(outcome, "code", None)
        if problem is None:
            self.acked(message.client_id, outcome.seq or 0)
            return
        op = "info" if outcome.temporary else "fail"
        self.note(Event(self.now, "send", op=op, client_id=message.client_id, kind=problem))

    def acked(self, client_id: str, seq: int) -> None:
        self.acked_at.setdefault(client_id, self.now)
        self.note(Event(self.now, "send", client_id=client_id, seq=seq))

    def told(self, conversation: str, seq: int, *, visitor: bool) -> None:
        key = conversation, visitor
        if seq > self.heads.get(key, 0):
            self.heads[key] = seq

    def known_since(self, text: str | None) -> float | None:
        """When the writer of this text was told that it is stored."""
        return self.acked_at.get(self._texts.get(text or "", ""))
