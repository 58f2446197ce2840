"""How long a hint takes from one node to another over Redis, and how many fit through."""

import asyncio
import secrets
import time

from chatserver.broker.redis import RedisBroker
from tests.bench.table import number, percentile
from tests.support.redis import RedisServer

# As the hint of a message of 60 characters.
HINT_BYTES = 400
TOPIC = "conversation:bench"
PAUSE_SECONDS = 0.002
PATIENCE_SECONDS = 30


async def hop_rows(bus: RedisServer, hops: int) -> list[tuple[str, ...]]:
    """From one process of Python to another one's loop; here both live in this one."""
    prefix = secrets.token_hex(4)
    here = RedisBroker(bus.url, prefix=prefix, node="here")
    there = RedisBroker(bus.url, prefix=prefix, node="there")
    await here.open()
    await there.open()
    try:
        heard: asyncio.Queue[float] = asyncio.Queue()
        there.subscribe(TOPIC, lambda _topic, _hint: heard.put_nowait(time.perf_counter()))
        await there.settled()
        alone = await _one_by_one(here, heard, hops)
        rate = await _together(here, heard, hops * 5)
    finally:
        await here.close()
        await there.close()
    p50, p99 = (f"{percentile(alone, part) * 1e3:.2f} ms" for part in (0.5, 0.99))
    return [("node → Redis → node", p50, p99, f"{number(rate)} hints")]


async def _one_by_one(here: RedisBroker, heard: "asyncio.Queue[float]", hops: int) -> list[float]:
    took = []
    for _ in range(hops):
        began = time.perf_counter()
        here.publish(TOPIC, b"x" * HINT_BYTES)
        async with asyncio.timeout(PATIENCE_SECONDS):
            took.append(await heard.get() - began)
        await asyncio.sleep(PAUSE_SECONDS)
    return took


async def _together(here: RedisBroker, heard: "asyncio.Queue[float]", hops: int) -> float:
    """Hints a second; fewer than may wait are under way at a time, or they would be dropped."""
    began = time.perf_counter()
    under_way = 0
    for _ in range(hops):
        here.publish(TOPIC, b"x" * HINT_BYTES)
        under_way += 1
        while under_way >= 1000 or not heard.empty():
            async with asyncio.timeout(PATIENCE_SECONDS):
                await heard.get()
            under_way -= 1
    for _ in range(under_way):
        async with asyncio.timeout(PATIENCE_SECONDS):
            await heard.get()
    return hops / (time.perf_counter() - began)
