"""What each client shows: one run of numbers without holes, true to the log, not too late."""

from tests.prove.anomalies import Anomalies
from tests.prove.history import Event
from tests.prove.ledger import Ledger

# A fact that is stored, and a client that no fault has touched since: it must be on screen within
# so many seconds. The longest way is a watchdog (35 s), a request that is not answered (10 s) and a
# backoff; what 99 of 100 must keep to is in recovery.py.
HARD_BOUND = 60.0


class Run:
    """What a process holds of a conversation, and since when: older facts came as a page."""

    __slots__ = ("began", "first", "last", "mark")

    def __init__(self, began: float) -> None:
        self.began = began
        self.first = self.last = self.mark = 0


class Screens:
    def __init__(self, ledger: Ledger, anomalies: Anomalies) -> None:
        self._ledger, self._anomalies = ledger, anomalies
        self._visitors: set[str] = set()
        self._runs: dict[str, dict[str, Run]] = {}
        self._calm_since: dict[str, float] = {}

    def joined(self, event: Event) -> None:
        if event.kind == "visitor":
            self._visitors.add(event.process)
        self._runs[event.process] = {}

    def began(self, event: Event) -> None:
        runs = self._runs[event.process]
        if event.conversation:
            runs.pop(event.conversation, None)
        else:
            runs.clear()

    def disturbed(self, event: Event) -> None:
        """The fault is over after its seconds: from then on nothing excuses being late."""
        if event.process:
            self._calm_since[event.process] = event.t + event.seconds

    def back(self, event: Event) -> None:
        if event.seconds > HARD_BOUND:
            what = f"{event.process} is back {event.seconds:.1f} s after {event.kind}"
            self._anomalies.found("stale", what, event.t)

    def shown(self, event: Event) -> None:
        run = self._run(event)
        if run.last and event.seq != run.last + 1:
            known = run.first <= event.seq <= run.last
            kind = "duplicate" if known else "gap" if event.seq > run.last else "reorder"
            self._found(kind, event, f"{event.seq} after {run.last}")
        run.first, run.last = run.first or event.seq, event.seq
        stored = self._compare(event)
        if stored is not None:
            self._check_delay(event, max(stored.t, run.began))

    def paged(self, event: Event) -> None:
        run = self._run(event)
        if run.first and event.seq != run.first - 1:
            self._found("gap", event, f"{event.seq} before {run.first}")
        run.first = event.seq
        self._compare(event)

    def told_read(self, event: Event) -> None:
        run = self._runs[event.process].get(event.conversation)
        if run is None:
            return
        if event.seq < run.mark:
            self._found("regress", event, f"mark {run.mark} → {event.seq}")
        run.mark = event.seq

    def _run(self, event: Event) -> Run:
        runs = self._runs[event.process]
        run = runs.get(event.conversation)
        if run is None:
            if runs and event.process in self._visitors:
                self._found("divergent", event, "a second conversation in one view")
                runs.clear()
            run = runs[event.conversation] = Run(event.t)
        return run

    def _compare(self, event: Event) -> Event | None:
        visitor = event.process in self._visitors
        stored = self._ledger.find(event.conversation, event.seq, visitor=visitor)
        if stored is None:
            self._found("phantom", event, f"{event.seq} is not stored")
        elif (stored.author, stored.hash) != (event.author, event.hash):
            self._found("divergent", event, f"{event.seq} is another one")
        return stored

    def _check_delay(self, event: Event, visible_from: float) -> None:
        delay = event.t - max(visible_from, self._calm_since.get(event.process, 0.0))
        if delay > HARD_BOUND:
            self._found("stale", event, f"{event.seq} came {delay:.1f} s late")

    def _found(self, kind: str, event: Event, what: str) -> None:
        self._anomalies.found(kind, f"{event.process} in {event.conversation}: {what}", event.t)
