"""Writes the archive: JSON lines for the rows, the uploaded files as they are."""

import asyncio
import os
import tarfile
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver import __version__
from chatserver.clock import Clock
from chatserver.config import Settings
from chatserver.errors import Rejected
from chatserver.features.export import store
from chatserver.features.export.store import Row
from chatserver.identity import workspace_store
from chatserver.identity.model import Workspace
from chatserver.storage import log
from chatserver.storage.database import Database

# Where the slice of uploads keeps its files, below the data folder.
UPLOADS = "uploads"
# Columns that hold JSON as text.
JSON = frozenset({"meta", "body", "plan", "origins", "agents"})


class Exports:
    """Of one installation, also while it serves."""

    def __init__(self, *, database: Database, clock: Clock, settings: Settings) -> None:
        self._database = database
        self._clock = clock
        self._uploads = Path(settings.data_dir) / UPLOADS

    async def write(self, workspace: Workspace, target: Path) -> dict[str, int]:
        """Writes the file `target`, for its owner only; returns the rows by table. Raises Rejected
        when it cannot, also when the file exists."""
        with tempfile.TemporaryDirectory(prefix="chatserver-export-") as name:
            folder = Path(name)
            counted = await self._write_rows(workspace, folder)
            files = self._uploads / workspace.id
            try:
                await asyncio.to_thread(_pack, target, folder, files)
            except OSError as error:
                raise Rejected(f"cannot write {target}: {error.strerror or error}") from error
        return counted

    async def _write_rows(self, workspace: Workspace, folder: Path) -> dict[str, int]:
        """One snapshot: no message without its conversation."""
        counted = {}
        async with self._database.read() as connection:
            head = await log.head(connection)
            for table in store.tables():
                rows = store.rows(connection, table, workspace.id)
                counted[table.name] = await _write_lines(folder / f"{table.name}.jsonl", rows)
            people = store.members(connection, workspace.id)
            counted["people"] = await _write_lines(folder / "people.jsonl", people)
        said = {
            "workspace": workspace.name,
            "id": workspace.id,
            "made_at": self._clock.now(),
            "version": __version__,
            "position": head.position,
            "rows": counted,
        }
        await asyncio.to_thread((folder / "manifest.json").write_bytes, msgspec.json.encode(said))
        return counted


async def find(connection: AsyncConnection, workspace_id: str | None) -> Workspace:
    """The named workspace, else the first. Raises NotFound or Rejected."""
    if workspace_id is not None:
        return await workspace_store.find(connection, workspace_id)
    first = await workspace_store.first(connection)
    if first is None:
        raise Rejected("there is no workspace yet")
    return first


async def _write_lines(path: Path, rows: AsyncIterator[Row]) -> int:
    number = 0
    with path.open("wb") as file:
        async for row in rows:
            file.write(msgspec.json.encode({k: _value(k, v) for k, v in row.items()}) + b"\n")
            number += 1
    return number


def _value(name: str, value: Any) -> Any:
    return msgspec.Raw(value.encode()) if name in JSON and isinstance(value, str) else value


def _pack(target: Path, rows: Path, files: Path) -> None:
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file, tarfile.open(fileobj=file, mode="w:gz") as archive:
        for path in [rows / "manifest.json", *sorted(rows.glob("*.jsonl"))]:
            archive.add(path, path.name, filter=_plain)
        for path in sorted(files.rglob("*")) if files.is_dir() else []:
            if path.is_file() and not path.is_symlink():
                archive.add(path, f"files/{path.name}", filter=_plain)


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Nothing of this machine: no names of users."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member
