"""One console of an agent: session/*.ts of the console over the shared connection and outbox."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from chatserver.protocol import agent as wire
from chatserver.protocol.shared import (
    VERSION,
    ClientPing,
    Fact,
    Facts,
    Ping,
    Problem,
    Reply,
    Reset,
    ServerPong,
)
from tests.prove.client.browser import Browser
from tests.prove.client.connection import Connection, Line
from tests.prove.client.console import Console
from tests.prove.client.outbox import Outbox
from tests.prove.client.outgoing import Outgoing
from tests.prove.client.requests import Outcome, Requests, Then
from tests.prove.client.thread import Watcher
from tests.prove.schedule import Clock

HISTORY = 50
FOLLOWED = 12
GRACE_MS = 2_000

_decode = msgspec.json.Decoder(wire.ServerMessage).decode


@dataclass(frozen=True)
class AgentOptions:
    """What a console is given. `ticket` gives None once the session is over."""

    name: str
    browser: Browser
    clock: Clock
    dial: Callable[[Connection], Line]
    random: Callable[[], float]
    watch: Callable[[str], Watcher]
    ticket: Callable[[], str | None]
    on_outcome: Callable[[Outgoing, Outcome], None]


class AgentTab:
    outbox_type: type[Outbox] = Outbox

    def __init__(self, options: AgentOptions) -> None:
        self.name, self.clock = options.name, options.clock
        self._options = options
        self.hidden = False
        self._ticket = ""
        self.console = Console(options.watch)
        self._healing: set[str] = set()
        options.browser.tabs[self.name] = self
        self.connection = Connection(self, self.clock, options.random, _decode)
        self.requests = Requests(self.connection.send, self.connection.drop, self.clock)
        self.outbox = self.outbox_type(self, options.browser, self._deliver, options.on_outcome)

    # What the person does

    def start(self) -> None:
        self.connection.start()

    def open(self, conversation: str) -> None:
        threads = self.console.threads
        if conversation in threads:
            return
        self.console.open(conversation)
        if len(threads) > FOLLOWED:
            oldest = next(iter(threads))
            del threads[oldest]
            self.connection.send(wire.Unthread(oldest))
        if self.connection.stage == "live":
            self._follow(conversation)

    def write(self, conversation: str, text: str, client_id: str, *, private: bool) -> None:
        now = self.clock.now()
        self.outbox.add(Outgoing(client_id, conversation, text, now, private=private))

    def read(self, conversation: str) -> None:
        thread = self.console.threads.get(conversation)
        if thread is not None and thread.last:
            self.connection.send(wire.Read(conversation, thread.last))

    def command(self, build: Callable[[int, int], Any], conversation: str) -> None:
        """Names the seq it was decided on, so that of two agents only one wins."""
        thread, row = self.console.threads.get(conversation), self.console.rows.get(conversation)
        expect = max(thread.last if thread else 0, row.seq if row else 0)
        self.requests.ask(lambda id: build(id, expect), _nothing)

    def heard(self, news: tuple[Any, ...]) -> None:
        return None

    # What the connection asks

    def dial(self, connection: Connection) -> Line:
        return self._options.dial(connection)

    def prepare(self, _refusals: int, then: Callable[[str], None]) -> None:
        ticket = self._options.ticket()
        self._ticket = ticket or ""
        self.clock.soon(then, "stop" if ticket is None else "ready")

    def hello(self) -> wire.Hello:
        console, resume = self.console, None
        if console.epoch is not None and console.ready:
            resume = wire.Resume(console.epoch, console.position)
        threads = {key: thread.last for key, thread in console.threads.items() if thread.facts}
        return wire.Hello(VERSION, self._ticket, self.name, resume, threads)

    def pong(self) -> wire.Pong:
        return wire.Pong(self.console.position)

    def probe(self) -> ClientPing:
        return ClientPing()

    def linked(self) -> None:
        if self.connection.stage != "live":
            self.requests.disconnected()
        self.outbox.online(self.connection.stage == "live")

    def alive(self) -> None:
        return None

    def received(self, frame: wire.ServerMessage) -> None:
        match frame:
            case Reply():
                self.requests.answered(frame)
            case Fact():
                self._arrived(frame.conversation, (frame,), live=True)
            case Facts():
                self._arrived(frame.conversation, frame.facts, live=False)
            case wire.Inbox():
                self.console.inbox(frame)
            case Ping() | ServerPong():
                self.clock.later(GRACE_MS, self._look, frame.head)
            case wire.Welcome():
                self._welcomed(frame.epoch)
            case Reset():
                self.console.reset(frame.conversation, frame.epoch)
                if frame.conversation is None:
                    self._follow_others()

    # Inside

    def _welcomed(self, epoch: str) -> None:
        """The server follows the threads of a hello that could resume, no others."""
        console = self.console
        if console.epoch not in (None, epoch):
            console.reset(None, epoch)
        console.epoch = epoch
        self._follow_others()

    def _follow_others(self) -> None:
        """Of several polls at a time only some know which threads are open: whoever begins anew
        asks."""
        console = self.console
        for conversation, thread in list(console.threads.items()):
            if not console.ready or not thread.facts:
                self._follow(conversation)

    def _look(self, head: int) -> None:
        """The inbox follows the log; who does not get there is missing something."""
        console = self.console
        if self.connection.stage == "live" and console.ready and console.position < head:
            self.connection.drop()

    def _arrived(
        self, conversation: str, facts: list[Fact] | tuple[Fact, ...], *, live: bool
    ) -> None:
        thread = self.console.threads.get(conversation)
        if thread is not None:
            (thread.append if live else thread.page)(facts)
            if thread.gap:
                self._heal(conversation, thread.last)
        for fact in facts:
            if fact.client_id is not None:
                self.outbox.settled(fact.client_id)

    def _follow(self, conversation: str) -> None:
        def answered(outcome: Outcome) -> None:
            if isinstance(outcome, Problem) and outcome.temporary:
                seconds = 1.0 if outcome.retry_after is None else outcome.retry_after
                self.clock.later(seconds * 1000, self._follow_again, conversation)

        seq = self.console.threads[conversation].last or None
        self.requests.ask(lambda id: wire.Thread(id, conversation, seq), answered)

    def _follow_again(self, conversation: str) -> None:
        thread = self.console.threads.get(conversation)
        if thread is not None and self.connection.stage == "live":
            self._follow(conversation)

    def _heal(self, conversation: str, after: int) -> None:
        """Asks once for the facts that a thread is missing."""
        if conversation in self._healing:
            return
        self._healing.add(conversation)

        def arrived(outcome: Outcome) -> None:
            self._healing.discard(conversation)
            if isinstance(outcome, Problem):
                self.connection.drop()
            else:
                self._arrived(conversation, outcome.facts or [], live=False)

        self.requests.ask(
            lambda id: wire.History(id, conversation, after=after, limit=HISTORY), arrived
        )

    def _deliver(self, message: Outgoing, then: Then) -> None:
        self.requests.ask(
            lambda id: wire.Send(
                id, message.lane, message.client_id, message.text, message.private
            ),
            then,
        )


def _nothing(_outcome: Outcome) -> None:
    return None
