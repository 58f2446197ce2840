"""What a connection costs that only waits."""

import asyncio

from tests.bench.fleet import gently, visit
from tests.bench.process import Process

# Opened before the first reading, so that what is made once is not counted.
FIRST = 200
SETTLE_SECONDS = 1.0


async def kib_per_connection(process: Process, count: int) -> float:
    """Resident memory of the server for each of so many greeted visitors without a chat."""
    await _arrive(process, 0, FIRST)
    before = await _settled(process)
    await _arrive(process, FIRST, count)
    return (await _settled(process) - before) / count


async def _arrive(process: Process, first: int, count: int) -> None:
    await gently([visit(process, number) for number in range(first, first + count)])


async def _settled(process: Process) -> float:
    await asyncio.sleep(SETTLE_SECONDS)
    return await process.settled_kib()
