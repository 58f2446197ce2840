"""Where a saturated server spends its time, by py-spy from outside."""

import asyncio
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.fleet import Fleet
from tests.bench.loads import saturate

SAMPLES_A_SECOND = 250
TOP = 40


async def profile(fleet: Fleet, *, seconds: int) -> str:
    """The functions that were running, and those that were anywhere on the stack."""
    with TemporaryDirectory() as folder:
        raw = Path(folder) / "raw"
        load = asyncio.create_task(saturate(fleet, warm=1.0, seconds=seconds + 3.0))
        await asyncio.sleep(1.0)
        spy = await asyncio.create_subprocess_exec(
            str(Path(sys.executable).with_name("py-spy")),
            *("record", "--format", "raw", "--output", str(raw), "--pid", str(fleet.process.pid)),
            *("--duration", str(seconds), "--rate", str(SAMPLES_A_SECOND)),
            *("--function", "--threads", "--gil"),
            stdout=asyncio.subprocess.DEVNULL,
        )
        code = await spy.wait()
        result = await load
        if code or not raw.exists():
            return "py-spy could not read the server: it needs the right to trace processes"
        told = f"{result.rate:,.0f} messages/s while py-spy watched\n\n"
        return told + _report(raw.read_text())


def _report(raw: str) -> str:
    alone: Counter[str] = Counter()
    within: Counter[str] = Counter()
    for line in raw.splitlines():
        stack, _, count = line.rpartition(" ")
        frames = stack.split(";")
        alone[f"{_thread(frames[0])} {frames[-1]}"] += int(count)
        for frame in set(frames):
            within[frame] += int(count)
    total = sum(alone.values()) or 1
    return "\n".join(
        [
            "running:",
            *(f"{count / total:6.1%}  {name}" for name, count in alone.most_common(TOP)),
            "",
            "on the stack:",
            *(f"{count / total:6.1%}  {name}" for name, count in within.most_common(2 * TOP)),
        ]
    )


def _thread(name: str) -> str:
    return name.partition(":")[2].strip() or name
