"""Backups that the serving process makes: every so many hours, and when it is asked to."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from chatserver.clock import Clock
from chatserver.config import Settings
from chatserver.errors import ChatError
from chatserver.features.backup.making import Backups
from chatserver.features.backup.manifest import made_at

logger = structlog.get_logger(__name__)

# How often to look whether one is due, in seconds: the clock may be moved, and files be deleted.
LOOK_SECONDS = 60.0


class Schedule:
    """Keeps the newest ones in `CHATSERVER_BACKUP_DIR`. `failed` until one succeeds again."""

    def __init__(self, *, backups: Backups, clock: Clock, settings: Settings) -> None:
        self._backups = backups
        self._clock = clock
        self._folder = Path(settings.backup_dir) if settings.backup_dir else None
        self._every = timedelta(hours=settings.backup_hours)
        self._keep = settings.backup_keep
        self._asked = asyncio.Event()
        self.failed = False

    @property
    def last_at(self) -> datetime | None:
        """When the newest backup in the folder was made."""
        found = self._found()
        return found[-1][0] if found else None

    def ask(self) -> None:
        """Makes one now, whatever the time."""
        self._asked.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            if self._asked.is_set() or self._is_due():
                self._asked.clear()
                await self.make_one()
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._asked.wait()
            except TimeoutError:
                continue

    async def make_one(self) -> None:
        """Writes one and removes what is beyond the newest `CHATSERVER_BACKUP_KEEP`."""
        if self._folder is None:
            logger.warning("no backup made", reason="CHATSERVER_BACKUP_DIR is empty")
            return
        began = self._clock.monotonic()
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            path = await self._backups.write(self._folder)
        except (ChatError, OSError) as error:
            self.failed = True
            logger.error("backup failed", reason=str(error))  # noqa: TRY400 - one line is enough
            return
        self.failed = False
        seconds = round(self._clock.monotonic() - began, 1)
        logger.info("backup made", file=path.name, bytes=path.stat().st_size, seconds=seconds)
        for _, old in self._found()[: -self._keep] if self._keep else []:
            old.unlink(missing_ok=True)

    def _is_due(self) -> bool:
        if self._folder is None or not self._every:
            return False
        last = self.last_at
        return last is None or self._clock.now() - last >= self._every

    def _found(self) -> list[tuple[datetime, Path]]:
        """Ours in the folder, the oldest first."""
        if self._folder is None or not self._folder.is_dir():
            return []
        named = ((made_at(path.name), path) for path in self._folder.iterdir())
        return sorted((at, path) for at, path in named if at is not None)
