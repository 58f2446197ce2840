"""Copies of a SQLite file, made while others write to it. Blocks: call it in a thread."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from chatserver.errors import Rejected


def copy(source: Path, target: Path) -> None:
    """Writes what `source` holds now to a new file that only its owner may read.

    One step for all pages: it reads one snapshot, so writers go on, and it never has to begin anew
    because of them. The write-ahead log grows meanwhile.
    """
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(_open(source, "ro")) as there, closing(sqlite3.connect(target)) as here:
        there.backup(here, pages=-1)
    check(target)


def check(path: Path) -> None:
    """Raises Rejected when the file is damaged."""
    try:
        with closing(_open(path, "rw")) as connection:
            said = connection.execute("PRAGMA integrity_check").fetchall()
            # One file, with nothing beside it that would have to travel too.
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.DatabaseError as error:
        raise Rejected(f"{path.name} is no whole database: {error}") from error
    if said != [("ok",)]:
        raise Rejected(f"{path.name} is damaged: {said[0][0]}")


def seclude(path: Path) -> None:
    """Writes everything into the one file, if nobody else has it open. Raises Rejected."""
    try:
        with closing(_open(path, "rw")) as connection:
            connection.execute("PRAGMA busy_timeout=1000")
            connection.execute("PRAGMA journal_mode=DELETE")  # refused while others have it open
    except sqlite3.OperationalError as error:
        raise Rejected(f"{path} is in use: stop the service first") from error


def _open(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True)
