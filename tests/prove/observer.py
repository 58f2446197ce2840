"""Looks over one client's shoulder: compares what it sees with the store, times its recovery."""

from collections.abc import Callable

from chatserver.protocol.shared import Fact
from tests.prove.anomalies import Anomalies
from tests.prove.client.agent import AgentTab
from tests.prove.client.connection import Connection
from tests.prove.client.visitor import VisitorTab
from tests.prove.history import History
from tests.prove.recovery import HARD_BOUND, Recoveries
from tests.prove.schedule import Schedule
from tests.prove.store import Store

# A fact that took longer was not brought by its first hint.
LATE_SECONDS = 0.3


class Witness:
    """What all observers share. `committed_at[n]` is when position n + 1 was committed."""

    def __init__(self, schedule: Schedule, store: Store) -> None:
        self.schedule, self.store = schedule, store
        self.history = History(schedule)
        self.anomalies = Anomalies()
        self.recoveries = Recoveries()
        self.committed_at: list[float] = []


class Observer:
    """`is_behind` says whether the client still misses something that was stored when it was
    welcomed; `connection` is set once the client exists."""

    connection: Connection

    def __init__(self, witness: Witness, name: str, *, visitor: bool) -> None:
        self._witness, self.name, self._visitor = witness, name, visitor
        self._trouble: tuple[str, float] | None = None
        self._over_at = 0.0
        self._calm_since = witness.schedule.now
        self._target: dict[str, int] | None = None
        self._heads: Callable[[], dict[str, int]] = dict
        self._held: Callable[[str], int] = lambda _conversation: 0

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

    def anomaly(self, kind: str, what: str) -> None:
        now = self._witness.schedule.now
        self._witness.anomalies.found(kind, f"{what} ({self.name} at {now:.3f} s)")

    @property
    def now(self) -> float:
        return self._witness.schedule.now

    def saw(self, fact: Fact, began: float) -> None:
        """A fact reached a screen that has shown its conversation since `began`."""
        self._witness.history.note(f"fact {self.name} {fact.conversation} {fact.seq}")
        position = self.compare(fact)
        if position and self._trouble is None:
            self._time(max(began, self._witness.committed_at[position - 1]))

    def compare(self, fact: Fact) -> int:
        """The fact's position in the log; 0 when it is not there, which is an anomaly."""
        store = self._witness.store
        log = (store.seen if self._visitor else store.logs).get(fact.conversation, [])
        if not 0 < fact.seq <= len(log):
            self.anomaly("phantom", f"{fact.conversation} {fact.seq} is not stored")
            return 0
        stored = log[fact.seq - 1]
        text = stored.body.text if stored.body else None
        if (text, stored.author.id) != (fact.text, fact.author.id):
            self.anomaly("divergent", f"{fact.conversation} {fact.seq}")
        return stored.position

    def disturbed(self, kind: str, seconds: float = 0.0) -> None:
        """A fault of its connection, over after so many seconds: from then on recovery counts."""
        self._over_at = self.now + seconds
        self._trouble, self._target = (kind, self._over_at), None

    def unlinked(self) -> None:
        """The client has no live connection; when nobody cut it, one of the two ends gave it up."""
        if self._trouble is None and self.connection.stage != "live":
            self.disturbed("closed by an end")

    def looked(self) -> None:
        """A frame was handled: perhaps that was the last one that was missing."""
        if self._trouble is None or self.now < self._over_at or self.connection.stage != "live":
            return
        if self._target is None:
            self._target = self._heads()
        if all(self._held(key) >= head for key, head in self._target.items()):
            kind, since = self._trouble
            now = self.now
            self._witness.recoveries.add(kind, now - since)
            if now - since > HARD_BOUND:
                self.anomaly("stale", f"{now - since:.1f} s after {kind}")
            self._trouble, self._calm_since = None, now

    def _time(self, committed_at: float) -> None:
        delay = self._witness.schedule.now - max(committed_at, self._calm_since)
        if delay > LATE_SECONDS:
            self._witness.recoveries.add("hint", delay)
            if delay > HARD_BOUND:
                self.anomaly("stale", f"{delay:.1f} s without a fault of the connection")
