"""One process of the service: the real hub and relay, sockets, the batch, the tail; its death."""

from collections.abc import Generator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from chatserver.conversation.commands import Request
from chatserver.conversation.outcome import Outcome
from chatserver.errors import ChatError, Unavailable
from chatserver.protocol.codec import agent_decoder, visitor_decoder
from chatserver.protocol.shared import Limits
from chatserver.realtime.crowd import Crowd
from chatserver.realtime.hub import Hub
from chatserver.realtime.manners import Patience
from chatserver.realtime.polls import Polls
from chatserver.realtime.relay import Relay
from chatserver.realtime.seats import HoldingSeat, SendingSeat, SocketSeat
from tests.prove.agent_desk import AgentDesk
from tests.prove.bus import Endpoint
from tests.prove.commits import Commits
from tests.prove.inbox import InboxFeed
from tests.prove.link import Link
from tests.prove.people import BEGAN
from tests.prove.polling import Exchange
from tests.prove.site import Site
from tests.prove.socket import Desk, Socket, Task
from tests.prove.tail import Tail
from tests.prove.visitor_desk import VisitorDesk

# The settings' defaults.
PATIENCE = {"hello_seconds": 10.0, "ping_seconds": 25.0, "pong_seconds": 10.0, "pending": 10}
VISITORS = Patience(rate=1.0, burst=10, **PATIENCE)  # type: ignore[arg-type]
AGENTS = Patience(rate=5.0, burst=30, **PATIENCE)  # type: ignore[arg-type]
LIMITS = Limits(4000, 16384, 100)
# How a node drains: shorter than the real 30 s, for fewer sockets.
DRAIN_ROUNDS = 10
DRAIN_SECONDS = 2.0


class Node:
    def __init__(self, site: Site, number: int) -> None:
        self.site, self.number = site, number
        self.store, self.rules, self.broken = site.store, site.rules, site.broken
        self.jump_seconds = 0.0
        self.life = 0
        self.is_up = False
        self.start()

    def start(self) -> None:
        """A fresh process: nothing of the one before is left but the store."""
        self.life += 1
        self.broker = Endpoint(self.site.bus)
        self.hub = Hub(self.broker)
        self.relay = Relay(self.broker)
        self.inbox = InboxFeed(self)
        self.crowd = Crowd(node=20000, address=20000)
        self.polls = Polls()
        self._sockets: dict[Socket, None] = {}
        self.commits = Commits(self)
        self.spawn(self._open())
        self.spawn(self._tick())

    def _open(self) -> Task:
        """Nobody is let in before the tail knows where to read on."""
        if self.site.variant.lacks_tail:
            self.is_up = True
            return
        tail = Tail(self)
        yield from tail.begin()
        self.is_up = True
        yield from tail.run()

    def crash(self, point: str) -> None:
        """kill -9: whatever was under way ends here."""
        self.site.chance.faults[f"crash {point}"] += 1
        self._end()

    def dies(self, point: str, odds: float | None = None) -> bool:
        chance = self.site.chance
        odds = chance.weather.crash if odds is None else odds
        if chance.calm or odds <= 0 or chance.random.random() >= odds:
            return False
        self.crash(point)
        return True

    def drain(self) -> None:
        """A gentle stop: realtime/draining.py as a task."""
        if self.is_up:
            self.is_up = False
            self.spawn(self._drain())

    def _drain(self) -> Task:
        """Nobody new comes in, everybody is told when to come back, what waits is committed."""
        members = [socket for socket in self._sockets if not socket.is_gone]
        size = -(-len(members) // DRAIN_ROUNDS)
        for index in range(DRAIN_ROUNDS):
            for member in members[index * size : (index + 1) * size]:
                member.drain(round(self.site.chance.between(0, DRAIN_SECONDS) * 1000))
            yield DRAIN_SECONDS / DRAIN_ROUNDS
        while not self.commits.is_settled:
            yield DRAIN_SECONDS / DRAIN_ROUNDS
        self._end()

    def _end(self) -> None:
        self.is_up = False
        self.life += 1
        self.broker.is_open = False
        self.site.bus.forget(self.broker)
        for socket in list(self._sockets):
            socket.link.cut("node killed")
            socket.link.server = None
        delay = self.site.chance.between(0.5, 5.0)
        self.site.schedule.after(delay, self._restart)

    def _restart(self) -> None:
        self.site.chance.faults["node restart"] += 1
        self.start()

    # Time

    @property
    def now(self) -> float:
        return self.site.schedule.now

    @property
    def has_store(self) -> bool:
        return self.now >= self.store.away_until

    def wall_time(self) -> datetime:
        return BEGAN + timedelta(milliseconds=int((self.now + self.jump_seconds) * 1000))

    # Sockets

    def accept(self, link: Link, *, visitor: bool) -> None:
        socket = self._socket(link, visitor=visitor)
        socket.seat = SocketSeat(self.crowd, socket)

    def accept_poll(self, exchange: Exchange, *, holds: bool, visitor: bool) -> None:
        socket = self._socket(exchange, visitor=visitor)
        patience = VISITORS if visitor else AGENTS
        sending = SendingSeat(self.polls, socket.session, patience, self.now)
        holding = HoldingSeat(sending, self.polls, self.crowd, socket)
        socket.seat = holding if holds else sending

    def _socket(self, link: Link | Exchange, *, visitor: bool) -> Socket:
        name, now = self.site.new_session(), self.now
        variant = self.site.variant
        desk: Desk
        if visitor:
            session = variant.visitor_session(name, patience=VISITORS, limits=LIMITS, now=now)
            socket = Socket(self, link, session, visitor_decoder)
            desk = VisitorDesk(self, session, socket)
        else:
            agent = variant.agent_session(name, patience=AGENTS, limits=LIMITS, now=now)
            socket = Socket(self, link, agent, agent_decoder)
            desk = AgentDesk(self, agent, socket)
        socket.desk = desk
        link.server = socket
        self._sockets[socket] = None
        return socket

    def wrote(self, socket: Socket, data: bytes) -> None:
        self.site.wrote(socket, data)

    def fell_behind(self) -> None:
        self.site.chance.faults["reader fell behind"] += 1

    def _tick(self) -> Task:
        while True:
            yield 1.0
            for socket in list(self._sockets):
                if socket.is_gone:
                    del self._sockets[socket]
                else:
                    socket.ticked(self.now)

    # Tasks

    def spawn(self, task: Task) -> None:
        self._step(task, self.life, None)

    def _step(self, task: Task, life: int, value: Any) -> None:
        if life != self.life:
            return
        try:
            wish = task.send(value)
        except StopIteration:
            return
        if callable(wish):
            wish(partial(self._step, task, life))
        else:
            self.site.schedule.after(wish, self._step, task, life, None)

    def settling(self) -> Generator[Any, Any, None]:
        """Until what other nodes publish is heard: what is read then leaves nothing out."""
        if self.broken != "read before it hears":
            yield self.broker.settling_seconds()

    def reading(self) -> Generator[Any, Any, None]:
        """The way to the store. Raises Unavailable at times."""
        yield self.site.chance.between(0.0002, 0.004)
        if self.site.lacks_store():
            raise Unavailable("the database did not answer in time", retry_after=1)

    def answering(self, seconds: float = 0.006) -> Generator[Any, Any, None]:
        """The way back from the store, with what was read, in at most so many seconds."""
        chance = self.site.chance
        if self.dies("mid catch-up", chance.weather.crash_catch_up):
            yield _never
        yield chance.between(0.0002, seconds)

    def submitting(self, request: Request) -> Generator[Any, Any, Outcome]:
        result = yield partial(self.commits.submit, request)
        if isinstance(result, ChatError):
            raise result
        return result  # type: ignore[no-any-return] # what the batch gave


def _never(_resume: object) -> None:
    return None
