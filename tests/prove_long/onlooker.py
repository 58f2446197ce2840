"""Looks over one client's shoulder: writes down what it shows and times how it recovers."""

import re
from collections.abc import Callable

from chatserver.protocol.codes import CloseCode
from chatserver.protocol.shared import Fact
from tests.prove.client.agent import AgentTab
from tests.prove.client.connection import Connection
from tests.prove.client.visitor import VisitorTab
from tests.prove.history import Event
from tests.prove_long.lines import SocketLine
from tests.prove_long.poll_line import PollLine
from tests.prove_long.witness import Witness

# A fact that took longer from its writer's "sent" to this screen was not brought by its first hint.
LATE_SECONDS = 0.5
# Somebody looks at a tab that had to yield to a newer one.
LOOK_MS = 1_000
FAR_AWAY = 2**31
# One fault follows the other for over a minute: clients dial less often, for everybody's sake.
MANY = "many faults in a row"
AWAY = "store away"

_conversations = re.compile(rb'"conversation":"([^"]*)"').findall


class Onlooker:
    """Of one tab or console: `name`. `author` is its person, as the store knows them."""

    connection: Connection
    line: SocketLine | PollLine | None = None

    def __init__(self, witness: Witness, name: str, author: str, *, visitor: bool) -> None:
        self._witness, self.name, self.author, self._visitor = witness, name, author, visitor
        self._trouble: tuple[str, float] | None = None
        self._is_over = True
        self._ending = "arrived"  # until it was live for the first time
        self._broken: SocketLine | PollLine | None = None
        self._calm_since = witness.now
        self._target: dict[str, int] | None = None
        self._heads: Callable[[], dict[str, int]] = dict
        self._held: Callable[[str], int] = lambda _conversation: FAR_AWAY
        self.signed_out: Callable[[], None] = lambda: None
        kind = "visitor" if visitor else "agent"
        self.note(Event(self.now, "join", name, author=author, kind=kind))

    def watch_visitor(self, tab: VisitorTab) -> None:
        heads, state = self._witness.heads, tab.state

        def known() -> dict[str, int]:
            key = state.conversation
            return {key: heads.get((key, True), 0)} if key else {}

        self._heads = known
        self._held = lambda key: state.last if key == state.conversation else FAR_AWAY
        self._watch(tab.connection)

    def watch_agent(self, tab: AgentTab) -> None:
        witness, console = self._witness, tab.console

        def known() -> dict[str, int]:
            threads = {key: witness.heads.get((key, False), 0) for key in console.threads}
            return threads | {"": witness.position}

        def held(key: str) -> int:
            if not key:
                return console.position if console.ready else 0
            return console.threads[key].last if key in console.threads else FAR_AWAY

        self._heads, self._held = known, held
        self._watch(tab.connection)

    def _watch(self, connection: Connection) -> None:
        self.connection = connection
        connection.looked = self.looked
        connection.changed = self.changed

    @property
    def now(self) -> float:
        return self._witness.now

    @property
    def is_troubled(self) -> bool:
        return self._trouble is not None

    def suffers_from(self, kind: str) -> bool:
        return self._trouble is not None and self._trouble[0] == kind

    def note(self, event: Event) -> None:
        self._witness.note(event)

    def framed(self, data: bytes) -> None:
        """A frame arrived. Notes say in their text what they are."""
        now = self.now
        if not self._visitor:
            if self.author in self._witness.gone:
                self.note(Event(now, "frame", self.name))
            return
        private = b"note of " in data
        for conversation in dict.fromkeys(_conversations(data)) or (b"",):
            key = conversation.decode()
            self.note(Event(now, "frame", self.name, conversation=key, private=private))

    def saw(self, fact: Fact, began: float) -> None:
        """A fact reached a screen that has shown its conversation since `began`."""
        witness = self._witness
        witness.told(fact.conversation, fact.seq, visitor=self._visitor)
        known_since = witness.known_since(fact.text)
        if self._trouble is None and known_since is not None:
            delay = self.now - max(known_since, began, self._calm_since)
            if delay > LATE_SECONDS:
                witness.recoveries.add(witness.hint_kind, delay)

    def cut_off(self, kind: str) -> None:
        """This connection is dead, whoever knows it already: only another one helps."""
        self.disturbed(kind)
        self._broken = self.line

    def blame(self, kind: str) -> None:
        """What it suffers from has this cause; since when stays as it is."""
        if self._trouble is not None:
            self._trouble = kind, self._trouble[1]

    def disturbed(self, kind: str, *, is_over: bool = True) -> None:
        """Something broke for this client; when it is over, recovery counts."""
        self.note(Event(self.now, "fault", self.name, "info", kind=kind))
        self._broken = None
        self._trouble, self._target, self._is_over = (kind, self.now), None, is_over

    def mended(self, kind: str) -> None:
        """What broke works again. Who did not notice has nothing to recover from."""
        self.disturbed(kind)
        self.looked()

    def changed(self) -> None:
        connection = self.connection
        if connection.stage == "stopped" and connection.code == CloseCode.REPLACED:
            self._witness.pace.after(LOOK_MS / 1000, connection.nudge)
        if connection.stage == "stopped" and connection.code == CloseCode.SIGNED_OUT:
            self.signed_out()
        if connection.stage == "live":
            self._ending = "closed by an end"
        elif self._trouble is None and connection.stage != "off":
            self.disturbed(self._ending)

    def looked(self) -> None:
        """A frame was handled: perhaps that was the last one that was missing."""
        if self._trouble is None or not self._is_over or self.connection.stage != "live":
            return
        if self._broken is not None and self._broken is self.line:
            return
        if self._target is None:
            self._target = self._heads()
        if all(self._held(key) >= head for key, head in self._target.items()):
            kind, since = self._trouble
            if since < self._witness.store_back_at:
                # Whatever else befell it, before that nobody could be let in.
                kind, since = AWAY, self._witness.store_back_at
            seconds = self.now - since
            kind = MANY if self.connection.is_worn_out else kind
            self._witness.recoveries.add(kind, seconds)
            self.note(Event(self.now, "back", self.name, kind=kind, seconds=seconds))
            self._trouble, self._calm_since = None, self.now
