"""Puts a backup where an installation shall be, while no service runs there."""

import asyncio
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct
from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.clock import Clock
from chatserver.config import Settings
from chatserver.errors import Rejected
from chatserver.features.backup import archive
from chatserver.features.backup.making import sqlite_path
from chatserver.features.backup.manifest import (
    DATABASE,
    KEY,
    TABLES,
    UPLOADS,
    Manifest,
    stamp,
)
from chatserver.identity import session_store, workspace_store
from chatserver.ids import Ids
from chatserver.storage import lineage, sqlite_copy, table_copy
from chatserver.storage.database import Database, open_database
from chatserver.storage.migrate import migrate, upgrade

# Behind every session that can be in a backup.
END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)


class Restored(Struct, frozen=True):
    """What was put back. `aside`: where the former files are, if there were any. `has_key`: the
    backup brought the key of the tickets; without it `CHATSERVER_SECRET_KEY` has to."""

    manifest: Manifest
    aside: Path | None
    has_key: bool


class Restoring:
    """Restores into the database and the data folder of `settings`."""

    def __init__(self, *, settings: Settings, clock: Clock, ids: Ids) -> None:
        self._settings = settings
        self._data = Path(settings.data_dir)
        self._aside = self._data / f"replaced-{stamp(clock.now())}"
        self._ids = ids

    async def run(self, source: Path, *, replace: bool) -> Restored:
        """Raises Rejected before it changed anything: for a damaged archive, for a target that is
        in use, and for one that holds something, unless `replace`."""
        self._data.mkdir(parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(prefix=".restore-", dir=self._data))
        try:
            manifest = await asyncio.to_thread(archive.unpack, source, stage)
            await self._check_target(manifest, replace=replace)
            if manifest.dialect == "sqlite":
                await self._place_sqlite(stage / DATABASE)
            else:
                await self._fill_postgresql(stage / TABLES, manifest)
            self._place(stage / UPLOADS, self._data / UPLOADS)
            self._place(stage / KEY, self._data / KEY)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
        return Restored(
            manifest=manifest,
            aside=self._aside if self._aside.exists() else None,
            has_key=manifest.has_key,
        )

    async def _check_target(self, manifest: Manifest, *, replace: bool) -> None:
        ours = "sqlite" if self._settings.database.startswith("sqlite") else "postgresql"
        if manifest.dialect != ours:
            raise Rejected(
                f"this is a backup of {manifest.dialect}, the settings name {ours}: restore it"
                " there, then run `chatserver copy-database`"
            )
        if not replace and await _is_inhabited(self._settings):
            raise Rejected(
                "there is an installation already; --replace puts the backup in its place"
            )

    async def _place_sqlite(self, staged: Path) -> None:
        await asyncio.to_thread(sqlite_copy.check, staged)
        database = open_database(f"sqlite:///{staged}")
        try:
            await migrate(database)
            async with database.write() as connection:
                await self._begin_anew(connection)
        finally:
            await database.close()
        await asyncio.to_thread(sqlite_copy.seclude, staged)
        target = sqlite_path(self._settings)
        if target.exists():
            await asyncio.to_thread(sqlite_copy.seclude, target)
        target.parent.mkdir(parents=True, exist_ok=True)
        self._place(staged, target)

    async def _fill_postgresql(self, folder: Path, manifest: Manifest) -> None:
        """One transaction: either the backup is there, or what was there before still is."""
        database = open_database(self._settings.database)
        try:
            async with database.write() as connection:
                await table_copy.drop_all(connection)
                await connection.run_sync(upgrade, manifest.revision)
                await table_copy.copy_in(connection, folder, manifest.tables)
                await connection.run_sync(upgrade)
                await self._begin_anew(connection)
        finally:
            await database.close()

    async def _begin_anew(self, connection: AsyncConnection) -> None:
        """Who signed out since the backup must stay signed out, so everybody signs in again."""
        await lineage.begin_anew(connection, self._ids.new())
        await session_store.sweep(connection, END_OF_TIME)

    def _place(self, staged: Path, target: Path) -> None:
        """Moves into place; what was there is kept aside."""
        if not staged.exists():
            return
        if target.exists():
            self._aside.mkdir(mode=0o700, exist_ok=True)
            shutil.move(target, self._aside / target.name)
        shutil.move(staged, target)


async def _is_inhabited(settings: Settings) -> bool:
    if settings.database.startswith("sqlite") and not sqlite_path(settings).exists():
        return False
    database = open_database(settings.database)
    try:
        return await _has_workspace(database)
    finally:
        await database.close()


async def _has_workspace(database: Database) -> bool:
    async with database.read() as connection:
        if not await connection.run_sync(lambda c: inspect(c).has_table("workspaces")):
            return False
        return await workspace_store.first(connection) is not None


async def begin_anew(database: Database, ids: Ids) -> None:
    """For a database that came back by other means than `restore`."""
    async with database.write() as connection:
        await lineage.begin_anew(connection, ids.new())
        await session_store.sweep(connection, END_OF_TIME)
