"""Looks after the database while the service runs: is a trouble over, how full is the disk."""

import asyncio
import contextlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from chatserver.errors import Unavailable
from chatserver.storage.condition import Trouble
from chatserver.storage.database import Database

# How long after its end a trouble may go on for us, in seconds. The probe of a locked database
# waits for the lock besides.
PROBE_SECONDS = 1.0
# A disk fills in minutes at the worst; asking it costs next to nothing.
MEASURE_SECONDS = 10.0
MEGABYTE = 1 << 20

Measure = Callable[[Path], int]


def free_bytes(folder: Path) -> int:
    """What this process may still use of the folder's disk. Raises OSError."""
    return shutil.disk_usage(folder).free


class Watch:
    """Run `run()` for as long as the database is used. `folder` lies on the disk that fills;
    `warn_mb` of it left is little, 0 is never."""

    def __init__(
        self, database: Database, *, folder: Path, warn_mb: int, measure: Measure = free_bytes
    ) -> None:
        self._database = database
        self._folder = database.file.parent if database.file else folder
        self._warn_mb = warn_mb
        self._measure = measure

    async def run(self) -> None:
        guard = self._database.guard
        guard.is_watched = True
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._probe_again_and_again())
                tasks.create_task(self._measure_again_and_again())
        finally:
            guard.is_watched = False

    async def probe_once(self) -> None:
        """Nothing to do while all is well: then every write is a probe."""
        guard = self._database.guard
        if guard.condition.trouble is Trouble.FAILING:
            guard.failed(await asyncio.to_thread(self._reason))
        if guard.condition.trouble is not None:
            with contextlib.suppress(Unavailable):  # the guard was told
                await self._database.probe()

    async def measure_once(self) -> None:
        if not self._warn_mb:
            return
        try:
            free = await asyncio.to_thread(self._measure, self._folder) // MEGABYTE
        except OSError:
            return  # what is wrong with the folder shows when it is used
        self._database.guard.measured(free if free < self._warn_mb else None)

    async def _probe_again_and_again(self) -> None:
        while True:
            await self.probe_once()
            await asyncio.sleep(PROBE_SECONDS)

    async def _measure_again_and_again(self) -> None:
        while True:
            await self.measure_once()
            await asyncio.sleep(MEASURE_SECONDS)

    def _reason(self) -> Trouble:
        """To SQLite a file that turned read-only under its hands is an I/O error like any other."""
        file = self._database.file
        if file is None:
            return Trouble.FAILING
        paths = [file.parent, file, file.with_name(f"{file.name}-wal")]
        if not all(os.access(path, os.W_OK) for path in paths if path.exists()):
            return Trouble.READ_ONLY
        return Trouble.FAILING if self._measure(file.parent) else Trouble.FULL
