"""What can happen to a disk and a file, made and undone: full, read-only, locked by somebody else.

The disk is a small file system of our own, and a file is made immutable: only root may do either.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path

import pytest

# The demo's database takes a third of it.
DISK_MEGABYTES = 8
CHUNK = 1 << 16

Trouble = Callable[[Path], AbstractContextManager[None]]


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk that is quickly full, mounted on a new folder. Skips where that is not allowed."""
    folder.mkdir()
    size = f"size={DISK_MEGABYTES}m"
    mounting = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "chat-test", str(folder)], capture_output=True
    )
    if mounting.returncode:
        pytest.skip("only root may mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """Somebody else's file takes all that is left."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (CHUNK, 1):
            with suppress(OSError):
                while file.write(b"x" * size):
                    pass
    assert shutil.disk_usage(folder).free == 0
    try:
        yield
    finally:
        ballast.unlink()


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """The files turn read-only while they are open, as after a fault of the disk."""
    files = [str(folder / "chat.db"), str(folder / "chat.db-wal")]
    if os.geteuid() or subprocess.run(["chattr", "+i", *files], capture_output=True).returncode:
        pytest.skip("only root may make files immutable, and not on every disk")
    try:
        yield
    finally:
        subprocess.run(["chattr", "-i", *files], check=True)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Another program is in the middle of writing."""
    with closing(sqlite3.connect(folder / "chat.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
