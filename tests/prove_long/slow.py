"""Visitors that never read: what it costs the others and the memory. Measured on the product in a
process of its own, once with visitors that read what they are sent, once with visitors that do not.
"""

import asyncio
import itertools
import json
from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from tests.bench.fleet import gently, open_chat, open_fleet, visit
from tests.bench.loads import Result, offer
from tests.bench.meter import resident_kib
from tests.bench.process import Process, running
from tests.bench.wire import Socket, connect, encode

CHATS = 100
CHAT_RATE = 100.0  # messages a second of all others together
WRITERS = 8
WRITE_RATE = 300.0  # a second, to those that do not read
# 4,000 characters, 12 KB: what a connection may hold back is full after some thirty of them.
WORDS = "慢" * 4000
WARM_SECONDS = 5.0
READING_SECONDS = 30.0
BEAT_SECONDS = 0.02
# The n-th reader's address, behind those of the chats.
FIRST_READER = 10_000


class Side(Struct):
    """What the others felt, in seconds."""

    messages: int
    ack_p50: float
    ack_p99: float
    sight_p99: float
    server_share: float


class Slow(Struct):
    readers: int
    seconds: float
    written: int
    reading: Side
    deaf: Side
    before_mib: float
    most_mib: float
    codes: dict[str, int]


async def measure(readers: int, seconds: float) -> Slow:
    tickets = CHATS // 50 + 1 + WRITERS
    async with running("product", agents=tickets) as process:
        fleet = await open_fleet([process], CHATS)
        sockets = await gently([visit(process, FIRST_READER + n) for n in range(readers)])
        chats = await gently([open_chat(socket) for socket in sockets])
        writers = await _open_writers(process, len(fleet.agents))
        writing = _Writing(writers, chats)
        async with asyncio.TaskGroup() as group:
            task = group.create_task(writing.run())
            reading = await offer(fleet, rate=CHAT_RATE, warm=WARM_SECONDS, seconds=READING_SECONDS)
            before = await process.settled_kib() / 1024
            for socket in sockets:
                socket.transport.pause_reading()
            watch = _Watch(process)
            watching = group.create_task(watch.run())
            deaf = await offer(fleet, rate=CHAT_RATE, warm=WARM_SECONDS, seconds=seconds)
            task.cancel()
            watching.cancel()
        codes = await _codes(sockets)
    return Slow(
        readers, seconds, writing.written, _side(reading), _side(deaf), before, watch.most, codes
    )


def report(found: Slow) -> str:
    rows = [_row("they read", found.reading), _row("they do not", found.deaf)]
    return "\n".join(
        [
            f"{found.readers:,} visitors that are written to, {found.written:,} messages of 12 KB;"
            f" {CHATS} others chat, {CHAT_RATE:.0f} messages a second, for {found.seconds:.0f} s",
            "",
            "| | messages of others | ack p50 | ack p99 | seen p99 | service, of one core |",
            "| --- | --- | --- | --- | --- | --- |",
            *rows,
            "",
            f"memory of the service: {found.before_mib:.0f} MiB before,"
            f" {found.most_mib:.0f} MiB at most: {found.most_mib - found.before_mib:+.0f} MiB",
            f"how their sockets ended: {found.codes}",
        ]
    )


def _row(name: str, side: Side) -> str:
    waits = (side.ack_p50, side.ack_p99, side.sight_p99)
    shown = " | ".join(f"{seconds * 1000:.1f} ms" for seconds in waits)
    return f"| {name} | {side.messages:,} | {shown} | {side.server_share:.0%} |"


class _Writing:
    """Agents who write to everybody in turn."""

    def __init__(self, writers: Sequence[Socket], chats: Sequence[str]) -> None:
        self._writers = itertools.cycle(writers)
        self._chats = itertools.cycle(chats)
        self.written = 0

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            while self.written < (loop.time() - began) * WRITE_RATE:
                self._write()

    def _write(self) -> None:
        self.written += 1
        number, chat = self.written, next(self._chats)
        frame = {"t": "send", "id": number, "conversation": chat}
        frame |= {"client_id": f"w{number}", "text": WORDS}
        data = json.dumps(frame, ensure_ascii=False, separators=(",", ":")).encode()
        next(self._writers).transport.write(encode(data))


class _Watch:
    """The most memory that the service has had."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self.most = 0.0

    async def run(self) -> None:
        while True:
            self.most = max(self.most, resident_kib(self._process.pid) / 1024)
            await asyncio.sleep(1)


async def _open_writers(process: Process, used: int) -> list[Socket]:
    writers = []
    for ticket in process.said["agents"][used : used + WRITERS]:
        socket = await connect(process.port, "/ws/agent", 0)
        await socket.ask({"t": "hello", "v": 1, "ticket": ticket, "tab": "w"}, "welcome")
        writers.append(socket)
    return writers


async def _codes(sockets: Sequence[Socket]) -> dict[str, int]:
    """They read again what is left for them, and how it ended."""
    for socket in sockets:
        if not socket.transport.is_closing():
            socket.transport.resume_reading()
    await asyncio.sleep(WARM_SECONDS)
    return dict(Counter(str(socket.closed or "open") for socket in sockets))


def _side(result: Result) -> Side:
    def part(seconds: Sequence[float], share: float) -> float:
        return sorted(seconds)[int(share * len(seconds))]

    acks, usage = result.acks, result.usage
    return Side(
        result.messages, part(acks, 0.5), part(acks, 0.99), part(result.sights, 0.99),
        usage.server_share,
    )  # fmt: skip
