"""Visitors with open chats, the agents who have these chats on their screens, and what they saw."""

import asyncio
import itertools
import re
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

from tests.bench.process import Process
from tests.bench.wire import Socket, connect, encode

# Threads a console may have open at a time; the server refuses more.
CHATS_PER_AGENT = 50
# Connections that are being opened at a time.
AT_ONCE = 50
# Makes a message's frame 200 bytes long.
WORDS = b"Hello, where is my parcel? It should have been here by now."

NUMBER = re.compile(rb'"text":"(\d{8}) ')

T = TypeVar("T")


class Ledger:
    """When each message was to be sent, acknowledged and seen. Messages are numbered from 0."""

    def __init__(self) -> None:
        self.due: list[float] = []
        self.acked: list[float] = []
        self.seen: list[float] = []
        self.done = 0
        self.refused = 0
        self.repeated = 0
        self.finished: Callable[[int], None] = lambda number: None

    @property
    def lost(self) -> int:
        """Messages without an answer, or that the agent has not seen."""
        return len(self.due) - self.done - self.refused

    def begin(self, due: float) -> int:
        self.due.append(due)
        self.acked.append(0.0)
        self.seen.append(0.0)
        return len(self.due) - 1

    def ack(self, number: int, *, good: bool = True) -> None:
        self.acked[number] = time.perf_counter()
        if not good:
            self.refused += 1
        elif self.seen[number]:
            self._finish(number)

    def see(self, number: int) -> None:
        if self.seen[number]:
            self.repeated += 1
            return
        self.seen[number] = time.perf_counter()
        if self.acked[number]:
            self._finish(number)

    def _finish(self, number: int) -> None:
        self.done += 1
        self.finished(number)


class Fleet:
    """`send(chat, due)` writes one message; the ledger learns when it arrived. `pids`: the servers
    whose processor time counts."""

    def __init__(
        self, processes: Sequence[Process], sockets: Sequence[Socket], frames: Sequence[bytes]
    ) -> None:
        self.process = processes[0]
        self.pids = [process.pid for process in processes]
        self.ledger = Ledger()
        self.agents: list[Socket] = []
        self._sockets = sockets
        self._frames = frames
        self.chats = len(sockets)

    def send(self, chat: int, due: float) -> int:
        number = self.ledger.begin(due)
        self._sockets[chat].transport.write(encode(self._frames[chat] % (number, number, number)))
        return number

    def check(self) -> None:
        """Raises when a connection was lost: no figure would mean anything."""
        lost = [s.closed for s in (*self._sockets, *self.agents) if s.closed]
        if lost:
            raise ConnectionError(f"{self.process.kind}: {len(lost)} connections lost: {lost[0]}")


async def open_fleet(processes: Sequence[Process], chats: int) -> Fleet:
    """Echo: sockets whose frames come back. Else: chats that agents have on their screens. Visitors
    and agents are dealt out to the nodes in turn, so of n nodes one in n messages stays on its."""
    first, count = processes[0], len(processes)
    dealt = [(processes[number % count], number) for number in range(chats)]
    sockets = await gently([visit(first, number, at=at) for at, number in dealt])
    if first.kind == "echo":
        fleet = Fleet(processes, sockets, [_frame("none")] * chats)
        for socket in sockets:
            socket.heard = _echo(fleet.ledger)
        return fleet
    names = await gently([open_chat(socket) for socket in sockets])
    fleet = Fleet(processes, sockets, [_frame(name) for name in names])
    for socket in sockets:
        socket.heard = _visitor(fleet.ledger)
    groups = [names[start : start + CHATS_PER_AGENT] for start in range(0, chats, CHATS_PER_AGENT)]
    for number, (ticket, group) in enumerate(zip(first.said["agents"], groups, strict=False)):
        at = processes[number % count]
        fleet.agents.append(await _agent(at, ticket, group, fleet.ledger))
    return fleet


async def visit(process: Process, number: int, *, at: Process | None = None) -> Socket:
    """A visitor comes to the site's page for the first time; `at`: to this node of it."""
    socket = await connect((at or process).port, "/ws/visitor", number)
    if process.kind == "echo":
        return socket
    said, page = process.said, {"url": f"http://127.0.0.1:{process.port}/", "title": "Shop"}
    hello = {"t": "hello", "v": 1, "site": said["site"], "ticket": said["frame"]}
    hello |= {"tab": f"t{number}", "page": page, "locale": "en"}
    await socket.ask(hello, "welcome")
    return socket


async def gently(work: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """All results in order, a few at a time."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(coroutine: Coroutine[Any, Any, T]) -> T:
        async with gate:
            return await coroutine

    return await asyncio.gather(*(one(coroutine) for coroutine in work))


async def open_chat(socket: Socket) -> str:
    """The id of the visitor's conversation."""
    reply = await socket.ask({"t": "open", "id": 1, "client_id": "open"}, "reply")
    return str(reply["ok"]["conversation"])


async def _agent(process: Process, ticket: str, chats: Sequence[str], ledger: Ledger) -> Socket:
    socket = await connect(process.port, "/ws/agent", 0)
    await socket.ask({"t": "hello", "v": 1, "ticket": ticket, "tab": "a"}, "welcome")
    ids = itertools.count(1)
    for chat in chats:
        await socket.ask({"t": "thread", "id": next(ids), "conversation": chat}, "facts")
    socket.heard = _console(ledger)
    return socket


def _frame(conversation: str) -> bytes:
    head = b'{"t":"send","id":%%d,"conversation":"%s",' % conversation.encode()
    return head + b'"client_id":"m%d","text":"%08d ' + WORDS + b'"}'


def _echo(ledger: Ledger) -> Callable[[bytes], None]:
    def heard(data: bytes) -> None:
        number = int(data[17 : data.index(b",", 17)])
        ledger.ack(number)
        ledger.see(number)

    return heard


def _visitor(ledger: Ledger) -> Callable[[bytes], None]:
    def heard(data: bytes) -> None:
        if data.startswith(b'{"t":"reply","id":'):
            end = data.index(b",", 18)
            ledger.ack(int(data[18:end]), good=data.startswith(b',"ok"', end))

    return heard


def _console(ledger: Ledger) -> Callable[[bytes], None]:
    def heard(data: bytes) -> None:
        if data.startswith(b'{"t":"fact'):  # live, or "facts": what was read to catch up
            for number in NUMBER.findall(data):
                ledger.see(int(number))

    return heard
