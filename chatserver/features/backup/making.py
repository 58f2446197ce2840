"""Makes a backup: the database as of one moment, then the files, then the key."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver import __version__
from chatserver.clock import Clock
from chatserver.config import Settings
from chatserver.errors import Rejected
from chatserver.features.backup import archive
from chatserver.features.backup.manifest import (
    DATABASE,
    FORMAT,
    KEY,
    TABLES,
    UPLOADS,
    Manifest,
    file_name,
)
from chatserver.storage import log, sqlite_copy, table_copy
from chatserver.storage.database import Database, open_database
from chatserver.storage.migrate import revision_of
from chatserver.storage.table_copy import TableCopy


class Backups:
    """Writes backups of one installation, also while it serves: it stops nobody's writing."""

    def __init__(self, *, database: Database, clock: Clock, settings: Settings) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings

    async def write(self, target: Path) -> Path:
        """Writes to the file `target`, or into the folder `target` under a name of its own; returns
        the file. Raises Rejected, also when the file exists."""
        path = _free_path(target, file_name(self._clock.now()))
        try:
            with _scratch(path.parent) as folder:
                manifest = await self._copy_database(folder)
                members = _members(folder, Path(self._settings.data_dir), manifest)
                await asyncio.to_thread(archive.write, path, manifest, members)
        except OSError as error:
            raise Rejected(f"cannot write {path}: {error.strerror or error}") from error
        return path

    async def _copy_database(self, folder: Path) -> Manifest:
        """Before the files: what the database knows of is there then, and at most some more."""
        if self._database.dialect != "sqlite":
            (folder / TABLES).mkdir(mode=0o700)
            async with self._database.read() as connection:
                head, revision = await _life(connection)
                tables = await table_copy.copy_out(connection, folder / TABLES)
            return self._manifest(head, revision, tables)
        copy = folder / DATABASE
        await asyncio.to_thread(sqlite_copy.copy, sqlite_path(self._settings), copy)
        copied = open_database(f"sqlite:///{copy}")
        try:
            async with copied.read() as connection:
                return self._manifest(*await _life(connection), [])
        finally:
            await copied.close()

    def _manifest(self, head: log.Head, revision: str, tables: list[TableCopy]) -> Manifest:
        return Manifest(
            format=FORMAT,
            version=__version__,
            made_at=self._clock.now(),
            dialect=self._database.dialect,
            revision=revision,
            epoch=head.epoch,
            position=head.position,
            has_key=(Path(self._settings.data_dir) / KEY).exists(),
            tables=tables,
        )


def _free_path(target: Path, name: str) -> Path:
    path = target / name if target.is_dir() else target
    if path.exists():
        raise Rejected(f"{path} exists")
    if not path.parent.is_dir():
        raise Rejected(f"there is no folder {path.parent}")
    return path


def sqlite_path(settings: Settings) -> Path:
    return Path(make_url(settings.database).database or "")


async def _life(connection: AsyncConnection) -> tuple[log.Head, str]:
    return await log.head(connection), await connection.run_sync(revision_of)


def _members(folder: Path, data: Path, manifest: Manifest) -> Iterator[tuple[str, Path]]:
    if manifest.tables:
        for table in manifest.tables:
            yield f"{TABLES}/{table.name}.copy", folder / TABLES / f"{table.name}.copy"
    else:
        yield DATABASE, folder / DATABASE
    if manifest.has_key:
        yield KEY, data / KEY
    for path in sorted((data / UPLOADS).rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield f"{UPLOADS}/{path.relative_to(data / UPLOADS).as_posix()}", path


@contextmanager
def _scratch(beside: Path) -> Iterator[Path]:
    """A folder on the same disk, closed to others: where there is room for the backup there is
    most likely room for this."""
    folder = Path(tempfile.mkdtemp(prefix=".chatserver-backup-", dir=beside))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
