"""What every client asked and saw, as one running hash and the records that the checks need."""

from hashlib import blake2b

from chatserver.protocol.shared import Ok
from tests.prove.client.outgoing import Outgoing
from tests.prove.client.requests import Outcome
from tests.prove.schedule import Schedule


class Sent:
    """One message that somebody wrote. `number` counts what its tab has written before."""

    __slots__ = ("author", "client_id", "lane", "number", "private", "tab", "text", "verdict")

    def __init__(self, author: str, tab: str, message: tuple[str, str, str], number: int) -> None:
        self.author, self.tab, self.number = author, tab, number
        self.client_id, self.lane, self.text = message
        self.private = False
        self.verdict = "info"  # no answer yet: it may have happened or not


class History:
    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._hash = blake2b(digest_size=16)
        self.sent: dict[str, Sent] = {}
        self._numbers: dict[str, int] = {}

    def note(self, what: str) -> None:
        self._hash.update(f"{self._schedule.now:.6f} {what}\n".encode())

    def invoked(self, author: str, tab: str, client_id: str, lane: str, text: str) -> Sent:
        number = self._numbers[tab] = self._numbers.get(tab, 0) + 1
        sent = self.sent[client_id] = Sent(author, tab, (client_id, lane, text), number)
        self.note(f"invoke send {tab} {lane} {client_id}")
        return sent

    def answered(self, message: Outgoing, outcome: Outcome) -> None:
        sent = self.sent[message.client_id]
        if isinstance(outcome, Ok):
            sent.verdict = "ok"
            self.note(f"ok send {sent.tab} {sent.client_id} {outcome.conversation} {outcome.seq}")
        elif not outcome.temporary:
            sent.verdict = "fail"
            self.note(f"fail send {sent.tab} {sent.client_id} {outcome.code}")

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    @property
    def acked(self) -> int:
        return sum(sent.verdict == "ok" for sent in self.sent.values())
