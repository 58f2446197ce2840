"""Messages on their way: outbox.ts. In order, one in flight per lane, kept until acknowledged."""

from collections.abc import Callable

from chatserver.protocol.shared import Ok
from tests.prove.client.browser import Browser, Done, Tab
from tests.prove.client.outgoing import Outgoing
from tests.prove.client.requests import Outcome, Then

DEFAULT_PAUSE_S = 1.0

Deliver = Callable[[Outgoing, Then], None]


class Outbox:
    def __init__(
        self,
        tab: Tab,
        browser: Browser,
        deliver: Deliver,
        on_outcome: Callable[[Outgoing, Outcome], None],
    ) -> None:
        self._tab, self._browser, self._deliver = tab, browser, deliver
        self._on_outcome = on_outcome
        self.messages: list[Outgoing] = []
        self._busy: set[str] = set()
        self._is_online = False
        self._adopt()

    def add(self, message: Outgoing) -> None:
        self.messages.append(message)
        self._keep()
        self._pump()

    def settled(self, client_id: str) -> None:
        """A fact proves that the message is stored, whatever became of the reply."""
        for index, message in enumerate(self.messages):
            if message.client_id == client_id:
                del self.messages[index]
                self._keep()
                return

    def merge(self, more: list[Outgoing]) -> None:
        """Sorted by when they were written, but never against the order in which a tab wrote."""
        known = {message.client_id for message in self.messages}
        held, added = self.messages, [m for m in more if m.client_id not in known]
        merged: list[Outgoing] = []
        while held and added:
            merged.append((held if held[0].at <= added[0].at else added).pop(0))
        self.messages = [*merged, *held, *added]
        self._keep()
        self._pump()

    def online(self, on: bool) -> None:
        self._is_online = on
        if on:
            self._adopt()
            self._pump()
            return
        for message in self.messages:
            if message.state == "sending":
                message.state = "waiting"

    @property
    def unsent(self) -> list[Outgoing]:
        return [m for m in self.messages if m.state in ("waiting", "sending")]

    # Inside

    def _keep(self) -> None:
        if self.messages:
            self._browser.shelf[self._tab.name] = self.messages
        else:
            self._browser.shelf.pop(self._tab.name, None)

    def _pump(self) -> None:
        if not self._is_online:
            return
        for lane in dict.fromkeys(m.lane for m in self.messages if m.state == "waiting"):
            if lane not in self._busy:
                self._run(lane)

    def _run(self, lane: str) -> None:
        self._busy.add(lane)
        pause: list[float] = []

        def work(done: Done) -> None:
            message = self._next(lane)
            if message is None or not self._is_online:
                done()
                return
            message.state = "sending"

            def arrived(outcome: Outcome) -> None:
                pause.extend(self._arrived(message, outcome))
                done()

            self._deliver(message, arrived)

        def then() -> None:
            if pause and self._is_online:
                self._tab.clock.later(pause[0], self._resume, lane)
            else:
                self._resume(lane)

        self._browser.exclusively(self._tab, lane, work, then)

    def _next(self, lane: str) -> Outgoing | None:
        for message in self.messages:
            if message.lane == lane and message.state == "waiting":
                return message
        return None

    def _resume(self, lane: str) -> None:
        self._busy.discard(lane)
        self._pump()

    def _arrived(self, message: Outgoing, outcome: Outcome) -> list[float]:
        """The milliseconds to wait before the next try, if at all."""
        self._on_outcome(message, outcome)
        if isinstance(outcome, Ok):
            message.state = "sent"
            return []
        if not outcome.temporary:
            message.state, message.code = "failed", outcome.code
            return []
        message.state = "waiting"
        return [(DEFAULT_PAUSE_S if outcome.retry_after is None else outcome.retry_after) * 1000]

    def _adopt(self) -> None:
        for name in [name for name in self._browser.shelf if name != self._tab.name]:

            def take(name: str = name) -> None:
                left = [m.again() for m in self._browser.shelf.pop(name, []) if m.state != "sent"]
                if left:
                    self.merge(left)

            self._browser.if_gone(name, take)
