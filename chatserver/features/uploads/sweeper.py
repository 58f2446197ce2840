"""Removes what nobody sent, and what a crash left on the disk without a row. Runs on every node, in
pieces; what one node removed another one does not find."""

import asyncio
from datetime import timedelta

import structlog
from starlette.concurrency import run_in_threadpool

from chatserver.clock import Clock
from chatserver.errors import NotFound
from chatserver.features.uploads import store
from chatserver.features.uploads.disk import Disk
from chatserver.identity import workspace_store
from chatserver.storage.database import Database

logger = structlog.get_logger(__name__)

EVERY_SECONDS = 600
# Rows of one transaction: no write may hold up the messages.
PIECE = 100
# A file gets its row within the time that an upload may take; nothing younger is left behind.
ARRIVING = timedelta(hours=2)
# Looking at every file of the disk is dear, and what it finds is rare.
DISK_EVERY = 6


class Sweeper:
    def __init__(
        self, *, database: Database, clock: Clock, disk: Disk, orphan_hours: float
    ) -> None:
        self._database = database
        self._clock = clock
        self._disk = disk
        self._orphans = timedelta(hours=orphan_hours)

    async def run(self) -> None:
        """Sweeps for as long as the process lives."""
        turn = 0
        while True:
            removed = await self.sweep_unsent()
            if turn % DISK_EVERY == 0:
                removed += await self.sweep_disk()
            if removed:
                logger.info("uploads swept", files=removed)
            turn += 1
            await asyncio.sleep(EVERY_SECONDS)

    async def sweep_unsent(self) -> int:
        """Row first: a file without a row is found later, a row without a file is a lie."""
        removed, before = 0, self._clock.now() - self._orphans
        while True:
            async with self._database.read() as connection:
                found = await store.unsent_before(connection, before, PIECE)
            if not found:
                return removed
            async with self._database.write() as connection:
                gone = await store.remove_unsent(connection, found)
            for workspace_id, file_id in gone:
                await run_in_threadpool(self._disk.remove, workspace_id, file_id)
            removed += len(gone)

    async def sweep_disk(self) -> int:
        """Files that arrived and never got a row."""
        before = (self._clock.now() - ARRIVING).timestamp()
        removed = await run_in_threadpool(self._clear_incoming, before)
        shelves = self._disk.shelves(before)
        while (shelf := await run_in_threadpool(next, shelves, None)) is not None:
            workspace_id, ids = shelf
            for start in range(0, len(ids), PIECE):
                removed += await self._sweep_shelf(workspace_id, ids[start : start + PIECE])
        return removed

    async def _sweep_shelf(self, workspace_id: str, ids: list[str]) -> int:
        """A workspace that is unknown is no reason to delete: somebody may have started us with
        this folder and another database."""
        try:
            async with self._database.read() as connection:
                await workspace_store.find(connection, workspace_id)
                known = await store.known(connection, workspace_id, ids)
        except NotFound:
            logger.warning("files of an unknown workspace", workspace=workspace_id)
            return 0
        lost = [file_id for file_id in ids if file_id not in known]
        for file_id in lost:
            await run_in_threadpool(self._disk.remove, workspace_id, file_id)
        return len(lost)

    def _clear_incoming(self, before: float) -> int:
        left = list(self._disk.left_behind(before))
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)
