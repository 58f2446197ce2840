"""What stands in a backup, and how it is called."""

import re
from datetime import UTC, datetime

from msgspec import Struct

from chatserver.storage.table_copy import TableCopy

# Raised when an older release could no longer read what this one writes.
FORMAT = 1

MANIFEST = "manifest.json"
DATABASE = "chat.db"
KEY = "secret.key"
TABLES = "tables"
UPLOADS = "uploads"
# The last member: an archive without it is not whole.
CHECKSUMS = "checksums.json"

_NAME = re.compile(r"chatserver-(\d{8}T\d{6}Z)\.tar\.gz")
_STAMP = "%Y%m%dT%H%M%SZ"


class Manifest(Struct, frozen=True):
    """The first member: what the others are, and from where."""

    format: int
    version: str
    made_at: datetime
    dialect: str
    revision: str
    epoch: str
    position: int
    has_key: bool
    tables: list[TableCopy] = []


def file_name(at: datetime) -> str:
    return f"chatserver-{stamp(at)}.tar.gz"


def made_at(name: str) -> datetime | None:
    """When the backup of this name was made; None for other files."""
    found = _NAME.fullmatch(name)
    return datetime.strptime(found[1], _STAMP).replace(tzinfo=UTC) if found else None


def stamp(at: datetime) -> str:
    return at.strftime(_STAMP)


def may_hold(name: str) -> bool:
    """Whether a member of this name belongs into an archive: nothing else is ever unpacked."""
    folder, _, rest = name.partition("/")
    if folder in (TABLES, UPLOADS):
        return bool(rest) and all(part not in ("", ".", "..") for part in rest.split("/"))
    return name in (MANIFEST, DATABASE, KEY, CHECKSUMS)
