"""Starts and ends servers under test. Each ends by itself when this process does."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench.meter import resident_kib

ROOT = Path(__file__).parents[2]
START_SECONDS = 60.0
END_SECONDS = 10.0


@dataclass(frozen=True)
class Process:
    """A server that answers. `said` is what it told of itself: port, site, tickets."""

    kind: str
    child: asyncio.subprocess.Process
    said: dict[str, Any]

    @property
    def pid(self) -> int:
        return self.child.pid

    @property
    def port(self) -> int:
        return int(self.said["port"])

    async def settled_kib(self) -> float:
        """Resident memory after a collection of garbage."""
        assert self.child.stdin
        self.child.stdin.write(b"collect\n")
        await _line(self.child)
        return resident_kib(self.pid)


@asynccontextmanager
async def running(
    kind: str,
    *,
    agents: int | None = 0,
    folder: str | None = None,
    shared: Mapping[str, str] | None = None,
) -> AsyncIterator[Process]:
    """A server of this kind with a data folder of its own, until the block ends. `shared` are
    settings; `agents` None: the house that it joins is furnished."""
    furnish = [] if agents is None else ["--agents", str(agents)]
    with TemporaryDirectory(prefix="chatserver-bench-", dir=folder) as data:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.bench.server"),
            *("--kind", kind, "--data", data, "--shared", json.dumps(dict(shared or {}))),
            *furnish,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=ROOT,
        )
        try:
            yield Process(kind, child, await _line(child))
        finally:
            await _end(child)


async def _line(child: asyncio.subprocess.Process) -> dict[str, Any]:
    assert child.stdout
    line = await asyncio.wait_for(child.stdout.readline(), START_SECONDS)
    if not line:
        raise RuntimeError("the server under test ended; its own words are above")
    answer: dict[str, Any] = json.loads(line)
    return answer


async def _end(child: asyncio.subprocess.Process) -> None:
    if child.stdin:
        child.stdin.close()
    try:
        await asyncio.wait_for(child.wait(), END_SECONDS)
    except TimeoutError:
        child.kill()
        await child.wait()
