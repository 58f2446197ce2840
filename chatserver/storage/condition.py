"""In what condition the database is, and which failure means what. Pure."""

import sqlite3
from enum import StrEnum
from typing import Literal

from msgspec import Struct

from chatserver.errors import Unavailable

# A lock is often gone in a moment; a full disk is not.
RETRY_SECONDS = 2.0
LOCKED_RETRY_SECONDS = 1.0


class Trouble(StrEnum):
    """Why nothing can be stored right now."""

    FULL = "full"
    READ_ONLY = "read_only"
    LOCKED = "locked"
    FAILING = "failing"  # the disk refuses, and does not say why
    AWAY = "away"  # nobody answers where the database should be


Word = Literal["ok", "low", "full", "read_only", "locked", "failing", "away"]


class Condition(Struct, frozen=True):
    """What one process knows. `free_mb`: what is left of a disk that is nearly full."""

    trouble: Trouble | None = None
    free_mb: int | None = None

    @property
    def word(self) -> Word:
        """`ok`, `low`, or the trouble."""
        if self.trouble is not None:
            return self.trouble.value
        return "ok" if self.free_mb is None else "low"


class NotStored(Unavailable):
    """The database takes nothing right now; what was asked has left no trace."""

    def __init__(self, trouble: Trouble = Trouble.FAILING) -> None:
        retry = LOCKED_RETRY_SECONDS if trouble is Trouble.LOCKED else RETRY_SECONDS
        super().__init__(f"nothing can be stored right now: {trouble}", retry_after=retry)
        self.trouble = trouble


class RowHeld(Unavailable):
    """Another transaction keeps some row for longer than one waits; the database is well."""

    def __init__(self) -> None:
        super().__init__("somebody else is at it right now", retry_after=LOCKED_RETRY_SECONDS)


# By SQLite's primary code.
_SQLITE = {
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_READONLY: Trouble.READ_ONLY,
    sqlite3.SQLITE_BUSY: Trouble.LOCKED,
    sqlite3.SQLITE_LOCKED: Trouble.LOCKED,
    sqlite3.SQLITE_IOERR: Trouble.FAILING,
    sqlite3.SQLITE_CANTOPEN: Trouble.AWAY,
}
# By the beginning of PostgreSQL's state; the longer ones first.
_POSTGRESQL = (
    ("53100", Trouble.FULL),
    ("25006", Trouble.READ_ONLY),
    ("55P03", Trouble.LOCKED),
    ("57P", Trouble.AWAY),
    ("08", Trouble.AWAY),
)


def trouble_of(error: BaseException) -> Trouble | None:
    """What an error of a driver says about the database; None: nothing, or only about itself."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        return _SQLITE.get(code & 0xFF)
    state = getattr(error, "sqlstate", None)
    if state:
        return next((trouble for start, trouble in _POSTGRESQL if state.startswith(start)), None)
    return Trouble.AWAY if isinstance(error, OSError) else None
