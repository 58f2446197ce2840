"""Looks over one client's shoulder: writes down what befalls it and times how it recovers."""

from collections.abc import Callable

from chatserver.protocol.shared import Fact
from tests.prove.checks import Checker
from tests.prove.client.agent import AgentTab
from tests.prove.client.connection import Connection
from tests.prove.client.outgoing import Outgoing
from tests.prove.client.requests import Outcome
from tests.prove.client.visitor import VisitorTab
from tests.prove.history import Event, History, hash_of
from tests.prove.recovery import Recoveries
from tests.prove.schedule import Schedule
from tests.prove.store import Store

# A fact that took longer was not brought by its first hint.
LATE_SECONDS = 0.3
YIELDED = "tab yielded"
FOR_EVER = 1e9


class Witness:
    """What all observers share: the history that they write, and the checks that read it."""

    def __init__(self, schedule: Schedule, store: Store, history: History, checks: Checker) -> None:
        self.schedule, self.store = schedule, store
        self.history, self.checks = history, checks
        self.recoveries = Recoveries()
        self.written = 0

    @property
    def now(self) -> float:
        return self.schedule.now

    def wrote(self, observer: "Observer", message: tuple[str, str, str], private: bool) -> None:
        """`message` is (client_id, lane, text)."""
        client_id, lane, text = message
        self.written += 1
        self.history.note(
            Event(
                self.now,
                "send",
                observer.name,
                "invoke",
                lane,
                author=observer.author,
                client_id=client_id,
                hash=hash_of(text),
                private=private,
            )
        )

    def answered(self, message: Outgoing, outcome: Outcome) -> None:
        """A temporary problem leaves open whether it is stored."""
        if (problem := getattr(outcome, "code", None)) is None:
            op, seq = "ok", outcome.seq or 0  # type: ignore[union-attr] # no code: an Ok
        else:
            op, seq = ("info" if outcome.temporary else "fail"), 0  # type: ignore[union-attr]
        event = Event(
            self.now, "send", op=op, client_id=message.client_id, seq=seq, kind=problem or ""
        )
        self.history.note(event)


class Observer:
    """Of one tab or console: `name`. `author` is the person."""

    connection: Connection

    def __init__(self, witness: Witness, name: str, author: str, *, visitor: bool) -> None:
        self._witness, self.name, self.author, self._visitor = witness, name, author, visitor
        self._trouble: tuple[str, float] | None = None
        self._over_at = 0.0
        self._calm_since = witness.now
        self._target: dict[str, int] | None = None
        self._heads: Callable[[], dict[str, int]] = dict
        self._held: Callable[[str], int] = lambda _conversation: 0
        kind = "visitor" if visitor else "agent"
        self.note(Event(self.now, "join", name, author=author, kind=kind))

    def watch_visitor(self, tab: VisitorTab) -> None:
        store, state = self._witness.store, tab.state

        def heads() -> dict[str, int]:
            row = store.rows.get(state.conversation or "")
            return {row.id: row.visitor_seq} if row else {}

        self._heads = heads
        self._held = lambda key: state.last if key == state.conversation else 2**31
        self._watch(tab.connection)

    def watch_agent(self, tab: AgentTab) -> None:
        store, console = self._witness.store, tab.console

        def heads() -> dict[str, int]:
            threads = {key: store.rows[key].seq for key in console.threads}
            return threads | {"": store.position}

        def held(key: str) -> int:
            if not key:
                return console.position if console.ready else 0
            return console.threads[key].last if key in console.threads else 2**31

        self._heads, self._held = heads, held
        self._watch(tab.connection)

    def _watch(self, connection: Connection) -> None:
        self.connection = connection
        connection.looked = self.looked
        connection.changed = self.unlinked

    @property
    def now(self) -> float:
        return self._witness.now

    def note(self, event: Event) -> None:
        self._witness.history.note(event)

    def saw(self, fact: Fact, began: float) -> None:
        """A fact reached a screen that has shown its conversation since `began`. When nothing is
        broken here, a late one was missed by the bus."""
        if self._trouble is not None:
            return
        ledger = self._witness.checks.ledger
        stored = ledger.find(fact.conversation, fact.seq, visitor=self._visitor)
        if stored is not None:
            delay = self.now - max(stored.t, began, self._calm_since)
            if delay > LATE_SECONDS:
                self._witness.recoveries.add("hint", delay)

    def disturbed(self, kind: str, seconds: float = 0.0) -> None:
        """A fault of its connection, over after so many seconds: from then on recovery counts."""
        self.note(Event(self.now, "fault", self.name, "info", kind=kind, seconds=seconds))
        self._over_at = self.now + seconds
        self._trouble, self._target = (kind, self._over_at), None
        if 0 < seconds < FOR_EVER:  # it may be back by then, over another connection
            self._witness.schedule.after(seconds, self.looked)

    def unlinked(self) -> None:
        """The client has no live connection; when nobody cut it, one of the two ends gave it up."""
        connection = self.connection
        yielded = self._trouble is not None and self._trouble[0] == YIELDED
        if connection.has_yielded:
            self.disturbed(YIELDED, FOR_EVER)  # until somebody looks at it
        elif yielded and self.now < self._over_at:
            self.disturbed(YIELDED)
        elif self._trouble is None and connection.stage != "live":
            self.disturbed("closed by an end")

    def looked(self) -> None:
        """A frame was handled: perhaps that was the last one that was missing."""
        if self._trouble is None or self.now < self._over_at or self.connection.stage != "live":
            return
        if self._target is None:
            self._target = self._heads()
        if all(self._held(key) >= head for key, head in self._target.items()):
            kind, since = self._trouble
            if self._witness.store.away_until > since:
                kind, since = "store away", min(self.now, self._witness.store.away_until)
            seconds = self.now - since
            self._witness.recoveries.add(kind, seconds)
            self.note(Event(self.now, "back", self.name, kind=kind, seconds=seconds))
            self._trouble, self._calm_since = None, self.now
