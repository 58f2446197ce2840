"""What the kernel says of processes: CPU seconds, resident memory, and who else is busy."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE_KIB = os.sysconf("SC_PAGE_SIZE") / 1024


def cpu_seconds(pid: int) -> float:
    """User and system time of a process with all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_kib(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_KIB


def busy_seconds() -> float:
    """CPU seconds that the whole machine has worked since it started."""
    fields = [int(field) for field in Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
    user, nice, system, _idle, _iowait, irq, softirq, steal = fields
    return (user + nice + system + irq + softirq + steal) / TICKS


@dataclass(frozen=True)
class Usage:
    """CPU seconds of a stretch of `wall` seconds."""

    wall: float
    server: float
    generator: float
    others: float

    @property
    def server_share(self) -> float:
        """Of one core."""
        return self.server / self.wall

    @property
    def generator_share(self) -> float:
        return self.generator / self.wall

    @property
    def noise(self) -> float:
        """The part of the whole machine that processes other than ours kept busy."""
        return max(0.0, self.others) / (self.wall * (os.cpu_count() or 1))


class Meter:
    """Started when made; `read` says what was used since, by all these servers together."""

    def __init__(self, *pids: int) -> None:
        self._pids = pids
        self._at = time.perf_counter()
        self._before = self._readings()

    def read(self) -> Usage:
        wall = time.perf_counter() - self._at
        server, generator, busy = (
            now - before for now, before in zip(self._readings(), self._before, strict=True)
        )
        return Usage(wall, server, generator, busy - server - generator)

    def _readings(self) -> tuple[float, float, float]:
        return sum(map(cpu_seconds, self._pids)), cpu_seconds(os.getpid()), busy_seconds()
