"""The folder of uploaded files: `incoming/` while they arrive, then a folder of their workspace,
under random names. Blocks: call it in a thread."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from chatserver import failpoint
from chatserver.errors import StorageFull, Unavailable
from chatserver.failpoint import Failpoint

INCOMING = "incoming"
PREVIEW = ".preview"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
# A disk that is full now may have room after somebody was told.
RETRY_SECONDS = 60


class Disk:
    """`spare_bytes` stay free: the database, which needs them more, may lie on the same disk."""

    def __init__(self, root: Path, *, spare_bytes: int) -> None:
        self._root = root
        self._spare = spare_bytes

    def check_room(self, size: int) -> None:
        """Raises StorageFull."""
        with failures():
            self._root.mkdir(parents=True, exist_ok=True)
            if shutil.disk_usage(self._root).free - size < self._spare:
                raise StorageFull(retry_after=RETRY_SECONDS)

    def incoming(self, name: str) -> Path:
        """Where a file of this name may arrive; what is left there is swept."""
        with failures():
            folder = self._root / INCOMING
            folder.mkdir(parents=True, exist_ok=True)
            return folder / name

    def path(self, workspace_id: str, file_id: str) -> Path:
        """Ids are random to their end, so the last two letters spread them evenly."""
        return self._root / workspace_id / file_id[-2:] / file_id

    def preview(self, workspace_id: str, file_id: str) -> Path:
        return self.path(workspace_id, file_id).with_name(file_id + PREVIEW)

    def keep(self, workspace_id: str, file_id: str, arrived: Path, preview: Path | None) -> None:
        """Moves it to its place. After this it survives a power cut."""
        target = self.path(workspace_id, file_id)
        with failures():
            self._make_folder(target.parent)
            for source, place in (
                (arrived, target),
                (preview, self.preview(workspace_id, file_id)),
            ):
                if source is not None:
                    _sync(source)
                    failpoint.reach(Failpoint.BEFORE_UPLOAD_RENAME)
                    os.replace(source, place)
                    failpoint.reach(Failpoint.AFTER_UPLOAD_RENAME)
            _sync(target.parent)

    def remove(self, workspace_id: str, file_id: str) -> None:
        for path in (self.path(workspace_id, file_id), self.preview(workspace_id, file_id)):
            path.unlink(missing_ok=True)

    def left_behind(self, before: float) -> Iterator[Path]:
        """What has lain in `incoming` since `before`, in seconds of the epoch."""
        return _old_files(self._root / INCOMING, before)

    def shelves(self, before: float) -> Iterator[tuple[str, list[str]]]:
        """Workspace and ids of the files older than `before`, one folder at a time."""
        for workspace in _folders(self._root):
            if workspace.name == INCOMING:
                continue
            for shelf in _folders(workspace):
                names = {path.name.removesuffix(PREVIEW) for path in _old_files(shelf, before)}
                yield workspace.name, sorted(names)

    def _make_folder(self, folder: Path) -> None:
        """Each folder is an entry of the one above, which must reach the disk too."""
        missing = [f for f in (folder, *folder.parents) if not f.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        for made in missing:
            _sync(made.parent)


@contextmanager
def failures() -> Iterator[None]:
    """What the system says of a full disk, typed; everything else it says is temporary too."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull(retry_after=RETRY_SECONDS) from error
        raise Unavailable("files cannot be stored right now", retry_after=1) from error


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# Files come and go while we look: other nodes, and uploads that end.


def _folders(path: Path) -> list[Path]:
    with suppress(FileNotFoundError), os.scandir(path) as entries:
        return sorted(Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False))
    return []


def _old_files(folder: Path, before: float) -> Iterator[Path]:
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):
                if entry.is_file(follow_symlinks=False) and entry.stat().st_mtime < before:
                    yield Path(entry.path)
