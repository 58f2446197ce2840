"""The two ways to load a server: as fast as it answers, and at a rate that does not ask it."""

import asyncio
import contextlib
import os
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.fleet import Fleet
from tests.bench.meter import Meter, Usage

DRAIN_STEPS = 200  # of 50 ms
SEED = 1


@dataclass(frozen=True)
class Result:
    """Messages that were acknowledged and seen in the measured stretch; latencies in seconds."""

    usage: Usage
    messages: int
    acks: list[float]
    sights: list[float]
    late: list[float]

    @property
    def rate(self) -> float:
        return self.messages / self.usage.wall

    @property
    def rate_per_core(self) -> float:
        """Messages for each second of CPU time that the server took."""
        return self.messages / self.usage.server

    @property
    def cpu_us(self) -> float:
        return self.usage.server / self.messages * 1e6


async def saturate(fleet: Fleet, *, warm: float, seconds: float) -> Result:
    """Every chat sends its next message when the last was both acknowledged and seen."""
    ledger = fleet.ledger
    sender: dict[int, int] = {}
    going = True

    def send(chat: int) -> None:
        sender[fleet.send(chat, time.perf_counter())] = chat

    def again(number: int) -> None:
        chat = sender.pop(number)
        if going:
            send(chat)

    ledger.finished = again
    for chat in range(fleet.chats):
        send(chat)
    await asyncio.sleep(warm)
    first, before, meter = len(ledger.due), ledger.done, Meter(*fleet.pids)
    await asyncio.sleep(seconds)
    usage, messages, last = meter.read(), ledger.done - before, len(ledger.due)
    going = False
    return await _result(fleet, usage, messages, (first, last), [])


async def offer(fleet: Fleet, *, rate: float, warm: float, seconds: float) -> Result:
    """Messages come as from many strangers: at random, `rate` a second on average, and whether or
    not the server keeps up. Latencies count from when a message was due."""
    chance = random.Random(SEED)
    moments: list[float] = []
    at = 0.0
    while (at := at + chance.expovariate(rate)) < warm + seconds:
        moments.append(at)
    start = time.perf_counter() + 0.1
    due = iter([start + moment for moment in moments])
    late: list[float] = []
    upcoming = next(due, None)

    def send_due() -> None:
        nonlocal upcoming
        while upcoming is not None and upcoming <= (now := time.perf_counter()):
            late.append(now - upcoming)
            fleet.send(chance.randrange(fleet.chats), upcoming)
            upcoming = next(due, None)

    ledger = fleet.ledger
    skip = len(ledger.due) + sum(moment < warm for moment in moments)
    ticker = _Ticker([start + moment for moment in moments], send_due)
    ticker.start()
    await asyncio.sleep(start + warm - time.perf_counter())
    before, meter = ledger.done, Meter(*fleet.pids)
    await asyncio.sleep(start + warm + seconds - time.perf_counter())
    usage, messages = meter.read(), ledger.done - before
    await ticker.end()
    return await _result(fleet, usage, messages, (skip, len(ledger.due)), late)


async def _result(
    fleet: Fleet, usage: Usage, messages: int, span: tuple[int, int], late: list[float]
) -> Result:
    """Waits for what is under way, then reads the ledger from `span[0]` to `span[1]`."""
    ledger = fleet.ledger
    for _ in range(DRAIN_STEPS):
        if ledger.lost:
            await asyncio.sleep(0.05)
    fleet.check()
    ledger.finished = lambda number: None
    numbers = range(*span)
    return Result(
        usage=usage,
        messages=messages,
        acks=[ledger.acked[n] - ledger.due[n] for n in numbers if ledger.acked[n]],
        sights=[ledger.seen[n] - ledger.due[n] for n in numbers if ledger.seen[n]],
        late=late,
    )


class _Ticker(threading.Thread):
    """Wakes the loop at each of these moments: the loop's own timers only know milliseconds."""

    def __init__(self, moments: list[float], wake: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self._moments = moments
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._read, self._woken, wake)

    def run(self) -> None:
        for moment in self._moments:
            time.sleep(max(0.0, moment - time.perf_counter()))
            os.write(self._write, b"!")

    async def end(self) -> None:
        await self._loop.run_in_executor(None, self.join)
        self._woken(lambda: None)
        self._loop.remove_reader(self._read)
        os.close(self._read)
        os.close(self._write)

    def _woken(self, wake: Callable[[], None]) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self._read, 65536)
        wake()
