"""One tab of a visitor: session.ts, delivery.ts, catchup.ts and inbound.ts over the other parts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from chatserver.protocol import visitor as wire
from chatserver.protocol.shared import (
    VERSION,
    ClientPing,
    Fact,
    Facts,
    Ok,
    Ping,
    Problem,
    Reply,
    Reset,
    ServerPong,
)
from tests.prove.client.browser import Browser
from tests.prove.client.catchup import CatchUp
from tests.prove.client.connection import Connection, Line
from tests.prove.client.outbox import Outbox
from tests.prove.client.outgoing import Outgoing
from tests.prove.client.requests import Outcome, Requests, Then
from tests.prove.client.thread import VisitorState, Watcher
from tests.prove.schedule import Clock

LANE = "visitor"
READ_MS = 1_000
RESEND_MAX = 50
# The conversation we know is over or erased: the message belongs into a new one.
OVER = ("conversation_ended", "not_found")

_decode = msgspec.json.Decoder(wire.ServerMessage).decode


@dataclass(frozen=True)
class VisitorOptions:
    """What a tab is given. `hello` are the fields that never change."""

    name: str
    browser: Browser
    clock: Clock
    dial: Callable[[Connection], Line]
    new_id: Callable[[], str]
    random: Callable[[], float]
    watcher: Watcher
    hello: dict[str, Any]
    on_outcome: Callable[[Outgoing, Outcome], None]


class VisitorTab:
    state_type: type[VisitorState] = VisitorState
    outbox_type: type[Outbox] = Outbox

    def __init__(self, options: VisitorOptions) -> None:
        self.name, self.clock = options.name, options.clock
        self._options = options
        self._browser = options.browser
        self._browser.tabs[self.name] = self
        self.hidden = False
        self.token: str | None = options.hello.get("token")
        self.state = self.state_type(options.watcher)
        self.connection = Connection(self, self.clock, options.random, _decode)
        self.requests = Requests(self.connection.send, self.connection.drop, self.clock)
        self.outbox = self.outbox_type(self, self._browser, self._deliver, options.on_outcome)
        self.catch_up = CatchUp(self, self.state, self.requests)
        self._read_waiting: int | None = None
        self._loot: str | None = None
        self._is_resting = False

    # What the person does

    def start(self) -> None:
        self.connection.start()

    def write(self, text: str, client_id: str | None = None) -> str:
        new_id = client_id or self._options.new_id()
        self.outbox.add(Outgoing(new_id, LANE, text, self.clock.now()))
        return new_id

    def seen(self) -> None:
        for fact in reversed(self.state.thread):
            if fact.kind == "message.sent" and fact.author.kind == "agent":
                if fact.seq > self.state.read and self.state.conversation is not None:
                    self.state.read = fact.seq
                    self._browser.tell(self, ("read", self.state.conversation, fact.seq))
                    self._tell_read(fact.seq)
                return

    def end(self) -> None:
        conversation, seq = self.state.conversation, self.state.last
        if conversation is not None:
            self.requests.ask(lambda id: wire.Close(id, conversation, seq), _nothing)

    def pretend(self, conversation: str) -> None:
        """Claims somebody else's conversation in the next hello, and asks for its facts."""
        self._loot = conversation
        self.connection.drop()

    def heard(self, news: tuple[Any, ...]) -> None:
        """Another tab of this browser read or began something."""
        if news[0] == "read":
            self.state.has_read(news[1], news[2])
        elif self.state.conversation != news[1]:
            self.requests.ask(lambda id: wire.Open(id, self._options.new_id()), _nothing)

    # What the connection asks

    def dial(self, connection: Connection) -> Line:
        return self._options.dial(connection)

    def prepare(self, refusals: int, then: Callable[[str], None]) -> None:
        self.clock.soon(then, "ready")

    def hello(self) -> wire.Hello:
        state, resume = self.state, None
        if state.conversation and state.epoch and state.last > 0:
            resume = wire.Resume(state.conversation, state.epoch, state.last)
        if self._loot and state.epoch:
            resume, self._loot = wire.Resume(self._loot, state.epoch, 0), None
        fields = self._options.hello | {"token": self.token}
        return wire.Hello(VERSION, tab=self.name, resume=resume, **fields)

    def pong(self) -> wire.Pong:
        return wire.Pong(self.state.last)

    def probe(self) -> ClientPing:
        return ClientPing()

    def linked(self) -> None:
        if self.connection.stage != "live":
            self.outbox.online(False)
            self.requests.disconnected()

    def alive(self) -> None:
        self.outbox.online(True)  # finds what a closed tab has left

    def received(self, frame: wire.ServerMessage) -> None:
        state = self.state
        match frame:
            case Fact():
                state.arrived(frame.conversation, (frame,))
                self._settle((frame,))
            case Reply():
                self.requests.answered(frame)
            case Facts():
                state.arrived(frame.conversation, frame.facts)
                self._settle(frame.facts)
            case wire.State(kind="read"):
                state.agents_have_read(frame.conversation, frame.seq or 0)
            case ServerPong():
                self.catch_up.expect(frame.head)
            case Ping():
                self.catch_up.expect(frame.head)
                self.outbox.online(True)  # finds what a closed tab has left
            case wire.Welcome():
                self._resend_lost(frame)
                state.welcomed(frame)
                self._welcomed(frame)
            case Reset():
                state.dropped(frame.conversation, frame.epoch)

    # Inside

    def _welcomed(self, frame: wire.Welcome) -> None:
        self.token = frame.token or self.token
        head = frame.conversation
        if head is not None:
            self.catch_up.expect(head.seq)
        if self.state.read > (head.read if head else 0):
            self._tell_read(self.state.read)  # read while the line was down
        self.outbox.online(True)

    def _resend_lost(self, frame: wire.Welcome) -> None:
        """Facts that the server acknowledged and no longer has: our part of them goes out again."""
        state, head = self.state, frame.conversation
        if head is None or frame.epoch != state.epoch or head.id != state.conversation:
            return
        if head.seq == 0 or head.seq >= state.last:
            return
        own = [fact for fact in state.thread if fact.client_id and fact.seq > head.seq]
        state.dropped(None, frame.epoch)
        self.outbox.merge([_outgoing(fact) for fact in own[-RESEND_MAX:]])

    def _settle(self, facts: tuple[Fact, ...] | list[Fact]) -> None:
        for fact in facts:
            if fact.client_id is not None:
                self.outbox.settled(fact.client_id)
        if self.state.has_hole:
            self.catch_up.repair()

    def _deliver(self, message: Outgoing, then: Then) -> None:
        conversation = self.state.conversation
        if conversation is None:
            self._send_in_new(message, then)
            return

        def answered(outcome: Outcome) -> None:
            if isinstance(outcome, Problem) and outcome.code in OVER:
                self._send_in_new(message, then)
            else:
                then(outcome)

        self._send(message, conversation, answered)

    def _send(self, message: Outgoing, conversation: str, then: Then) -> None:
        self.requests.ask(
            lambda id: wire.Send(id, conversation, message.client_id, message.text), then
        )

    def _send_in_new(self, message: Outgoing, then: Then) -> None:
        """`open` goes by the visitor: any number of tabs find the same open conversation."""
        client_id = self._options.new_id()

        def opened(outcome: Outcome) -> None:
            if isinstance(outcome, Problem) or outcome.conversation is None:
                then(outcome)
                return
            self.state.enter(outcome.conversation)
            self._browser.tell(self, ("began", outcome.conversation))
            self._send(message, outcome.conversation, then)

        self.requests.ask(lambda id: wire.Open(id, client_id), opened)

    def _tell_read(self, seq: int) -> None:
        """At most once a second: the first at once, the last surely."""
        self._read_waiting = seq
        if not self._is_resting:
            self._pass_read()

    def _pass_read(self) -> None:
        seq, self._read_waiting = self._read_waiting, None
        self._is_resting = seq is not None
        if seq is None:
            return
        if self.state.conversation is not None:
            self.connection.send(wire.Read(self.state.conversation, seq))
        self.clock.later(READ_MS, self._pass_read)


def _outgoing(fact: Fact) -> Outgoing:
    # The time of the fact only orders these among themselves and before what is written later.
    return Outgoing(fact.client_id or "", LANE, fact.text or "", 0.0)


def _nothing(_outcome: Ok | Problem) -> None:
    return None
